// SPDX-License-Identifier: GPL-2.0-or-later
//
// Part of the build: ajv makes a function of the published schema, and neither ajv nor the making is paid for when
// lkl-config starts.
import { readFileSync, writeFileSync } from 'node:fs';
import { _, Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { fullFormats } from 'ajv-formats/dist/formats.js';

const schema = JSON.parse(readFileSync('schemas/lkl-hijack.schema.json', 'utf8'));
const ajv = new Ajv({
  strict: true,
  allErrors: true,
  allowUnionTypes: true,
  code: { source: true, formats: _`require("ajv-formats/dist/formats").fullFormats` },
});
for (const format of ['ipv4', 'ipv6'] as const) {
  ajv.addFormat(format, fullFormats[format] ?? '');
}
ajv.addSchema(schema, 'schema');
writeFileSync('dist/src/config/validator.cjs', standalone.default(ajv, { validate: 'schema' }));
