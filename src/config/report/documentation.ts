// SPDX-License-Identifier: GPL-2.0-or-later

/** Where a rule is described, below the top of the repository and of the npm package. */
export function documentation(rule: string): string {
  return `docs/rules.md#${rule}`;
}
