// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { type Options, parseArguments, type Request } from './cli.ts';
import { configure } from './configuration.ts';
import { type Environment, preloadList } from './environment.ts';
import { Failure, Status } from './failure.ts';
import { CONFIGURATION_VARIABLE, findConfigurations, findLibrary, kernelVersion, NAME_VARIABLE } from './lookup.ts';
import type { Plan, PrintPlan, RunPlan } from './plan.ts';
import { checkLibrary, findRefusal, type Library, thisProcess } from './preload.ts';
import { findProgram, type Program } from './program.ts';
import { quote, quoteIfNeeded } from './shell.ts';

/** What the planner works on. */
export interface Launch {
  readonly argv: readonly string[];
  readonly environment: Environment;
  /** The directory that bin/ and dist/ are in. */
  readonly root: string;
  /** Shows a message that does not stop anything. */
  readonly tell: (message: string) => void;
}

/** Decides what is to be run. Throws a Failure for every reason not to run it. */
export async function launch(given: Launch): Promise<Plan> {
  const request = parseArguments(given.argv);
  if (request.kind === 'print') {
    return request;
  }
  const { options } = request;
  const file = findLibrary(given.environment.variables, given.root);
  if (options.version) {
    return print(`lkl-hijack ${ownVersion(given.root)} (Linux ${kernelVersion(file) ?? 'of unknown version'})\n`);
  }
  const library = checkLibrary(file);
  const variables = await planVariables(given, options, library);
  if (options.printEnv) {
    return print(options.json ? `${JSON.stringify(Object.fromEntries(variables))}\n` : exports(variables));
  }
  return planRun(given, request, library, variables);
}

function print(text: string): PrintPlan {
  return { kind: 'print', text };
}

/** Environment variables to change: those that make the library come along and find its configuration. */
async function planVariables(
  { environment, root, tell }: Launch,
  options: Options,
  library: Library,
): Promise<Map<string, string>> {
  const variables = new Map([['LD_PRELOAD', preloadList(library.file, environment.variables.get('LD_PRELOAD'))]]);
  const files = options.config === false ? [] : findConfigurations(options.config, environment.variables);
  const assignments = options.set ?? [];
  const configured = await configure({
    files,
    net: options.net,
    publish: options.publish ?? [],
    assignments,
    variables: environment.variables,
    tell,
  });
  if (configured !== undefined) {
    variables.set(CONFIGURATION_VARIABLE, configured.configuration);
  } else if (options.config === false) {
    variables.set(CONFIGURATION_VARIABLE, path.join(root, 'share', 'nothing.json'));
  }
  for (const [variable, value] of [
    [NAME_VARIABLE, configured?.name],
    ['LKL_HIJACK_ON_ERROR', options.onError],
    ['LKL_HIJACK_TRACE', options.trace ?? (options.traceFile === undefined ? undefined : 'all')],
    ['LKL_HIJACK_TRACE_FILE', options.traceFile && path.resolve(options.traceFile)],
    ['LKL_HIJACK_PCAP', options.pcap && path.resolve(options.pcap)],
  ] as const) {
    if (value !== undefined) {
      variables.set(variable, value);
    }
  }
  return variables;
}

async function planRun(
  { environment, tell }: Launch,
  { options, program: [name = '', ...rest], skip }: Extract<Request, { kind: 'run' }>,
  library: Library,
  variables: ReadonlyMap<string, string>,
): Promise<Plan> {
  const program = findProgram(name, environment.variables.get('PATH'));
  const replacement = await checkProgram(program, library, options, environment);
  if (program.elf.go) {
    tell(
      `warning: ${program.elfFile} is a Go program: system calls that it makes without libc reach the host's network`,
    );
  }
  if (options.verbose) {
    tell(`library ${library.file}, Linux ${kernelVersion(library.file) ?? 'of unknown version'}`);
    tell(`configuration ${variables.get(CONFIGURATION_VARIABLE) ?? 'none'}`);
    tell(`program ${[...program.scripts, program.elfFile].join(' by ')}`);
  }
  if (options.dryRun) {
    const assignments = [...variables].map(([variable, value]) => `${variable}=${quoteIfNeeded(value)}`);
    // By env, lest a shell takes a program such as printf for its own command.
    return print(`${['env', ...assignments, ...[replacement ?? name, ...rest].map(quoteIfNeeded)].join(' ')}\n`);
  }
  emptyFiles(options.traceFile, options.pcap);
  const restore = name.includes('=') ? [] : environment.strange;
  const plan: RunPlan = { kind: 'run', skip, variables, restore };
  return replacement === undefined ? plan : { ...plan, program: replacement };
}

/** What an earlier run has left is not to be appended to: programs that this one starts do that. */
function emptyFiles(...files: readonly (string | undefined)[]): void {
  for (const file of files) {
    if (file !== undefined && statSync(file, { throwIfNoEntry: false })?.isFile()) {
      truncateSync(file);
    }
  }
}

/** Refuses a program that would run without the library. Gives the file to run instead, if that is a copy. */
async function checkProgram(
  program: Program,
  library: Library,
  options: Options,
  environment: Environment,
): Promise<string | undefined> {
  const refusal = findRefusal(program, library, thisProcess());
  if (refusal === undefined) {
    return undefined;
  }
  if (refusal.copyHelps && options.privateCopy && program.scripts.length === 0) {
    const { copiesDirectory, privateCopy } = await import('./copy.ts');
    return privateCopy(program.elfFile, copiesDirectory(environment.variables));
  }
  const via = program.scripts.length > 0 ? `${program.scripts.join(' by ')}, run by ` : '';
  throw new Failure(
    Status.ours,
    `${via}${program.elfFile}: it would use the host's network: ${refusal.reason}`,
    program.scripts.length > 0 && refusal.copyHelps
      ? `name the interpreter yourself: lkl-hijack --private-copy ${program.elfFile} ${program.file}`
      : refusal.remedy,
  );
}

function exports(variables: ReadonlyMap<string, string>): string {
  return [...variables].map(([name, value]) => `export ${name}=${quote(value)}\n`).join('');
}

function ownVersion(root: string): string {
  const description: { version: string } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return description.version;
}
