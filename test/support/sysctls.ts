// SPDX-License-Identifier: GPL-2.0-or-later
import { sysctlText } from '../../src/config/rules/sysctl-table.ts';

/** Prints the name and content of every file below /proc/sys/net, as JSON. */
export const LIST_SYSCTLS = `
import json, os
found = {}
for top, _, files in os.walk('/proc/sys/net'):
    for name in files:
        path = os.path.join(top, name)
        try:
            found[path[len('/proc/sys/'):]] = open(path).read().strip()
        except OSError:
            found[path[len('/proc/sys/'):]] = ''
print(json.dumps(found))
`;

/** The text of the table in src/config/rules/sysctl-table.ts for a kernel with these. */
export function tableText(found: Readonly<Record<string, string>>): string {
  const groups = new Map<string, Set<string>>();
  for (const [file, content] of Object.entries(found)) {
    const steps = file.replace(/\/(conf|neigh)\/[^/]+\//, '/$1/*/').split('/');
    const name = steps.pop() ?? '';
    const numbers = /^-?\d+(\s+-?\d+)*$/.test(content) ? content.split(/\s+/).length : 0;
    const group = `${steps.join('/')} ${numbers}`;
    groups.set(group, (groups.get(group) ?? new Set()).add(name));
  }
  return [...groups]
    .map(([group, names]) => `${group} ${[...names].sort().join(' ')}\n`)
    .sort()
    .join('');
}

/** The source of that file with another table. */
export function withTable(source: string, table: string): string {
  return source.replace(`\`\n${sysctlText}\``, `\`\n${table}\``);
}
