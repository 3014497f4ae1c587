// SPDX-License-Identifier: GPL-2.0-or-later
//
// What each format makes of the same findings.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { Log } from 'sarif';
import { lintText } from '../../src/config/lint.ts';
import { type Format, reporters } from '../../src/config/report/index.ts';
import type { FileReport } from '../../src/config/report/reporter.ts';
import { rules } from '../../src/config/rules/index.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

const TEXT = `{
\t"gatewy": "1.2.3.4", "gateway6": "fe80::1",
  "interfaces": [
    { "type": "tap", "param": "漢字🐧", "mac": "12:34:56:78:9a:bc",
      "ipv6": "fd00::2", "masklen": "64", "debug": 1 },

    { "type": "tap", "param": "tap0", "mac": "12:34:56:78:9a:bc", "mtu": 1500 }
  ]
}
`;

function reportOf(file: string, text: string): FileReport {
  return { file, text, findings: lintText(text, file, { rules: new Map() }) };
}

const REPORTS = [reportOf('a/b c.json', TEXT), reportOf('/good.json', '{}\n')];

const make = (format: Format, color = false): string => reporters[format](REPORTS, { color });

/** All rules' bad examples: whatever a finding can be. */
const ALL = rules.map(({ id, bad }) => reportOf(`rules/${id}.json5`, bad));

