// SPDX-License-Identifier: GPL-2.0-or-later
import * as z from 'zod/mini';
import type { Kind, ListKind } from './kinds.ts';

/** What is known of a key besides its values. */
export interface KeyInfo {
  readonly description: string;
  readonly examples: readonly string[];
  /** The environment variable of the older form. */
  readonly variable?: string;
  readonly default?: string;
  readonly kind: Pick<Kind<unknown>, 'decode' | 'form' | 'schema' | 'scalars'> &
    Partial<Pick<ListKind<unknown>, 'split' | 'join' | 'members'>>;
}

/** Everything about keys that their zod types do not tell. */
export const keyInfo = z.registry<KeyInfo>();

type Scalar = string | number | bigint | boolean;

/** What may stand for a list: its pieces packed in a text, or one by one. */
type Pieces = Scalar | readonly Scalar[] | Readonly<Record<string, Scalar>>;

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
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : undefined;
}

/** The text of a value of any form, as it stands in a variable; undefined where there is no such text. */
export function packedText(value: unknown, { split, join, members }: KeyInfo['kind']): string | undefined {
  const text = scalarText(value, true);
  if (text !== undefined || split === undefined || join === undefined) {
    return text;
  }
  const pieces = listPieces(value, members === undefined ? { split } : { split, members });
  const packed = pieces === undefined ? undefined : join(pieces);
  // A piece that holds the separator would be two.
  return packed !== undefined && split(packed).length === pieces?.length ? packed : undefined;
}

/** The members of an object that stands for the same list; undefined for what is none. A wrong piece stays wrong. */
export function packedMembers(
  value: unknown,
  { split, members }: KeyInfo['kind'],
): Record<string, string | null> | undefined {
  if (split === undefined || members === undefined || (typeof value !== 'string' && !Array.isArray(value))) {
    return undefined;
  }
  const pieces = listPieces(value, { split });
  return pieces === undefined
    ? undefined
    : Object.fromEntries(
        pieces.map((piece) => {
          const [name = '', ...rest] = piece.split(members.sign);
          return [name.trim(), rest.length === 0 ? null : rest.join(members.sign).trim()];
        }),
      );
}

/** The pieces of a list, as the library takes them apart. */
export function listPieces(
  value: unknown,
  { split, members }: Pick<ListKind<unknown>, 'split' | 'members'>,
): string[] | undefined {
  const one = scalarText(value, true);
  if (one !== undefined) {
    return split(one);
  }
  if (typeof value !== 'object' || value === null || !(Array.isArray(value) || members !== undefined)) {
    return undefined;
  }
  const texts = Array.isArray(value)
    ? value.map((element) => scalarText(element, true))
    : Object.entries(value).map(([name, member]) => {
        const text = scalarText(member, true);
        return text === undefined || members === undefined ? undefined : `${name}${members.sign}${text}`;
      });
  const pieces = texts.filter((text) => text !== undefined);
  return pieces.length === texts.length ? pieces : undefined;
}

/** An optional key that holds a list. */
export function listKey<T>(kind: ListKind<T>, info: Omit<KeyInfo, 'kind'>) {
  const codec = z.codec(z.custom<Pieces>(), z.custom<T[]>(), {
    decode: (input, context) => {
      const list: T[] = [];
      const pieces = listPieces(input, kind);
      const wrong = (shown: unknown): never => {
        context.issues.push({ code: 'custom', input, message: `${JSON.stringify(shown)} is not ${kind.form}` });
        return z.NEVER;
      };
      if (pieces === undefined) {
        return wrong(input);
      }
      for (const piece of pieces) {
        const value = kind.piece.decode(piece);
        if (value === undefined) {
          return wrong(piece);
        }
        list.push(value);
      }
      return list;
    },
    encode: (list) => list.map((piece) => kind.piece.encode(piece)),
  });
  keyInfo.add(codec, { ...info, kind });
  return z.optional(codec);
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
