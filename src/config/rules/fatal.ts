// SPDX-License-Identifier: GPL-2.0-or-later
import { addressBeyondNetwork } from './address-beyond-network.ts';
import { addressPair } from './address-pair.ts';
import { bootOption } from './boot-option.ts';
import { ipv6WithMasklen } from './ipv6-with-masklen.ts';
import { keyBeyondType } from './key-beyond-type.ts';
import { memorySize } from './memory-size.ts';
import { missingKey } from './missing-key.ts';
import { mtuBelowIpv6Minimum } from './mtu-below-ipv6-minimum.ts';
import { offloadDependency } from './offload-dependency.ts';
import { offloadUnknownBit } from './offload-unknown-bit.ts';
import { paramSyntax } from './param-syntax.ts';
import { policyWithoutAddress } from './policy-without-address.ts';
import type { Rule } from './rule.ts';
import { tunnelWithoutUnderlay } from './tunnel-without-underlay.ts';

/** Those of index.ts that the library has too: the launcher needs no others, and every start loads these. */
export const fatalRules: readonly Rule[] = [
  missingKey,
  paramSyntax,
  keyBeyondType,
  tunnelWithoutUnderlay,
  addressPair,
  policyWithoutAddress,
  addressBeyondNetwork,
  ipv6WithMasklen,
  mtuBelowIpv6Minimum,
  offloadUnknownBit,
  offloadDependency,
  memorySize,
  bootOption,
];
