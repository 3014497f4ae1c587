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

/** A kind of list. Its pieces are packed in one text, or are the elements of an array. */
export interface ListKind<T> extends Pick<Kind<T[]>, 'form' | 'schema' | 'decode'> {
  readonly piece: Kind<T>;
  /** Takes a text apart. */
  readonly split: (text: string) => string[];
  /** Puts it together. */
  readonly join: (pieces: readonly string[]) => string;
  /** The members of an object may be the pieces, too. */
  readonly members?: Members;
}

/** How a member of an object is a piece: `name=value`. */
export interface Members {
  /** What stands between the two. */
  readonly sign: string;
  /** The pattern of a name. */
  readonly name: string;
  /** What JSON Schema can say of a value. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** A list of pieces, each of which matches a pattern. */
export function listOf<T>(
  piece: Kind<T>,
  { separator, pattern, members }: { separator: string; pattern: string; members?: Members },
): ListKind<T> {
  const blank = '[ \\t]*';
  const slot = `${blank}(${pattern})?${blank}`;
  const packed = { type: 'string', pattern: `^${slot}(${separator}${slot})*$` };
  const split = (text: string): string[] =>
    text
      .split(separator)
      .map((one) => one.replace(/^[ \t]+|[ \t]+$/g, ''))
      .filter((one) => one !== '');
  const array = { type: 'array', items: piece.schema };
  return {
    form: piece.form,
    decode: (text) => {
      const list = split(text).map(piece.decode);
      const sound = list.filter((value) => value !== undefined);
      return sound.length === list.length ? sound : undefined;
    },
    piece,
    split,
    join: (pieces) => pieces.join(separator),
    ...(members === undefined
      ? { schema: { anyOf: [packed, array] } }
      : {
          members,
          schema: {
            anyOf: [
              packed,
              array,
              {
                type: 'object',
                propertyNames: { pattern: `^(${members.name})$` },
                additionalProperties: members.value,
              },
            ],
          },
        }),
  };
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

/** What UTF-8 cannot hold, or C cannot: half of a surrogate pair, and NUL. */
const UNFIT = '\\u0000\\ud800-\\udfff';

export const anyText: Kind<string> = {
  ...textKind('a text', (text) => !new RegExp(`[${UNFIT}]`, 'u').test(text), { pattern: `^[^${UNFIT}]*$` }),
  scalars: true,
};

/** What the kernel's command line can hold. */
export const commandLine: Kind<string> = {
  ...textKind('printable ASCII text of at most 3072 characters', (text) => /^[ -~]{0,3072}$/.test(text), {
    pattern: '^[ -~]*$',
    maxLength: 3072,
  }),
  scalars: true,
};

/** A sysctl and what is written to it. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
}

const ASSIGNMENT = '[!-<>-~]+[ \\t]*=[\\t -~]*';

const assignment: Kind<Assignment> = {
  form: 'a sysctl and its value, such as net.ipv4.tcp_syncookies=1',
  decode: (text) => {
    const parts = /^([!-<>-~]+)[ \t]*=[ \t]*([\t -~]*)$/.exec(text);
    return parts === null ? undefined : { name: parts[1] ?? '', value: parts[2] ?? '' };
  },
  encode: ({ name, value }) => `${name}=${value}`,
  schema: { type: 'string', pattern: `^${ASSIGNMENT}$` },
};

const SCALARS = [{ type: 'integer' }, { type: 'boolean' }];

/** Neither name nor value has a `;` where several sysctls are packed in a text. */
export const sysctls = listOf(assignment, {
  separator: ';',
  pattern: '[!-:<>-~]+[ \\t]*=[\\t -:<-~]*',
  members: {
    sign: '=',
    name: '[!-<>-~]+[ \\t]*(=[\\t -~]*)?',
    value: { anyOf: [{ type: 'string', pattern: '^[\\t -~]*$' }, ...SCALARS] },
  },
});

const absolutePath = textKind(
  'an absolute path inside LKL, such as /sysfs/class/net/lo/mtu',
  (text) => /^\/[ -~]*$/.test(text),
  { pattern: '^/[ -~]*$' },
);

export const absolutePaths = listOf(absolutePath, { separator: ',', pattern: '/[ -+--~]*' });

/** Of either family, for the schema: the grammar of RFC 3986, section 3.2.2. */
const BYTE = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const WORD = '[0-9a-fA-F]{1,4}';
const LAST = `(${WORD}:${WORD}|${BYTE}(\\.${BYTE}){3})`;
const ADDRESS = [
  `(${BYTE}(\\.${BYTE}){3}`,
  `(${WORD}:){6}${LAST}`,
  ...[5, 4, 3, 2, 1, 0].map((after, before) => `${upTo(before)}::(${WORD}:){${after}}${LAST}`),
  `${upTo(6)}::${WORD}`,
  `${upTo(7)}::)`,
].join('|');

/** At most so many groups. */
function upTo(groups: number): string {
  return groups === 0 ? '' : `((${WORD}:){0,${groups - 1}}${WORD})?`;
}

const isAddress = (text: string): boolean => ipv4.decode(text) !== undefined || ipv6.decode(text) !== undefined;

const address = textKind('an address, such as 192.168.0.1 or 2001:db8::1', isAddress, { pattern: `^${ADDRESS}$` });

export const addresses = listOf(address, { separator: ',', pattern: ADDRESS });

/** A permanent entry of the neighbour table. */
export interface Neighbour {
  readonly ip: string;
  readonly mac: string;
}

const NEIGHBOUR = `${ADDRESS}\\|${MAC.slice(1, -1)}`;

const neighbour: Kind<Neighbour> = {
  form: 'an address and the MAC address behind it, such as 192.168.0.1|12:34:56:78:9a:bc',
  decode: (text) => {
    const [ip = '', octets = '', ...more] = text.split('|');
    return more.length === 0 && isAddress(ip) && mac.decode(octets) !== undefined ? { ip, mac: octets } : undefined;
  },
  encode: ({ ip, mac: octets }) => `${ip}|${octets}`,
  schema: { type: 'string', pattern: `^${NEIGHBOUR}$` },
};

export const neighbours = listOf(neighbour, {
  separator: ';',
  pattern: NEIGHBOUR,
  members: { sign: '|', name: ADDRESS, value: { type: 'string', pattern: MAC } },
});

/** A queueing discipline and where it goes, as tc(8) names them. */
export interface Qdisc {
  readonly parent: string;
  readonly kind: string;
}

const PARENT = '(root|ingress|clsact|[0-9a-fA-F]{1,4}:[0-9a-fA-F]{0,4})';
const DISCIPLINE = '[a-z0-9_]{1,15}';
const QDISC = `${PARENT}\\|${DISCIPLINE}`;

const qdisc: Kind<Qdisc> = {
  form: 'a parent and a queueing discipline, such as root|fq',
  decode: (text) => {
    const [parent = '', kind = ''] = text.split('|');
    return new RegExp(`^${QDISC}$`).test(text) ? { parent, kind } : undefined;
  },
  encode: ({ parent, kind }) => `${parent}|${kind}`,
  schema: { type: 'string', pattern: `^${QDISC}$` },
};

export const qdiscs = listOf(qdisc, {
  separator: ';',
  pattern: QDISC,
  members: {
    sign: '|',
    name: PARENT,
    value: {
      anyOf: [
        { type: 'string', pattern: `^${DISCIPLINE}$` },
        { type: 'integer', minimum: 0, maximum: 1e15 - 1 },
        { type: 'boolean' },
      ],
    },
  },
});

/** A list of known words. */
export function wordsOf(form: string, words: readonly string[]): ListKind<string> {
  return listOf(oneOf(form, words), { separator: ',', pattern: words.join('|') });
}

/** Longest wait, in microseconds: an hour. */
const DELAY_MAX = 3_600_000_000;

const microseconds = integer('', 0, DELAY_MAX);

export const delay: Kind<number | 'auto'> = {
  form: 'a number of microseconds up to an hour, such as 500000, or auto',
  decode: (text) => (text === 'auto' ? text : microseconds.decode(text)),
  encode: String,
  schema: { type: 'string', pattern: `^(auto|${NUMBER.slice(1, -1)})$` },
  scalars: true,
};

export function oneOf(form: string, words: readonly string[]): Kind<string> {
  return textKind(`${form}: ${words.join(', ')}`, (text) => words.includes(text), { enum: words });
}
