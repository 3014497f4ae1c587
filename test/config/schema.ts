// SPDX-License-Identifier: GPL-2.0-or-later
//
// The published schema and the model are one: ajv, which reads the schema, and zod, which is the model, agree.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
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

  test('accepts what the model accepts, and more only where a number is out of range', () => {
    const random = makeRandom(42);
    const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
    const object = (): Record<string, unknown> =>
      Object.fromEntries(Array.from({ length: random(3) }, () => [pick(NAMES), pick(VALUES)]));
    const seen = { both: 0, neither: 0, range: 0 };
    for (let round = 0; round < 5000; round++) {
      const document: unknown =
        random(20) === 0 ? pick(VALUES) : { ...object(), ...(random(2) ? { interfaces: [object()] } : {}) };
      const text = JSON.stringify(document);
      const { success, error } = Configuration.safeParse(document);
      const valid = validate(document);
      if (success) {
        assert.ok(valid, `${text}: ${ajv.errorsText(validate.errors)}`);
        seen.both++;
      } else if (valid) {
        assert.ok(
          error.issues.every(({ path: at }) => RANGES.has(String(at.at(-1)))),
          text,
        );
        seen.range++;
      } else {
        seen.neither++;
      }
    }
    assert.ok(
      Object.values(seen).every((count) => count > 0),
      JSON.stringify(seen),
    );
  });
});