define('reporters', (test) => {
  test('unix: a line each', () => {
    assert.deepEqual(make('unix').split('\n').slice(0, -1), [
      'a/b c.json:2:2: error: gatewy: there is no such key; did you mean "gateway"? [unknown-key]',
      'a/b c.json:5:26: error: interfaces[0].masklen: the prefix length of "ipv6" is "masklen6"; rename it [ipv6-with-masklen]',
      'a/b c.json:5:43: error: interfaces[0].debug: there is no such key; it belongs to the top of the file [unknown-key]',
      'a/b c.json:7:46: warning: interfaces[1].mac: 12:34:56:78:9a:bc is the MAC address of another interface too; change one of them, or leave it out [duplicate-mac]',
      'a/b c.json:7:74: info: interfaces[1].mtu: 1500 is not in quotes; the classic form is "1500" [classic-form]',
    ]);
  });

  test('the problem matcher understands each line of unix', () => {
    const matcher = JSON.parse(readFileSync(path.join(ROOT, 'share', 'problem-matcher.json'), 'utf8'));
    const [{ pattern, owner }] = matcher.problemMatcher;
    assert.equal(owner, 'lkl-config');
    const [{ regexp, file, line, column, severity, message, code }] = pattern;
    const lines = [...make('unix').split('\n'), ...reporters.unix(ALL, { color: false }).split('\n')];
    for (const text of lines.filter((one) => one !== '')) {
      const match = new RegExp(regexp).exec(text) ?? assert.fail(text);
      assert.match(match[file] ?? '', /json5?$/);
      assert.ok(Number(match[line]) > 0 && Number(match[column]) > 0, text);
      assert.match(match[severity] ?? '', /^(error|warning|info)$/);
      assert.ok(match[message]);
      assert.ok(
        rules.some(({ id }) => id === match[code]),
        text,
      );
    }
  });

  test('pretty: the lines, with all places under them', () => {
    const blocks = make('pretty').split('\n\n');
    assert.equal(
      blocks[0],
      [
        'error[unknown-key]: gatewy: there is no such key',
        '  --> a/b c.json:2:2',
        ' 1 | {',
        ' 2 |     "gatewy": "1.2.3.4", "gateway6": "fe80::1",',
        '   |     ^^^^^^^^',
        ' 3 |   "interfaces": [',
        '  = help: did you mean "gateway"?',
        '  = fix: rename it to "gateway" (--fix does it)',
      ].join('\n'),
    );
    assert.equal(
      blocks[3],
      [
        'warning[duplicate-mac]: interfaces[1].mac: 12:34:56:78:9a:bc is the MAC address of another interface too',
        '  --> a/b c.json:7:46',
        ' 4 |     { "type": "tap", "param": "漢字🐧", "mac": "12:34:56:78:9a:bc",',
        '   |                                                ------------------- first used here',
        '  ...',
        ' 7 |     { "type": "tap", "param": "tap0", "mac": "12:34:56:78:9a:bc", "mtu": 1500 }',
        '   |                                              ^^^^^^^^^^^^^^^^^^^',
        ' 8 |   ]',
        '  = help: change one of them, or leave it out',
      ].join('\n'),
    );
  });

  test('pretty: colours do not change the text', () => {
    const colored = make('pretty', true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    assert.equal(colored.replaceAll(/\u001b\[[\d;]*m/g, ''), make('pretty'));
    assert.ok(colored.includes('\u001b[1;31merror[unknown-key]\u001b[0m'));
  });

  test('json: everything', () => {
    const { version, files, summary } = JSON.parse(make('json'));
    assert.equal(version, 1);
    assert.deepEqual(summary, { files: 2, info: 1, warning: 1, error: 3, fixable: 3 });
    assert.deepEqual(
      files.map(({ file, findings }: { file: string; findings: unknown[] }) => [file, findings.length]),
      [
        ['a/b c.json', 5],
        ['/good.json', 0],
      ],
    );
    const [first] = files[0].findings;
    assert.deepEqual(first, {
      pointer: '/gatewy',
      rule: 'unknown-key',
      severity: 'error',
      message: 'there is no such key',
      help: 'did you mean "gateway"?',
      range: { start: { line: 2, column: 2, offset: 3 }, end: { line: 2, column: 10, offset: 11 } },
      fix: {
        description: 'rename it to "gateway"',
        edits: [
          {
            range: { start: { line: 2, column: 2, offset: 3 }, end: { line: 2, column: 10, offset: 11 } },
            text: '"gateway"',
          },
        ],
      },
      documentation: 'docs/rules.md#unknown-key',
    });
  });

  test('github: workflow commands', () => {
    assert.deepEqual(make('github').split('\n').slice(0, 1), [
      '::error file=a/b c.json,line=2,endLine=2,col=2,endColumn=9,title=unknown-key::gatewy: there is no such key; did you mean "gateway"?',
    ]);
    assert.match(make('github'), /^::warning file=.*title=duplicate-mac::/m);
    assert.match(make('github'), /^::notice file=.*title=classic-form::/m);
    const strange = reportOf('a,b:c%.json', '{ "a%\\nb": 1 }');
    assert.match(reporters.github([strange], { color: false }), /^::error file=a%2Cb%3Ac%25\.json,.*::a%25%0Ab: /);
  });

  test('junit: failures, and a file without any has passed', () => {
    const xml = make('junit');
    assert.match(xml, /<testsuite name="a\/b c\.json" tests="4" failures="4" errors="0">/);
    assert.match(xml, /<testsuite name="\/good\.json" tests="1" failures="0" errors="0">\n {4}<testcase [^>]*\/>/);
    assert.match(xml, /name="unknown-key gatewy">\n {6}<failure type="error" message="[^"]*&quot;gateway&quot;\?">/);
    const strange = reporters.junit([reportOf('f.json', '{ "\\u0001<\\n": 1 }')], { color: false });
    assert.match(strange, /message="\ufffd&lt;&#10;: /);
  });

  test('sarif: valid by its schema, whatever the finding', () => {
    const file = 'node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json';
    // Nothing in it but its name is of draft-04.
    const { $schema, id, ...schema } = JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));
    assert.deepEqual([$schema, typeof id], ['http://json-schema.org/draft-04/schema#', 'string']);
    const ajv = addFormats.default(new Ajv({ strict: false, allErrors: true, unicodeRegExp: false }));
    const validate = ajv.compile(schema);
    assert.ok(!validate({ version: '2.1.0', runs: [{}] }), 'the schema demands something');
    for (const text of [make('sarif'), reporters.sarif(ALL, { color: false }), reporters.sarif([], { color: false })]) {
      assert.ok(validate(JSON.parse(text)), ajv.errorsText(validate.errors));
    }
  });

  test('sarif: places, related places and fixes', () => {
    const log: Log = JSON.parse(make('sarif'));
    const [run] = log.runs;
    assert.deepEqual(
      run?.artifacts?.map(({ location }) => location?.uri),
      ['a/b%20c.json', 'file:///good.json'],
    );
    const result = run?.results?.find(({ ruleId }) => ruleId === 'ipv6-with-masklen') ?? assert.fail();
    assert.equal(run?.tool.driver.rules?.[result.ruleIndex ?? -1]?.id, 'ipv6-with-masklen');
    assert.deepEqual(result.locations?.[0]?.physicalLocation?.region, {
      startLine: 5,
      startColumn: 26,
      endLine: 5,
      endColumn: 35,
    });
    assert.equal(result.locations?.[0]?.logicalLocations?.[0]?.fullyQualifiedName, '/interfaces/0/masklen');
    assert.equal(result.relatedLocations?.[0]?.message?.text, 'this is the address');
    assert.equal(result.fixes?.[0]?.artifactChanges[0]?.replacements[0]?.insertedContent?.text, '"masklen6"');
  });
});
