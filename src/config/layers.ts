// SPDX-License-Identifier: GPL-2.0-or-later
import { type Assignment, AssignmentError } from './assignment.ts';
import type { KeyPath } from './finding.ts';

type Members = Record<string, unknown>;

/** The members that a value of another form stands for; undefined if it stands for none. */
export type Unpack = (path: KeyPath, value: unknown) => Members | undefined;

/** A configuration that is put together from several, and whose each value is. What is given to it becomes its own. */
export class Layers<Origin> {
  readonly document: Members = {};
  readonly #origins = new Map<string, Origin>();
  readonly #unpack: Unpack;

  constructor(unpack: Unpack = () => undefined) {
    this.#unpack = unpack;
  }

  /** Takes the members of a document in place of those of the same name. */
  replace(document: Members, origin: Origin): void {
    this.#origins.set(id([]), origin);
    for (const [name, value] of Object.entries(document)) {
      this.#put(this.document, [name], value, origin);
    }
  }

  /** Lays a document over what is there as JSON Merge Patch does (RFC 7396): arrays replace, null removes. */
  merge(document: Members, origin: Origin): void {
    this.#origins.set(id([]), origin);
    this.#merge(this.document, document, [], origin);
  }

  /** Changes one value; null removes it. Throws an AssignmentError for a place that cannot be. */
  assign({ path, value }: Assignment, origin: Origin): void {
    let target: unknown = this.document;
    for (const [depth, step] of path.entries()) {
      const here = path.slice(0, depth);
      const inner = path.slice(0, depth + 1);
      checkPlace(target, step, here);
      if (depth === path.length - 1) {
        this.#set(target, inner, value, origin);
      } else if (at(target, step) === undefined) {
        this.#put(target, inner, typeof path[depth + 1] === 'number' ? [] : {}, origin);
      } else if (typeof path[depth + 1] === 'string') {
        this.#spread(target, inner);
      }
      target = at(target, step);
    }
  }

  /** Whose a value is; for one that is missing, whose the thing is that lacks it. */
  origin(path: KeyPath): Origin | undefined {
    for (let length = path.length; length >= 0; length--) {
      const origin = this.#origins.get(id(path.slice(0, length)));
      if (origin !== undefined) {
        return origin;
      }
    }
    return undefined;
  }

  /** The value of a place, undefined for none. */
  at(path: KeyPath): unknown {
    return path.reduce(at, this.document);
  }

  #merge(target: Members, patch: Members, path: KeyPath, origin: Origin): void {
    for (const [name, value] of Object.entries(patch)) {
      const inner = [...path, name];
      if (!isObject(value)) {
        this.#set(target, inner, value, origin);
        continue;
      }
      this.#spread(target, inner);
      let present = at(target, name);
      if (!isObject(present)) {
        present = {};
        this.#put(target, inner, present, origin);
      }
      if (isObject(present)) {
        this.#merge(present, value, inner, origin);
      }
    }
  }

  /** Makes members of what packs them, for some of them are to be changed. They stay whose it is. */
  #spread(target: unknown, path: KeyPath): void {
    const value = at(target, path.at(-1) ?? '');
    const origin = this.origin(path);
    const members = isObject(value) ? undefined : this.#unpack(path, value);
    if (members !== undefined && origin !== undefined) {
      this.#put(target, path, members, origin);
    }
  }

  #set(target: unknown, path: KeyPath, value: unknown, origin: Origin): void {
    const step = path.at(-1) ?? '';
    if (value === null && isObject(target)) {
      this.#forget(path);
      delete target[step];
    } else {
      this.#put(target, path, value, origin);
    }
  }

  /** Puts a value into the object or array that holds the last step of the path: all of it is of the origin. */
  #put(target: unknown, path: KeyPath, value: unknown, origin: Origin): void {
    this.#forget(path);
    this.#origins.set(id(path), origin);
    const step = path.at(-1) ?? '';
    if (Array.isArray(target)) {
      target[Number(step)] = value;
    } else if (isObject(target)) {
      // Not by assignment, which has another meaning for the name __proto__.
      Object.defineProperty(target, step, { value, configurable: true, enumerable: true, writable: true });
    }
  }

  #forget(path: KeyPath): void {
    const start = id(path);
    for (const key of this.#origins.keys()) {
      if (key === start || key.startsWith(`${start}\0`)) {
        this.#origins.delete(key);
      }
    }
  }
}

function id(path: KeyPath): string {
  return ['', ...path].join('\0');
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(target: unknown, step: string | number): unknown {
  if (Array.isArray(target)) {
    return target[Number(step)];
  }
  return isObject(target) && Object.hasOwn(target, step) ? target[step] : undefined;
}

/** Can this be set in there? */
function checkPlace(target: unknown, step: string | number, here: KeyPath): void {
  const name = here.join('.');
  if (typeof step === 'string') {
    if (!isObject(target)) {
      throw new AssignmentError(`${name} is ${JSON.stringify(target)} and has no members to set`);
    }
  } else if (!Array.isArray(target)) {
    throw new AssignmentError(`${name} is ${JSON.stringify(target)} and no list`);
  } else if (step > target.length) {
    const there = target.length === 1 ? 'there is 1 of them' : `there are ${target.length} of them`;
    throw new AssignmentError(`${name}.${step}: ${there}; the next one is ${name}.${target.length}`);
  }
}
