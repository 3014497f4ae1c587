// SPDX-License-Identifier: GPL-2.0-or-later

/** Exit statuses of a command that starts another one, as env(1) and nohup(1) have them. */
export const Status = {
  ours: 125,
  notExecutable: 126,
  notFound: 127,
} as const;

/** A reason not to start the program. What is wrong and what the user can do about it are told apart. */
export class Failure extends Error {
  readonly status: number;
  readonly remedy: string | undefined;

  constructor(status: number, message: string, remedy?: string) {
    super(message);
    this.status = status;
    this.remedy = remedy;
  }

  /** As it is shown on standard error. */
  override toString(): string {
    const remedy = this.remedy === undefined ? '' : `  remedy: ${this.remedy}\n`;
    return `lkl-hijack: ${this.message}\n${remedy}`;
  }
}
