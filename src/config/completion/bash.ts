// SPDX-License-Identifier: GPL-2.0-or-later
import type { CommandWords, OptionWords, ProgramWords, Values } from './words.ts';

/** Completion for bash, with or without the package bash-completion. */
export function bash(programs: readonly ProgramWords[]): string {
  return [
    HELPERS,
    ...programs.map((program) => (program.commands.length > 0 ? subcommands(program) : runner(program))),
  ].join('\n');
}

const HELPERS = `# Makes the possible words of what begins like the current one.
_lkl_words() {
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
	[[ \${COMPREPLY[0]-} != *= ]] || compopt -o nospace 2>/dev/null
}

_lkl_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

_lkl_programs() {
	mapfile -t COMPREPLY < <(compgen -c -- "$cur")
}

# Sets cur and prev. Bash takes = for a word of its own.
_lkl_start() {
	COMPREPLY=()
	cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $cur == = ]]; then
		cur=
	elif [[ $prev == = ]]; then
		prev=\${COMP_WORDS[COMP_CWORD - 2]}
	fi
}
`;

function functionName(program: ProgramWords): string {
  return `_${program.name.replaceAll('-', '_')}`;
}

function reply(values: Values): string {
  switch (values.kind) {
    case 'files':
      return '_lkl_files';
    case 'programs':
      return '_lkl_programs';
    case 'anything':
      return ':';
    case 'words':
      return `_lkl_words '${values.words.join(' ')}'`;
  }
}

/** The values of options, by what stands before. */
function valueCases(options: readonly OptionWords[], indent: string): string {
  return options
    .flatMap(({ names, values }) =>
      values === undefined
        ? []
        : [`${indent}${names.join(' | ')})\n${indent}\t${reply(values)}\n${indent}\treturn\n${indent}\t;;\n`],
    )
    .join('');
}

function optionNames(options: readonly OptionWords[]): string {
  return options.flatMap(({ names }) => names).join(' ');
}

function subcommands(program: ProgramWords): string {
  const names = program.commands.flatMap((command) => command.names);
  const cases = program.commands.map(
    ({ names: own, options, values }: CommandWords) => `	${own.join(' | ')})
		case $prev in
${valueCases(options, '\t\t')}		esac
		if [[ $cur == -* ]]; then
			_lkl_words '${optionNames(options)}'
		else
			${reply(values)}
		fi
		;;
`,
  );
  return `${functionName(program)}() {
	local cur prev word command=
	_lkl_start
	for word in "\${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
		case $word in
		${names.join(' | ')})
			command=$word
			break
			;;
		esac
	done
	case $command in
${cases.join('')}	*)
		if [[ $cur == -* ]]; then
			_lkl_words '${optionNames(program.options)}'
		else
			_lkl_words '${names.join(' ')}'
		fi
		;;
	esac
}
complete -F ${functionName(program)} ${program.name}
`;
}

/** A program whose arguments, from the first that is no option on, are a command of their own. */
function runner(program: ProgramWords): string {
  const taking = program.options.filter(({ values }) => values !== undefined).flatMap(({ names }) => names);
  return `${functionName(program)}() {
	local cur prev i=1
	_lkl_start
	while ((i < COMP_CWORD)); do
		case \${COMP_WORDS[i]} in
		--)
			i=$((i + 1))
			break
			;;
		${taking.join(' | ')})
			[[ \${COMP_WORDS[i + 1]} != = ]] || i=$((i + 1))
			i=$((i + 2))
			# A value with = or : in it is several words.
			while [[ \${COMP_WORDS[i]} == [=:]* ]]; do
				i=$((i + 2))
			done
			;;
		-*) i=$((i + 1)) ;;
		*) break ;;
		esac
	done
	if ((i < COMP_CWORD)); then
		if declare -F _command_offset >/dev/null; then
			_command_offset "$i"
		else
			_lkl_files
		fi
		return
	fi
	case $prev in
${valueCases(program.options, '\t')}	esac
	if ((i == COMP_CWORD)) && [[ $cur != -* || \${COMP_WORDS[i - 1]} == -- ]]; then
		_lkl_programs
	elif [[ $cur == -* ]]; then
		_lkl_words '${optionNames(program.options)}'
	fi
}
complete -F ${functionName(program)} ${program.name}
`;
}
