// SPDX-License-Identifier: GPL-2.0-or-later
//
// What an editor makes of the published schema: the language service of VS Code, on a file that names it in $schema.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import languageService, { type Hover } from 'vscode-json-languageservice';
import type { KeyInfo } from '../../src/config/key.ts';
import { globalKeys, interfaceKeys } from '../../src/config/keys.ts';
import { rows } from '../../src/config/model.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';

// A package in the older form of modules.
const { getLanguageService, TextDocument } = languageService;

const service = getLanguageService({
  schemaRequestService: async (uri) => readFileSync(fileURLToPath(uri), 'utf8'),
  workspaceContext: { resolveRelativePath: (relative, base) => new URL(relative, base).href },
});
service.configure({ validate: true });

const SCHEMA = '"$schema": "./schemas/lkl-hijack.schema.json"';

/** Opens a text in which | is the cursor. */
function open(marked: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const document = TextDocument.create(pathToFileURL(path.join(ROOT, 'lkl-hijack.json')).href, 'json', 1, text);
  return { document, position: document.positionAt(offset), parsed: service.parseJSONDocument(document) };
}

async function complete(marked: string) {
  const { document, position, parsed } = open(marked);
  return (await service.doComplete(document, position, parsed))?.items ?? [];
}

async function hover(marked: string): Promise<string> {
  const { document, position, parsed } = open(marked);
  return hoverText(await service.doHover(document, position, parsed));
}

function hoverText(found: Hover | null): string {
  const parts = found === null ? [] : [found.contents].flat();
  return parts.map((part) => (typeof part === 'string' ? part : part.value)).join('\n');
}

async function validate(text: string): Promise<string[]> {
  const { document, parsed } = open(`${text}|`);
  const found = await service.doValidation(document, parsed);
  return found.map(({ message }) => (typeof message === 'string' ? message : message.value));
}

/** Markdown without its escapes. */
const plain = (text: string): string => text.replace(/\\([\\`*_{}[\]()#+\-.!<>|~])/g, '$1').replaceAll('&nbsp;', ' ');

/** Each key that stands at a place is completed, with its documentation, and documented where it stands. */
async function checkKeys(table: [string, KeyInfo][], before: string, after: string): Promise<void> {
  const items = await complete(`{ ${SCHEMA}${before}|${after} }`);
  for (const [name, info] of table) {
    if (name !== '$schema') {
      const item = items.find(({ label }) => label === name);
      assert.ok(item !== undefined, `${name} is not completed`);
      const documentation = typeof item.documentation === 'string' ? item.documentation : item.documentation?.value;
      assert.ok(plain(documentation ?? '').includes(info.description), `${name}: ${documentation}`);
    }
    const value = JSON.stringify(info.examples[0]);
    const text =
      name === '$schema'
        ? await hover(`{ "$sch|ema": "./schemas/lkl-hijack.schema.json" }`)
        : await hover(`{ ${SCHEMA}${before}"${name}|": ${value}${after} }`);
    assert.ok(plain(text).includes(info.description), `${name}: ${text}`);
  }
  const names = table.map(([name]) => name);
  assert.deepEqual(
    items.map(({ label }) => label).filter((label) => !names.includes(label) && label !== 'interfaces'),
    [],
  );
}

define('an editor', (test) => {
  test('completes and documents every key at the top', () => checkKeys(rows(globalKeys), ', ', ''));

  test('completes and documents every key of an interface', () =>
    checkKeys(rows(interfaceKeys), ', "interfaces": [{ ', ' }]'));

  test('completes "interfaces", and the types', async () => {
    const top = await complete(`{ ${SCHEMA}, | }`);
    assert.ok(top.some(({ label }) => label === 'interfaces'));
    const types = await complete(`{ ${SCHEMA}, "interfaces": [{ "type": | }] }`);
    assert.ok(types.some(({ label }) => label === '"tap"'));
  });

  test('offers the examples as values', async () => {
    const values = await complete(`{ ${SCHEMA}, "interfaces": [{ "offload": | }] }`);
    assert.ok(
      values.some(({ label }) => label === '"0xc803"'),
      values.map(({ label }) => label).join(' '),
    );
  });

  test('underlines what is wrong, and nothing else', async () => {
    const interfaces = '"interfaces": [{ "type": "tap", "param": "tap0", "mtu": 1500 }]';
    assert.deepEqual(await validate(`{ ${SCHEMA}, ${interfaces} }`), []);
    const references =
      '"gateway": "${GATEWAY}", "interfaces": [{ "type": "${TYPE:-tap}", "mtu": "${MTU}", "mac": "${MAC}" }]';
    assert.deepEqual(await validate(`{ ${SCHEMA}, ${references} }`), []);
    assert.equal((await validate(`{ ${SCHEMA}, "gatewy": "1.2.3.4" }`)).length, 1);
    assert.equal((await validate(`{ ${SCHEMA}, "gateway": "1.2.3" }`)).length, 1);
    assert.equal((await validate(`{ ${SCHEMA}, "interfaces": [{ "type": "nonsense" }] }`)).length, 1);
  });
});
