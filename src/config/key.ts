// SPDX-License-Identifier: GPL-2.0-or-later
import * as z from 'zod/mini';
import type { Kind } from './kinds.ts';

/** What is known of a key besides its values. */
export interface KeyInfo {
  readonly description: string;
  readonly examples: readonly string[];
  /** The environment variable of the older form. */
  readonly variable?: string;
  readonly default?: string;
  readonly kind: Pick<Kind<unknown>, 'decode' | 'form' | 'schema' | 'scalars'>;
}

/** Everything about keys that their zod types do not tell. */
export const keyInfo = z.registry<KeyInfo>();

type Scalar = string | number | bigint | boolean;

/** The text that stands for a scalar in the library too: booleans are 1 and 0. */
function scalarText(value: unknown, scalars: boolean): string | undefined {
  if (typeof value === 'string') {
    return value;
  }
  if (!scalars) {
    return undefined;
  }
  if (typeof value === 'boolean') {
    return value ? '1' : '0';
  }
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : undefined;
}

/** An optional key whose text and value are of a kind. */
export function key<T>(kind: Kind<T>, info: Omit<KeyInfo, 'kind'>) {
  const codec = z.codec(z.custom<Scalar>(), z.custom<T>(), {
    decode: (input, context) => {
      const text = scalarText(input, kind.scalars ?? false);
      const value = text === undefined ? undefined : kind.decode(text);
      if (value === undefined) {
        context.issues.push({ code: 'custom', input, message: `${JSON.stringify(input)} is not ${kind.form}` });
        return z.NEVER;
      }
      return value;
    },
    encode: (value) => kind.encode(value),
  });
  keyInfo.add(codec, { ...info, kind });
  return z.optional(codec);
}
