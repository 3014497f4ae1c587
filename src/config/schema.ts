// SPDX-License-Identifier: GPL-2.0-or-later
import * as z from 'zod/mini';
import { type KeyInfo, keyInfo } from './key.ts';
import { Configuration, INTERFACES_DESCRIPTION } from './model.ts';

/** What may stand for a value of this kind. */
function valueSchema({ schema, scalars }: KeyInfo['kind']): Record<string, unknown> {
  return scalars ? { anyOf: [schema, { type: 'integer' }, { type: 'boolean' }] } : { ...schema };
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
