// SPDX-License-Identifier: GPL-2.0-or-later
import { rules } from './rules/index.ts';
import type { Rule } from './rules/rule.ts';

/** The text of docs/rules.md. */
export function rulesPage(): string {
  return `<!-- Made from src/config/rules by \`npm run generate\`. -->
# What lkl-config lint finds

\`lkl-config lint FILE\` checks a configuration against these rules; \`--fix\` makes the changes that are safe. An *error*
makes it end with status 1, a *warning* does if there are more than \`--max-warnings\`, an *info* never. What is marked
with * the library refuses too, and the launcher before it starts anything.

How grave a rule is can be changed with \`--rule ID=off|info|warn|error\`, or for a project in its package.json:

\`\`\`json
{ "lkl-hijack": { "lint": { "rules": { "no-default-route": "off" }, "maxWarnings": 0 } } }
\`\`\`

and in a JSON5 file by a comment:

\`\`\`json5
{
  // lkl-config-disable-next-line classic-form -- numbers are fine here
  debug: 1,
}
\`\`\`

\`lkl-config-disable-line\` is for its own line, \`lkl-config-disable\` for the whole file.

With \`--live\` it looks also whether this host has the devices that are named.

## For programs and projects

\`--format\` is \`pretty\` on a terminal, \`github\` in a GitHub workflow, else \`unix\`: one line a finding, which editors
understand, and GitHub with [share/problem-matcher.json](../share/problem-matcher.json). \`json\`, \`sarif\` (2.1.0) and \`junit\`
are for programs. This repository is a GitHub Action, for a step after the checkout,

\`\`\`yaml
- uses: OWNER/lkl-hijack@VERSION
  with:
    files: deploy/*.json
    max-warnings: 0
\`\`\`

and has hooks for [pre-commit](https://pre-commit.com): \`lkl-config\` installs the program, \`lkl-config-system\` takes the
one that is installed.

\`\`\`yaml
repos:
  - repo: URL of this repository
    rev: VERSION
    hooks:
      - id: lkl-config
\`\`\`

## Rules

| rule | severity | finds |
|---|---|---|
${rules.map(({ id, severity, fatal, live, summary }) => `| [${id}](#${id}) | ${severity}${fatal ? ' *' : ''}${live ? ' (with --live)' : ''} | ${summary} |\n`).join('')}
${rules.map(section).join('\n')}`;
}

function section({ id, summary, details, bad, good }: Rule): string {
  return `### ${id}

${summary} ${details}

${snippet('Wrong', bad)}
${snippet('Right', good)}`;
}

function snippet(title: string, text: string): string {
  return `${title}:\n\n\`\`\`json5\n${text}\n\`\`\`\n`;
}
