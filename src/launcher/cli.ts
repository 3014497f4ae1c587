// SPDX-License-Identifier: GPL-2.0-or-later
import { Command, CommanderError, Option } from 'commander';
import { Failure, Status } from './failure.ts';

/** What the user asks for. */
export interface Options {
  /** `--config FILE`, from left to right; false is `--no-config`. */
  readonly config?: readonly string[] | false;
  /** `TYPE[:PARAM]`. */
  readonly net?: string;
  /** `-p HOST:GUEST`. */
  readonly publish?: readonly string[];
  /** `--set KEY=VALUE`. */
  readonly set?: readonly string[];
  readonly onError?: string;
  /** Classes of calls, separated by commas. */
  readonly trace?: string;
  readonly traceFile?: string;
  readonly pcap?: string;
  readonly privateCopy?: true;
  readonly dryRun?: true;
  readonly printEnv?: true;
  readonly json?: true;
  readonly verbose?: true;
  readonly version?: true;
}

export type Request =
  | { readonly kind: 'run'; readonly options: Options; readonly program: readonly string[]; readonly skip: number }
  | { readonly kind: 'print'; readonly text: string };

const DESCRIPTION = 'Runs a program on a Linux network stack of its own, inside its process.';

const EXAMPLES = `
Exit status: 125 when lkl-hijack itself fails, 126 when the program cannot be executed, 127 when it is not found,
else the program's.

Examples:
  lkl-hijack ip addr show                    the network of a kernel that has nothing but lo
  lkl-hijack --net user curl example.org     out to the world, without rights and set-up
  lkl-hijack --net user -p 8080:80 nginx     and in: port 8080 of the host is port 80 of the program
  lkl-hijack -c tap.json ping 192.168.13.1   with the interfaces of a configuration file
  lkl-hijack -c base.json -c mine.json5 --set interfaces.0.mtu=9000 curl http://192.168.13.1/`;

/**
 * The command line. No option takes the next argument if it likes it, and all come before the program, so that
 * \`#!/usr/bin/env -S lkl-hijack -c FILE PROGRAM\` works.
 */
export function makeCommand(): Command {
  return new Command('lkl-hijack')
    .description(DESCRIPTION)
    .usage('[OPTIONS] [--] PROGRAM [ARGUMENTS...]')
    .argument('[program...]')
    .passThroughOptions()
    .addOption(
      new Option(
        '-c, --config <file>',
        'configuration file, JSON or JSON5; of several each goes over those before it ' +
          '(default: ./lkl-hijack.json, .jsonc or .json5, if there is one)',
      ).argParser((value, before: string[] | false | undefined) => collect(given('--config')(value), before)),
    )
    .addOption(new Option('--no-config', 'use no configuration file'))
    .addOption(
      new Option(
        '--net <type:param>',
        'the one interface: user, which needs no rights and no set-up; none; or a type of docs/backends.md with what it is on the host: tap:tap0',
      ),
    )
    .addOption(
      new Option(
        '-p, --publish <ports>',
        'with --net user, lead a port of the host to one of the program: 8080:80, 127.0.0.1:5353:53/udp',
      ).argParser(collect),
    )
    .addOption(
      new Option('--set <key=value>', 'change one value of it: --set interfaces.0.mtu=9000').argParser(collect),
    )
    .addOption(
      new Option('--on-error <what>', 'what a failing step of the network set-up does').choices(['stop', 'continue']),
    )
    .addOption(
      new Option(
        '--trace [classes]',
        'tell of the calls that go to LKL, on standard error: all, or --trace=net,fd,path,ready,process',
      ).argParser(given('--trace')),
    )
    .addOption(new Option('--trace-file <file>', 'tell of them in a file').argParser(given('--trace-file')))
    .addOption(
      new Option('--pcap <file>', "capture the packets of LKL's interfaces, for tcpdump and wireshark").argParser(
        given('--pcap'),
      ),
    )
    .addOption(new Option('--private-copy', 'run a copy of a program that has a set-id bit or file capabilities'))
    .addOption(new Option('--dry-run', 'show the command that would be run'))
    .addOption(new Option('--print-env', 'show the environment variables that hijack a program'))
    .addOption(new Option('--json', 'show them as JSON'))
    .addOption(new Option('-v, --verbose', 'tell what is used, on standard error'))
    .addOption(new Option('--version', 'show the versions of lkl-hijack and of its kernel'))
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', EXAMPLES)
    .helpCommand(false)
    .configureHelp({ visibleArguments: () => [], helpWidth: 100 })
    .exitOverride();
}

/** `--trace` alone does not take the program for its value: that is joined by `=`. */
function completeTrace(argv: readonly string[], options: readonly Option[]): string[] {
  const complete = [...argv];
  for (let n = 0; n < complete.length; n++) {
    const argument = complete[n] ?? '';
    if (!argument.startsWith('-') || argument === '--') {
      break;
    }
    if (argument === '--trace') {
      complete[n] = '--trace=all';
    } else if (options.some((option) => option.required && (option.short === argument || option.long === argument))) {
      n++;
    }
  }
  return complete;
}

/** For an option that an empty value would turn off without a word. */
function given(option: string): (value: string) => string {
  return (value) => {
    if (value === '') {
      throw new Failure(Status.ours, `${option}: its value is empty`, 'give it one, or leave the option out');
    }
    return value;
  };
}

/** An option that may stand several times. */
function collect(value: string, before: string[] | false | undefined): string[] {
  return [...(before || []), value];
}

/** Understands the launcher's arguments. Throws a Failure for what it does not. */
export function parseArguments(argv: readonly string[]): Request {
  const command = makeCommand();
  let output = '';
  let complaint = '';
  command.configureOutput({
    writeOut: (text) => {
      output += text;
    },
    writeErr: (text) => {
      complaint += text;
    },
  });
  try {
    command.parse(completeTrace(argv, command.options), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    if (error.exitCode === 0) {
      return { kind: 'print', text: output };
    }
    throw new Failure(
      Status.ours,
      complaint
        .trim()
        .replace(/^error: /, '')
        .replace(/\n/g, ' '),
      "see 'lkl-hijack --help'; options of the program come after its name",
    );
  }
  const options: Options = command.opts();
  const program = command.args;
  if (program.length === 0 && !options.printEnv && !options.version) {
    throw new Failure(Status.ours, 'no program is given', 'lkl-hijack [OPTIONS] [--] PROGRAM [ARGUMENTS...]');
  }
  return { kind: 'run', options, program, skip: argv.length - program.length };
}
