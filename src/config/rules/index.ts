// SPDX-License-Identifier: GPL-2.0-or-later
import { addressPair } from './address-pair.ts';
import { ipv6WithMasklen } from './ipv6-with-masklen.ts';
import { missingKey } from './missing-key.ts';
import { mtuBelowIpv6Minimum } from './mtu-below-ipv6-minimum.ts';
import { paramSyntax } from './param-syntax.ts';
import {
  duplicateKey,
  shape,
  strictJson,
  syntax,
  unknownKey,
  unknownRule,
  valueFormat,
  valueRange,
  valueType,
} from './read.ts';
import type { Rule } from './rule.ts';

/** All rules, in the order in which they are documented. */
export const rules: readonly Rule[] = [
  syntax,
  strictJson,
  duplicateKey,
  unknownKey,
  shape,
  valueType,
  valueFormat,
  valueRange,
  missingKey,
  paramSyntax,
  addressPair,
  ipv6WithMasklen,
  mtuBelowIpv6Minimum,
  unknownRule,
];

export function findRule(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
