// SPDX-License-Identifier: GPL-2.0-or-later
import { addressPair } from './address-pair.ts';
import { missingKey } from './missing-key.ts';
import { mtuBelowIpv6Minimum } from './mtu-below-ipv6-minimum.ts';
import { paramSyntax } from './param-syntax.ts';
import type { Rule } from './rule.ts';

/** All rules by the name that findings bear. */
export const rules: Readonly<Record<string, Rule>> = {
  'missing-key': missingKey,
  'param-syntax': paramSyntax,
  'address-pair': addressPair,
  'mtu-below-ipv6-minimum': mtuBelowIpv6Minimum,
};
