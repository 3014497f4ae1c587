// SPDX-License-Identifier: GPL-2.0-or-later
//
// The published schema and the model are one: ajv, which reads the schema, and zod, which is the model, agree.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { tooDeep } from '../../src/config/depth.ts';
import { Configuration } from '../../src/config/model.ts';
import { schemaText } from '../../src/config/schema.ts';
import { define } from '../support/define.ts';
import { ROOT } from '../support/discover.ts';
import { makeRandom } from '../support/random.ts';

const schema = JSON.parse(schemaText());
const ajv = new Ajv({ strict: true, allErrors: true, allowUnionTypes: true });
ajv.addFormat('ipv4', fullFormats.ipv4 ?? assert.fail());
ajv.addFormat('ipv6', fullFormats.ipv6 ?? assert.fail());
const validate = ajv.compile(schema);

const VALUES = [
  '1.2.3.4',
  '2001:db8::1',
  '12:34:56:78:9a:bc',
  'tap',
  '24',
  '1500',
  '0x10',
  '08',
  '999999',
  '',
  'mem=1G',
  'net.ipv4.ip_forward=1; a/b = c',
  'proc,sysfs',
  '/sysfs/class,/proc',
  'auto',
  '192.168.0.1|12:34:56:78:9a:bc;fd13::1|12:34:56:78:9a:be',
  'root|fq; 1:10|fq_codel',
  ['root|fq'],
  ['1.2.3.4'],
  ['a=1;', 'proc'],
  ['proc', 'tmpfs'],
  ['/proc/version'],
  { 'net.ipv4.ip_forward': 1 },
  { 'fd13::1': '12:34:56:78:9a:bc' },
  { root: 'fq', '1:10': 7 },
  { root: -1 },
  7,
  1.5,
  true,
  null,
  [],
  {},
];
const NAMES = [
  '$schema',
  'gateway',
  'gateway6',
  'debug',
  'boot_cmdline',
  'singlecpu',
  'sysctl',
  'mount',
  'dump',
  'delay_main',
  'nameserver',
  'type',
  'param',
  'mtu',
  'ip',
  'masklen',
  'ipv6',
  'masklen6',
  'mac',
  'ifgateway',
  'ifgateway6',
  'neigh',
  'qdisc',
  'offload',
  'other',
];

/** Values whose range the schema cannot tell: it describes the text of a number. */
const RANGES = new Set(['mtu', 'masklen', 'masklen6', 'debug', 'offload', 'singlecpu', 'delay_main']);

/** Which of the two takes a document. That the schema alone does is right where a number is out of range. */
function compare(document: unknown): 'both' | 'neither' | 'range' {
  const text = JSON.stringify(document);
  const { success, error } = Configuration.safeParse(document);
  const valid = validate(document);
  if (success) {
    assert.ok(valid, `${text}: ${ajv.errorsText(validate.errors)}`);
    return 'both';
  }
  if (!valid) {
    return 'neither';
  }
  assert.ok(
    error.issues.every(({ path: at }) => RANGES.has(String(at.at(-1))) || isTooLarge(document, at)),
    text,
  );
  return 'range';
}

/** The document of a text, which is never undefined. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For JSON a number like any other, but its digits are not kept. */
function isTooLarge(document: unknown, at: readonly PropertyKey[]): boolean {
  const value = at.reduce<unknown>((outer, name) => (outer as Record<PropertyKey, unknown>)[name], document);
  return typeof value === 'number' && !Number.isSafeInteger(value);
}

define('the JSON Schema', (test) => {
  test('in schemas/ is the one of the model (else: npm run generate)', () => {
    assert.equal(readFileSync(path.join(ROOT, 'schemas', 'lkl-hijack.schema.json'), 'utf8'), schemaText());
  });

  test('is a draft-07 schema that describes every key with an example that it accepts', () => {
    assert.equal(schema.$schema, 'http://json-schema.org/draft-07/schema#');
    assert.ok(ajv.validateSchema(schema));
    const { interfaces, ...global } = schema.properties;
    for (const [properties, wrap] of [
      [global, (document: unknown) => document],
      [interfaces.items.properties, (document: unknown) => ({ interfaces: [document] })],
    ] as const) {
      for (const [name, property] of Object.entries<{ description?: string; examples?: string[] }>(properties)) {
        assert.ok(property.description, name);
        assert.ok(property.examples?.length, name);
        for (const example of property.examples ?? []) {
          assert.ok(validate(wrap({ [name]: example })), `${name}: ${example}`);
          assert.ok(Configuration.safeParse(wrap({ [name]: example })).success, `${name}: ${example}`);
        }
      }
    }
  });

  test('accepts what the model accepts of the corpus of the fuzzer', () => {
    const corpus = path.join(ROOT, 'test', 'fuzz', 'corpus');
    const texts = ['valid', 'invalid'].flatMap((kind) =>
      readdirSync(path.join(corpus, kind)).map((name) => readFileSync(path.join(corpus, kind, name), 'utf8')),
    );
    const seen = { both: 0, neither: 0, range: 0, unreadable: 0 };
    for (const text of texts) {
      const document = tooDeep(text) === undefined ? parsed(text) : undefined;
      seen[document === undefined ? 'unreadable' : compare(document)]++;
    }
    assert.ok(seen.both >= 150 && seen.neither >= 100 && seen.range > 0, JSON.stringify(seen));
  });

  test('accepts what the model accepts, and more only where a number is out of range', () => {
    const random = makeRandom(42);
    const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
    const object = (): Record<string, unknown> =>
      Object.fromEntries(Array.from({ length: random(3) }, () => [pick(NAMES), pick(VALUES)]));
    const seen = { both: 0, neither: 0, range: 0 };
    for (let round = 0; round < 5000; round++) {
      const document: unknown =
        random(20) === 0 ? pick(VALUES) : { ...object(), ...(random(2) ? { interfaces: [object()] } : {}) };
      seen[compare(document)]++;
    }
    assert.ok(
      Object.values(seen).every((count) => count > 0),
      JSON.stringify(seen),
    );
  });
});
