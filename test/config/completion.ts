// SPDX-License-Identifier: GPL-2.0-or-later
//
// Completion, by the shells themselves.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeProgram } from '../../src/config/program.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { temporaryDirectory } from '../support/hijack.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** A directory with a file to be completed, where the shells work. */
const place = path.join(temporaryDirectory(), 'completion');
mkdirSync(place);
writeFileSync(path.join(place, 'mine.json5'), '{}');

function run(program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: place,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: place, TERM: 'dumb', ...env },
  });
  assert.equal(error, undefined);
  assert.equal(status, 0, stderr);
  assert.equal(stderr, '');
  return stdout;
}

/** The code for a shell, in a file. */
function script(shell: Shell): string {
  const file = path.join(place, `completion.${shell}`);
  writeFileSync(file, run(path.join(ROOT, 'bin', 'lkl-config'), ['completion', shell]));
  return file;
}

const scripts = Object.fromEntries(SHELLS.map((shell) => [shell, script(shell)]));

/** What bash does when the tab key is hit: the words are set, and the function called. */
const BASH = `
. "$1"
line=$2
COMP_LINE=$line COMP_POINT=\${#line}
words=\${line//=/ = }
read -ra COMP_WORDS <<<"$words"
[[ $line != *[\\ =] ]] || COMP_WORDS+=("")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
name=\${COMP_WORDS[0]}
_\${name//-/_} "$name" "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\\n' "\${COMPREPLY[@]}"`;

/** Zsh completes in a terminal only: it has one of its own for that. Matches are noted on their way into the line. */
const ZSH = `
zmodload zsh/zpty
zpty shell zsh -f -i
send() { zpty -w shell "$1" }
await() {
	local line all=
	while [[ $all != *$1* ]] && zpty -r shell line; do
		all+=$line
	done
}
send 'PS1=; stty -echo; autoload -Uz compinit; compinit -u -D'
send "source $1"
send 'compadd() {
	local -a all
	builtin compadd -O all "$@"
	(( $#all == 0 )) || print -rl -- $all >>matches
	builtin compadd "$@"
}'
# The words of these marks are not what is sent, which the terminal shows.
send 'complete() { zle -I; print completed-"now" }; zle -N complete; bindkey "^X" complete'
send 'print ready-"now"'
await ready-now
zpty -n -w shell "$2"$'\\t\\x18'
await completed-now
zpty -d shell
cat matches`;

function complete(shell: Shell, line: string): string[] {
  const file = scripts[shell] ?? '';
  switch (shell) {
    case 'bash':
      return run('bash', ['-c', BASH, 'bash', file, line]).trim().split('\n');
    case 'fish':
      return run('fish', ['-c', `source ${file}; complete -C $argv[1]`, line])
        .trim()
        .split('\n')
        .map((match) => match.replace(/\t.*/, ''));
    case 'zsh':
      rmSync(path.join(place, 'matches'), { force: true });
      return run('zsh', ['-f', '-c', ZSH, 'zsh', file, line]).trim().split('\n');
  }
}

define('completion', (test) => {
  for (const shell of SHELLS) {
    const has = (line: string, ...expected: string[]) => {
      const found = complete(shell, line);
      assert.deepEqual(
        expected.filter((word) => !found.includes(word)),
        [],
        `${line}: ${found.join(' ')}`,
      );
      return found;
    };
    test(`${shell} knows commands`, () => {
      has('lkl-config ', ...makeProgram(() => {}).commands.map((command) => command.name()));
      assert.deepEqual(has('lkl-config sch', 'schema'), ['schema']);
    });
    test(`${shell} knows options and their values`, () => {
      has('lkl-config lint --', '--format', '--fix', '--help');
      has('lkl-config lint --format ', 'pretty', 'sarif');
      has('lkl-config lint --format=sa', shell === 'fish' ? '--format=sarif' : 'sarif');
      has('lkl-config completion ', ...SHELLS);
    });
    test(`${shell} knows keys, variables and rules`, () => {
      has('lkl-config explain offl', 'offload');
      has('lkl-config explain LKL_HIJACK_NET_M', 'LKL_HIJACK_NET_MTU', 'LKL_HIJACK_NET_MAC');
      has('lkl-config explain dup', 'duplicate-key');
      has('lkl-hijack --set interfaces.0.mt', 'interfaces.0.mtu=');
    });
    test(`${shell} knows files`, () => {
      has('lkl-config lint mi', 'mine.json5');
      has('lkl-hijack -c mi', 'mine.json5');
    });
    test(`${shell} knows programs`, () => {
      has('lkl-hijack sle', 'sleep');
      has('lkl-hijack -c mine.json5 sle', 'sleep');
      has('lkl-hijack --set debug=0 -- sle', 'sleep');
      has('lkl-config doctor sle', 'sleep');
      has('lkl-hijack --dry', '--dry-run');
    });
    test(`${shell} leaves the rest to the program`, () => {
      has('lkl-hijack cat mi', 'mine.json5');
    });
  }
});
