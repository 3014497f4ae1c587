// SPDX-License-Identifier: GPL-2.0-only
//
// The reference of a C header, from its kernel-doc comments: a page in Markdown.

/** One documented function or type. */
interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly (readonly [string, string])[];
  /** Paragraphs, without those that begin with a word of their own. */
  readonly text: readonly string[];
  readonly result: string | undefined;
  readonly declaration: string;
}

interface Section {
  readonly title: string;
  readonly text: readonly string[];
  readonly entries: Entry[];
}

/** The text of a comment, without the stars. */
function commentLines(comment: string): string[] {
  return comment
    .replace(/^\/\*+/, '')
    .replace(/\*\/$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
}

/** Lines between empty ones, joined. */
function paragraphs(lines: readonly string[]): string[] {
  return lines
    .join('\n')
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' ').trim())
    .filter(Boolean);
}

/** Parameters and functions stand out. */
function marked(text: string): string {
  return text
    .replaceAll('|', '\\|')
    .replace(/@(\w+(?:->\w+)*)/g, '`$1`')
    .replace(/(?<![\w`])(lkl_\w+\(\)|LKL_\w+\*?|-E[A-Z0-9]+)/g, '`$1`');
}

function parseEntry(comment: string, declaration: string): Entry | undefined {
  const lines = commentLines(comment);
  const head = /^\s*(?:struct )?(\w+)(?:\(\))? - (.*)$/.exec(lines.find(Boolean) ?? '');
  if (head === null) {
    return undefined;
  }
  const parameters: [string, string][] = [];
  const rest: string[] = [];
  for (const line of lines.slice(lines.findIndex(Boolean) + 1)) {
    const parameter = /^@(\w+): (.*)$/.exec(line);
    const last = parameters.at(-1);
    if (parameter !== null) {
      parameters.push([parameter[1] ?? '', parameter[2] ?? '']);
    } else if (last !== undefined && rest.length === 0 && line !== '') {
      last[1] += ` ${line.trim()}`;
    } else {
      rest.push(line);
    }
  }
  const text = paragraphs(rest);
  const result = text.find((paragraph) => paragraph.startsWith('Return: '));
  return {
    name: head[1] ?? '',
    summary: head[2] ?? '',
    parameters,
    text: text.filter((paragraph) => paragraph !== result),
    result: result?.slice('Return: '.length),
    declaration,
  };
}

/** What follows a comment up to its end: a function's declaration, or a whole type. */
function declarationAfter(source: string): string {
  const type = /^\s*((?:struct|enum|union) \w+ \{[\s\S]*?\n\};)/.exec(source);
  const macro = /^\s*(#define .*)/.exec(source);
  return (macro?.[1] ?? type?.[1] ?? /^\s*([\s\S]*?;)/.exec(source)?.[1] ?? '').replace(/^LKL_API /, '');
}

const SEPARATOR = /^\/\* -{20,} \*\/\n\/\* (.*?)\s*\*\/\n(?:\/\*\n([\s\S]*?)\*\/)?/;

/** Takes a header apart. Only comments that begin with two stars are documentation. */
export function parseHeader(source: string): Section[] {
  const sections: Section[] = [];
  for (const match of source.matchAll(/^\/\*[\s\S]*?\*\//gm)) {
    const [comment] = match;
    const after = source.slice(match.index + comment.length);
    const separator = SEPARATOR.exec(source.slice(match.index));
    if (separator !== null) {
      const text = separator[2] === undefined ? [] : paragraphs(commentLines(separator[2]));
      sections.push({ title: separator[1] ?? '', text, entries: [] });
    } else if (comment.startsWith('/**')) {
      const entry = parseEntry(comment, declarationAfter(after));
      if (entry !== undefined) {
        sections.at(-1)?.entries.push(entry);
      }
    }
  }
  return sections;
}

function entryText({ name, summary, parameters, text, result, declaration }: Entry): string[] {
  const type = /^struct \w+ \{/.test(declaration);
  const call = type ? `struct ${name}` : declaration.startsWith('#define') ? name : `${name}()`;
  return [
    `### ${call}`,
    '',
    marked(summary),
    '',
    '```c',
    declaration,
    '```',
    '',
    ...(parameters.length === 0 ? [] : [...parameters.map(([key, what]) => `- \`${key}\`: ${marked(what)}`), '']),
    ...text.flatMap((paragraph) => [marked(paragraph), '']),
    ...(result === undefined ? [] : [`Returns ${marked(result)}`, '']),
  ];
}

/** docs/api.md, from the text of lkl.h. */
export function referencePage(header: string): string {
  const [, introduction = ''] = /^\/\*\n([\s\S]*?)\*\//m.exec(header.replace(/^\/\*.*\*\/\n/, '')) ?? [];
  return [
    '<!-- Made from linux/lib/include/lkl.h by `npm run generate`. -->',
    '# The kernel as a library',
    '',
    ...paragraphs(commentLines(introduction)).flatMap((paragraph) => [marked(paragraph), '']),
    'Besides these there is `lkl_sys_NAME()` for every system call, and what the headers of the kernel define for programs, with',
    'prefixed names. [examples/library](../examples/library/README.md) has two whole programs.',
    '',
    ...parseHeader(header).flatMap(({ title, text, entries }) => [
      `## ${title}`,
      '',
      ...text.flatMap((paragraph) => [marked(paragraph), '']),
      ...entries.flatMap(entryText),
    ]),
  ]
    .join('\n')
    .replace(/\n+$/, '\n');
}
