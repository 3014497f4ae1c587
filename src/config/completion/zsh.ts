// SPDX-License-Identifier: GPL-2.0-or-later
import type { OptionWords, ProgramWords, Values } from './words.ts';

/** Completion for zsh: a file _lkl-config of a directory in $fpath, or code to be evaluated after compinit. */
export function zsh(programs: readonly ProgramWords[]): string {
  const names = programs.map(({ name }) => name);
  const functions = programs.map((program) => (program.commands.length > 0 ? subcommands(program) : runner(program)));
  const cases = names.map((name) => `\t${name}) ${functionName(name)} "$@" ;;\n`);
  return `#compdef ${names.join(' ')}
${functions.join('\n')}
_lkl() {
	case $service in
${cases.join('')}	esac
}

if [[ $funcstack[1] == _* ]]; then
	_lkl "$@"
else
	compdef _lkl ${names.join(' ')}
fi
`;
}

function functionName(program: string): string {
  return `_${program.replaceAll('-', '_')}`;
}

/** Between single quotes, in a description of _arguments. */
function described(text: string): string {
  return text.replace(/[[\]:\\]/g, '\\$&').replaceAll("'", "'\\''");
}

function action(values: Values): string {
  switch (values.kind) {
    case 'files':
      return 'file:_files';
    case 'programs':
      return 'program:_command_names -e';
    case 'anything':
      return 'value: ';
    case 'words':
      // Nothing is put after an equals sign: the user goes on there.
      return values.words.some((word) => word.endsWith('='))
        ? `word:{ compadd -S "" -- ${values.words.join(' ')} }`
        : `word:(${values.words.join(' ')})`;
  }
}

function specification({ names, description, values }: OptionWords): string {
  const many = values !== undefined ? '*' : names.length > 1 ? `(${names.join(' ')})` : '';
  const forms = names.map((name) => (values === undefined ? name : name.startsWith('--') ? `${name}=` : `${name}+`));
  const form = forms.length > 1 ? `'{${forms.join(',')}}'` : forms.join('');
  const value = values === undefined ? '' : `:${action(values)}`;
  return `'${many}${form}[${described(description)}]${value}'`;
}

function specifications(options: readonly OptionWords[], indent: string): string {
  return options.map((option) => ` \\\n${indent}${specification(option)}`).join('');
}

function subcommands({ name, commands, options }: ProgramWords): string {
  const list = commands.map((command) => `\t\t'${command.names[0]}:${described(command.description)}'\n`);
  const cases = commands.map(
    (command) => `	${command.names.join(' | ')})
		_arguments -s${specifications(command.options, '\t\t\t')} \\
			'*:${action(command.values)}'
		;;
`,
  );
  return `${functionName(name)}() {
	local curcontext=$curcontext state line
	local -a known=(
${list.join('')}	)
	_arguments -C -s${specifications(options, '\t\t')} \\
		'1: :->command' '*:: :->arguments'
	if [[ $state == command ]]; then
		_describe command known
		return
	fi
	case $words[1] in
${cases.join('')}	esac
}
`;
}

/** A program whose arguments, from the first that is no option on, are a command of their own. */
function runner({ name, options }: ProgramWords): string {
  return `${functionName(name)}() {
	_arguments -s -S${specifications(options, '\t\t')} \\
		'(-):program:_command_names -e' '*::arguments:_normal'
}
`;
}
