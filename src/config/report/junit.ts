// SPDX-License-Identifier: GPL-2.0-or-later
import { type Finding, pathText } from '../finding.ts';
import { type Reporter, sentence } from './reporter.ts';

/** JUnit's XML: a file is a suite, an error or warning a test that failed, and a sound file one that passed. */
export const junit: Reporter = (reports) => {
  const suites = reports.map(({ file, findings }) => {
    const failed = findings.filter(({ severity }) => severity !== 'info');
    const cases = failed.map((finding) => failure(file, finding));
    const all = cases.length > 0 ? cases : [`    <testcase classname="${escapeXml(file)}" name="lkl-config"/>\n`];
    const counts = `tests="${all.length}" failures="${cases.length}" errors="0"`;
    return `  <testsuite name="${escapeXml(file)}" ${counts}>\n${all.join('')}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lkl-config">\n${suites.join('')}</testsuites>\n`;
};

function failure(file: string, finding: Finding): string {
  const { rule, severity, range, path } = finding;
  const { line, column } = range?.start ?? { line: 1, column: 1 };
  const name = [rule, pathText(path)].filter((part) => part !== '').join(' ');
  const message = sentence(pathText(path), finding);
  return (
    `    <testcase classname="${escapeXml(file)}" name="${escapeXml(name)}">\n` +
    `      <failure type="${severity}" message="${escapeXml(message)}">${escapeXml(`${file}:${line}:${column}`)}</failure>\n` +
    `    </testcase>\n`
  );
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** What XML 1.0 cannot hold at all becomes a replacement character. */
function escapeXml(text: string): string {
  return text
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[\t\n\r]/g, (blank) => `&#${blank.charCodeAt(0)};`);
}
