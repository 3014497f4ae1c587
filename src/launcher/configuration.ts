// SPDX-License-Identifier: GPL-2.0-or-later
import { otherVariables } from '../config/variables.ts';
import { Failure, Status } from './failure.ts';
import { type ConfigurationFile, configurationText } from './lookup.ts';

/** What the user said about the configuration. */
export interface Given {
  readonly files: readonly ConfigurationFile[];
  /** `--net`. */
  readonly net?: string | undefined;
  /** `-p`. */
  readonly publish: readonly string[];
  /** `--set KEY=VALUE`. */
  readonly assignments: readonly string[];
  readonly variables: ReadonlyMap<string, string>;
  readonly tell: (message: string) => void;
}

/** What the library is told. */
export interface Configured {
  /** What LKL_HIJACK_CONFIG_FILE shall be: a file that the library can read as it stands, or a text put together. */
  readonly configuration: string;
  /** What the user calls the text. */
  readonly name?: string;
}

/** All that is wrong with a configuration, one line each. */
export class WrongConfiguration extends Failure {
  readonly #lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(Status.ours, 'the configuration is wrong');
    this.#lines = lines;
  }

  override toString(): string {
    return this.#lines.map((line) => `lkl-hijack: ${line}\n`).join('');
  }
}

/**
 * Checks the configuration, and gives it as the library takes it; undefined for none. The model is loaded only if there
 * is something to check.
 */
export async function configure(given: Given): Promise<Configured | undefined> {
  const { files, assignments, variables, tell } = given;
  const additions = assignments.length > 0 || given.net !== undefined || given.publish.length > 0;
  const old = [...variables.keys()].some(
    (name) => name.startsWith('LKL_HIJACK_') && !Object.hasOwn(otherVariables, name),
  );
  const [first] = files;
  if (first === undefined && !additions && !old) {
    return undefined;
  }
  const { checkVariables, findingLine, readSound } = await import('../config/index.ts');
  const direct = files.length === 1 && !additions ? first?.file : undefined;
  let document: unknown;
  if (first !== undefined && direct !== undefined) {
    const text = configurationText(first);
    document = text.includes('${') ? undefined : readSound(text);
  }
  if (document === undefined && (first !== undefined || additions)) {
    const { normalise } = await import('./normalise.ts');
    return normalise(given);
  }
  const errors: string[] = [];
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
  return direct === undefined ? undefined : { configuration: direct };
}
