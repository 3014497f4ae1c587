// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { Failure, Status } from './failure.ts';
import type { ConfigurationFile } from './lookup.ts';

/** Variables of the same family that are no keys of a configuration. */
const OTHER_VARIABLES = ['LKL_HIJACK_CONFIG_FILE', 'LKL_HIJACK_LIBRARY', 'LKL_HIJACK_ON_ERROR'];

/** All that is wrong with a configuration, one line each. */
class WrongConfiguration extends Failure {
  readonly #lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(Status.ours, 'the configuration is wrong');
    this.#lines = lines;
  }

  override toString(): string {
    return this.#lines.map((line) => `lkl-hijack: ${line}\n`).join('');
  }
}

/** Checks the file and the variables in force beside it. The model is loaded only if there is something to check. */
export async function checkConfiguration(
  configuration: ConfigurationFile | undefined,
  variables: ReadonlyMap<string, string>,
  tell: (message: string) => void,
): Promise<void> {
  const old = [...variables.keys()].some((name) => name.startsWith('LKL_HIJACK_') && !OTHER_VARIABLES.includes(name));
  if (configuration === undefined && !old) {
    return;
  }
  const { checkVariables, findingLine, readSound } = await import('../config/index.ts');
  const errors: string[] = [];
  let document: unknown;
  if (configuration !== undefined) {
    const text = readConfiguration(configuration);
    document = readSound(text);
    if (document === undefined) {
      const { checkText } = await import('../config/check.ts');
      const checked = checkText(text);
      errors.push(...checked.findings.map((finding) => findingLine(configuration.name, finding)));
      document = checked.document;
    }
  }
  for (const finding of checkVariables(variables, document)) {
    const line = findingLine('environment', finding);
    if (finding.severity === 'error') {
      errors.push(line);
    } else {
      tell(line);
    }
  }
  if (errors.length > 0) {
    throw new WrongConfiguration(errors);
  }
}

function readConfiguration({ name, file }: ConfigurationFile): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure(
      Status.ours,
      `${name}: the configuration cannot be read: ${reason}`,
      "correct the file's permissions, or name another one with --config",
    );
  }
}
