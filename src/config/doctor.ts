// SPDX-License-Identifier: GPL-2.0-or-later
//
// Looks at this host for what lkl-hijack needs.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../launcher/failure.ts';
import { findConfigurations, findLibrary, kernelVersion } from '../launcher/lookup.ts';
import { readConfiguration } from '../launcher/normalise.ts';
import { checkLibrary, findRefusal, type Library, thisProcess } from '../launcher/preload.ts';
import { findProgram } from '../launcher/program.ts';
import { combineAndCheck } from './combine.ts';
import { findingLine } from './report/line.ts';

/** What was looked at, and how it is. */
export interface Diagnosis {
  readonly subject: string;
  /** `missing` is what only some configurations need. */
  readonly state: 'good' | 'missing' | 'bad';
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** What is asked of the host, replaceable in tests. */
export interface Host {
  readonly variables: ReadonlyMap<string, string>;
  /** The directory that bin/ and dist/ are in. */
  readonly root: string;
  /** Where the host's files are. */
  readonly files: string;
  /** Names of programs that are to be preloadable. */
  readonly programs: readonly string[];
}

const OLDEST_NODE = [20, 19] as const;
/** capability.h of Linux. */
const CAP_NET_ADMIN = 12n;
const CAP_NET_RAW = 13n;

/** Looks at everything. */
export function examine(host: Host): Diagnosis[] {
  const library = findIt(host);
  return [
    node(process.versions.node),
    ...('state' in library ? [library] : [libraryFile(library), boot(library, host)]),
    tun(host),
    rights(host),
    taps(host),
    slirp(host),
    passt(host),
    configuration(host),
    ...('state' in library ? [] : host.programs.map((name) => program(name, library, host))),
  ];
}

function node(version: string): Diagnosis {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const good = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const subject = 'Node.js';
  return good
    ? { subject, state: 'good', message: version }
    : { subject, state: 'bad', message: `${version} is too old`, remedy: `install ${OLDEST_NODE.join('.')} or later` };
}

function failed(subject: string, error: unknown): Diagnosis {
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof Failure ? error.remedy : undefined;
  return { subject, state: 'bad', message, ...(remedy === undefined ? {} : { remedy }) };
}

function findIt({ variables, root }: Host): Library | Diagnosis {
  try {
    return checkLibrary(findLibrary(variables, root));
  } catch (error) {
    return failed('library', error);
  }
}

function libraryFile({ file }: Library): Diagnosis {
  return {
    subject: 'library',
    state: 'good',
    message: `${file}, Linux ${kernelVersion(file) ?? 'of unknown version'}`,
  };
}

/** Whether a kernel really starts in a program of this host. */
function boot({ file }: Library, { root }: Host): Diagnosis {
  const env = { LD_PRELOAD: file, LKL_HIJACK_CONFIG_FILE: path.join(root, 'share', 'nothing.json') };
  const subject = 'kernel';
  const { status, signal, stdout, stderr } = spawnSync('/bin/cat', ['/proc/self/maps'], {
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status === 0 && stdout.includes(`${realpathSync(file)}\n`)) {
    return { subject, state: 'good', message: 'starts in a program' };
  }
  const reason = status === 0 ? 'the library is not loaded' : (signal ?? `status ${status}`);
  return {
    subject,
    state: 'bad',
    message: `does not start in /bin/cat (${reason}): ${stderr.trim()}`,
    remedy: "see what LKL_HIJACK_DEBUG=1 shows; run 'npm run build'",
  };
}

function tun({ files }: Host): Diagnosis {
  const device = '/dev/net/tun';
  const subject = device;
  const remedy = 'only interfaces of type tap need it: modprobe tun, or give the container the device';
  try {
    if (!statSync(path.join(files, device)).isCharacterDevice()) {
      return { subject, state: 'missing', message: 'it is no device', remedy };
    }
    accessSync(path.join(files, device), constants.R_OK | constants.W_OK);
    return { subject, state: 'good', message: 'can be opened' };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { subject, state: 'missing', message, remedy };
  }
}

function rights({ files }: Host): Diagnosis {
  const subject = 'rights';
  const status = readFileSync(path.join(files, '/proc/self/status'), 'latin1');
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
  const lacking = [
    ...(effective & (1n << CAP_NET_ADMIN) ? [] : ["CAP_NET_ADMIN, to use a tap that is not this user's"]),
    ...(effective & (1n << CAP_NET_RAW) ? [] : ['CAP_NET_RAW, for interfaces of type raw']),
  ];
  return lacking.length === 0
    ? { subject, state: 'good', message: 'CAP_NET_ADMIN and CAP_NET_RAW' }
    : {
        subject,
        state: 'missing',
        message: `without ${lacking.join('; ')}`,
        remedy:
          'let root make a tap for this user: ip tuntap add dev tap0 mode tap vnet_hdr user $USER; or use type passt',
      };
}

/** The tap devices of the host, and whose they are. */
function taps({ files }: Host): Diagnosis {
  const subject = 'tap devices';
  const directory = path.join(files, '/sys/class/net');
  const found = readdirSync(directory).flatMap((name) => {
    try {
      const owner = readFileSync(path.join(directory, name, 'owner'), 'utf8').trim();
      const flags = Number(readFileSync(path.join(directory, name, 'tun_flags'), 'utf8'));
      // IFF_TAP of linux/if_tun.h.
      return flags & 2 ? [owner === '-1' ? name : `${name} of user ${owner}`] : [];
    } catch {
      return [];
    }
  });
  return found.length > 0
    ? { subject, state: 'good', message: found.join(', ') }
    : {
        subject,
        state: 'missing',
        message: 'none',
        remedy: 'ip tuntap add dev tap0 mode tap vnet_hdr && ip link set tap0 up',
      };
}

/** Where the dynamic linker finds libraries of Debian. */
const LIBRARY_DIRECTORIES = [
  '/usr/lib/x86_64-linux-gnu',
  '/lib/x86_64-linux-gnu',
  '/usr/local/lib',
  '/usr/lib',
  '/lib64',
];

function slirp({ files, variables }: Host): Diagnosis {
  const subject = 'libslirp';
  const directories = [
    ...(variables.get('LD_LIBRARY_PATH') ?? '').split(':').filter(Boolean),
    ...LIBRARY_DIRECTORIES.map((directory) => path.join(files, directory)),
  ];
  const found = directories
    .map((directory) => path.join(directory, 'libslirp.so.0'))
    .find((file) => statSync(file, { throwIfNoEntry: false }));
  return found === undefined
    ? {
        subject,
        state: 'missing',
        message: 'not installed',
        remedy: '--net user, and interfaces of type user or slirp, need it: apt-get install libslirp0',
      }
    : { subject, state: 'good', message: found };
}

function passt({ variables }: Host): Diagnosis {
  const subject = 'passt';
  try {
    return { subject, state: 'good', message: findProgram('passt', variables.get('PATH')).file };
  } catch {
    return {
      subject,
      state: 'missing',
      message: 'not in PATH',
      remedy: 'only interfaces of type passt need it: apt-get install passt',
    };
  }
}

/** The one that lkl-hijack would use here. */
function configuration({ variables }: Host): Diagnosis {
  const subject = 'configuration';
  try {
    const files = findConfigurations(undefined, variables);
    const texts = files.map(readConfiguration);
    const { found, document } = combineAndCheck({ variables, texts, assignments: [] });
    const errors = found.filter(({ finding }) => finding.severity === 'error');
    const [first] = errors;
    if (first !== undefined) {
      const remedy = `lkl-config show tells ${errors.length === 1 ? 'it' : `all ${errors.length}`} again`;
      return { subject, state: 'bad', message: findingLine(first.name, first.finding), remedy };
    }
    const list = Array.isArray(document.interfaces) ? document.interfaces.length : 0;
    const name = files[0]?.name ?? (Object.keys(document).length > 0 ? 'environment' : 'none');
    return { subject, state: 'good', message: `${name}, ${list} ${list === 1 ? 'interface' : 'interfaces'} beside lo` };
  } catch (error) {
    return failed(subject, error);
  }
}

function program(name: string, library: Library, { variables }: Host): Diagnosis {
  try {
    const found = findProgram(name, variables.get('PATH'));
    const refusal = findRefusal(found, library, thisProcess());
    const by = [...found.scripts, found.elfFile].join(' by ');
    if (refusal !== undefined) {
      return { subject: name, state: 'bad', message: `${by}: ${refusal.reason}`, remedy: refusal.remedy };
    }
    return found.elf.go
      ? {
          subject: name,
          state: 'bad',
          message: `${by} is a Go program: system calls that it makes without libc reach the host's network`,
          remedy: 'run it in a network namespace (ip netns exec)',
        }
      : { subject: name, state: 'good', message: `${by} can be hijacked` };
  } catch (error) {
    return failed(name, error);
  }
}
