// SPDX-License-Identifier: GPL-2.0-or-later
import type { Combined } from './combine.ts';
import { type KeyPath, pathText } from './finding.ts';
import { globalKeys, interfaceKeys } from './keys.ts';
import { rows } from './model.ts';

/** A value that is in force. */
export interface Effective {
  readonly path: KeyPath;
  readonly key: string;
  readonly value: unknown;
  /** `file:line:column`, `--set`, the variable, or `default`. */
  readonly origin: string;
  /** Of an object, each by itself: they may come from several places. */
  readonly members?: readonly Effective[];
}

/** Every value that is in force: what was written, and the defaults of what was not. */
export function effectiveValues({ document, origin }: Combined): Effective[] {
  const list = Array.isArray(document.interfaces) ? document.interfaces : [];
  const valuesOf = (keys: typeof globalKeys | typeof interfaceKeys, members: unknown, path: KeyPath): Effective[] =>
    rows(keys).flatMap(([name, info]): Effective[] => {
      const inner = [...path, name];
      const written = isObject(members) ? members[name] : undefined;
      const value = written ?? info.default;
      return name === '$schema' || value === undefined
        ? []
        : [
            {
              path: inner,
              key: pathText(inner),
              value,
              origin: written === undefined ? 'default' : originText(inner, origin(inner)),
              ...(isObject(written) && !Array.isArray(written) ? { members: membersOf(written, inner, origin) } : {}),
            },
          ];
    });
  return [
    ...valuesOf(globalKeys, document, []),
    ...list.flatMap((one, index) => valuesOf(interfaceKeys, one, ['interfaces', index])),
  ];
}

function membersOf(value: Record<string, unknown>, path: KeyPath, origin: Combined['origin']): Effective[] {
  return Object.entries(value).map(([name, member]) => {
    const inner = [...path, name];
    return { path: inner, key: pathText(inner), value: member, origin: originText(inner, origin(inner)) };
  });
}

function originText(path: KeyPath, origin: ReturnType<Combined['origin']>): string {
  const variable = origin?.variable?.(path);
  const range = origin?.locate?.(path, 'key');
  return (
    variable ??
    (range === undefined ? (origin?.name ?? '') : `${origin?.name}:${range.start.line}:${range.start.column}`)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
