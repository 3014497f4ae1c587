// SPDX-License-Identifier: GPL-2.0-or-later
import * as z from 'zod/mini';
import { type KeyInfo, keyInfo } from './key.ts';
import { Configuration, INTERFACES_DESCRIPTION } from './model.ts';

/** A text with a reference to a variable, in whose place the launcher puts a value: that is what has to be right. */
const REFERENCE = { type: 'string', pattern: '\\$\\{' };

/** What may stand for a value of this kind. */
function valueSchema({ schema, scalars }: KeyInfo['kind']): Record<string, unknown> {
  const forms = 'anyOf' in schema && Array.isArray(schema.anyOf) ? schema.anyOf : [schema];
  const references = Object.keys(schema).join() === 'type' ? [] : [REFERENCE];
  return {
    anyOf: [
      ...forms.map(withReferences),
      ...references,
      ...(scalars ? [{ type: 'integer' }, { type: 'boolean' }] : []),
    ],
  };
}

/** A list that may have references among its pieces. */
function withReferences(form: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { items, additionalProperties, ...rest } = form;
  return {
    ...rest,
    ...(items === undefined ? {} : { items: { anyOf: [items, REFERENCE] } }),
    ...(additionalProperties === undefined
      ? {}
      : { additionalProperties: { anyOf: [additionalProperties, REFERENCE] } }),
  };
}

function describe({ description, examples, variable, default: standard }: KeyInfo): Record<string, unknown> {
  const old = variable === undefined ? '' : ` Environment variable: ${variable}.`;
  return {
    description: `${description}${old}`,
    examples,
    ...(standard === undefined ? {} : { default: standard }),
  };
}

/** The published schema: JSON Schema draft-07, which editors know best. */
export function makeSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(Configuration, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const info = zodSchema instanceof z.ZodMiniType ? keyInfo.get(zodSchema) : undefined;
      if (info !== undefined) {
        Object.assign(jsonSchema, describe(info), valueSchema(info.kind));
      } else if (jsonSchema.type === 'array') {
        jsonSchema.description = INTERFACES_DESCRIPTION;
      }
    },
  });
  return {
    $schema,
    $id: 'lkl-hijack.schema.json',
    title: 'Configuration of lkl-hijack',
    ...rest,
  };
}

/** The text of schemas/lkl-hijack.schema.json. */
export function schemaText(): string {
  return `${JSON.stringify(makeSchema(), null, 2)}\n`;
}
