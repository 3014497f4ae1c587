// SPDX-License-Identifier: GPL-2.0-or-later

/** A kind of value: how its text is understood, and what is said when it is not. */
export interface Kind<T> {
  /** Completes "... is not". */
  readonly form: string;
  /** The value, or undefined if the text as a whole is none. */
  readonly decode: (text: string) => T | undefined;
  readonly encode: (value: T) => string;
  /** What JSON Schema can say of the text; numbers and booleans are written as such too if `scalars` says so. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly scalars?: boolean;
}

/** C's rule for integers, strtoull(3) with base 0: `16`, `0x10`, `020`. */
const NUMBER = '^(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)$';

export function decodeNumber(text: string): bigint | undefined {
  if (!new RegExp(NUMBER).test(text)) {
    return undefined;
  }
  return BigInt(/^0[0-7]/.test(text) ? `0o${text.slice(1)}` : text);
}

/** An integer of a range. */
export function integer(form: string, min: number, max: number): Kind<number> {
  return {
    form,
    decode: (text) => {
      const value = decodeNumber(text);
      return value !== undefined && value >= BigInt(min) && value <= BigInt(max) ? Number(value) : undefined;
    },
    encode: String,
    schema: { type: 'string', pattern: NUMBER },
    scalars: true,
  };
}

/** A mask of 64 bits. */
export function mask(form: string): Kind<bigint> {
  return {
    form,
    decode: (text) => {
      const value = decodeNumber(text);
      return value !== undefined && value < 1n << 64n ? value : undefined;
    },
    encode: (value) => `0x${value.toString(16)}`,
    schema: { type: 'string', pattern: NUMBER },
    scalars: true,
  };
}

function textKind(
  form: string,
  matches: (text: string) => boolean,
  schema: Readonly<Record<string, unknown>>,
): Kind<string> {
  return {
    form,
    decode: (text) => (matches(text) ? text : undefined),
    encode: (text) => text,
    schema: { type: 'string', ...schema },
  };
}

/** Four decimal numbers without leading zeros, as inet_pton(3) wants them. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?=.)|$)){4}$/;

export const ipv4 = textKind('an IPv4 address, such as 192.168.0.2', (text) => IPV4.test(text) && !/\b0\d/.test(text), {
  format: 'ipv4',
});

/**
 * Without a zone: an address of LKL's interface is of that interface. The URL parser knows this syntax (RFC 4291,
 * section 2.2) and is there anyway; loading node:net for it costs 3 ms of every start.
 */
export const ipv6 = textKind(
  'an IPv6 address, such as 2001:db8::2',
  (text) => /^[0-9a-fA-F:.]+$/.test(text) && URL.canParse(`http://[${text}]/`),
  { format: 'ipv6' },
);

const MAC = '^[0-9a-fA-F][02468aceACE](:[0-9a-fA-F]{2}){5}$';

/** The lowest bit of the first octet marks a group (IEEE 802-2014, 8.2.2). */
export const mac = textKind(
  'the six octets of a unicast MAC address, such as 12:34:56:78:9a:bc',
  (text) => new RegExp(MAC).test(text) && text !== '00:00:00:00:00:00',
  { pattern: MAC, not: { const: '00:00:00:00:00:00' } },
);

export const anyText: Kind<string> = { ...textKind('a text', () => true, {}), scalars: true };

/** What the kernel's command line can hold. */
export const commandLine: Kind<string> = {
  ...textKind('printable ASCII text of at most 3072 characters', (text) => /^[ -~]{0,3072}$/.test(text), {
    pattern: '^[ -~]*$',
    maxLength: 3072,
  }),
  scalars: true,
};

export function oneOf(form: string, words: readonly string[]): Kind<string> {
  return textKind(`${form}: ${words.join(', ')}`, (text) => words.includes(text), { enum: words });
}
