// SPDX-License-Identifier: GPL-2.0-or-later
import { addressBeyondNetwork } from './address-beyond-network.ts';
import { addressNotOfHost } from './address-not-of-host.ts';
import { addressOfSubnet } from './address-of-subnet.ts';
import { addressPair } from './address-pair.ts';
import { bootOption } from './boot-option.ts';
import { classicForm } from './classic-form.ts';
import { delayUnit } from './delay-unit.ts';
import { deprecatedDelayMain } from './deprecated-delay-main.ts';
import { dhcpAndStatic } from './dhcp-and-static.ts';
import { dhcpWithoutInterface } from './dhcp-without-interface.ts';
import { dumpWithoutMount } from './dump-without-mount.ts';
import { duplicateAddress } from './duplicate-address.ts';
import { duplicateBackend } from './duplicate-backend.ts';
import { duplicateMac } from './duplicate-mac.ts';
import { gatewayIsOwnAddress } from './gateway-is-own-address.ts';
import { gatewayOutsideSubnet } from './gateway-outside-subnet.ts';
import { hostDevice } from './host-device.ts';
import { ifgatewayOutsideSubnet } from './ifgateway-outside-subnet.ts';
import { ipv6WithMasklen } from './ipv6-with-masklen.ts';
import { keyBeyondType } from './key-beyond-type.ts';
import { macNotLocal } from './mac-not-local.ts';
import { memorySize } from './memory-size.ts';
import { missingKey } from './missing-key.ts';
import { mtuBelowIpv6Minimum } from './mtu-below-ipv6-minimum.ts';
import { mtuBeyondType } from './mtu-beyond-type.ts';
import { nameserverUnreachable } from './nameserver-unreachable.ts';
import { neighTwice } from './neigh-twice.ts';
import { neighUnreachable } from './neigh-unreachable.ts';
import { noDefaultRoute } from './no-default-route.ts';
import { noEffect } from './no-effect.ts';
import { offloadBeyondType } from './offload-beyond-type.ts';
import { offloadDependency } from './offload-dependency.ts';
import { offloadUnknownBit } from './offload-unknown-bit.ts';
import { overlappingSubnets } from './overlapping-subnets.ts';
import { paramSyntax } from './param-syntax.ts';
import { policyWithoutAddress } from './policy-without-address.ts';
import { qdiscTwice } from './qdisc-twice.ts';
import { qdiscUnknown } from './qdisc-unknown.ts';
import {
  duplicateKey,
  reference,
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
import { sysctlTwice } from './sysctl-twice.ts';
import { sysctlUnknown } from './sysctl-unknown.ts';
import { sysctlValue } from './sysctl-value.ts';
import { tunnelWithoutUnderlay } from './tunnel-without-underlay.ts';

/** All rules, in the order in which they are documented. */
export const rules: readonly Rule[] = [
  syntax,
  strictJson,
  duplicateKey,
  unknownKey,
  reference,
  shape,
  valueType,
  valueFormat,
  valueRange,
  classicForm,
  missingKey,
  paramSyntax,
  keyBeyondType,
  tunnelWithoutUnderlay,
  duplicateBackend,
  addressPair,
  policyWithoutAddress,
  ipv6WithMasklen,
  addressBeyondNetwork,
  addressNotOfHost,
  addressOfSubnet,
  duplicateAddress,
  overlappingSubnets,
  gatewayOutsideSubnet,
  gatewayIsOwnAddress,
  noDefaultRoute,
  ifgatewayOutsideSubnet,
  nameserverUnreachable,
  mtuBelowIpv6Minimum,
  mtuBeyondType,
  duplicateMac,
  macNotLocal,
  neighUnreachable,
  neighTwice,
  qdiscUnknown,
  qdiscTwice,
  offloadUnknownBit,
  offloadDependency,
  offloadBeyondType,
  memorySize,
  bootOption,
  dhcpAndStatic,
  dhcpWithoutInterface,
  sysctlUnknown,
  sysctlValue,
  sysctlTwice,
  dumpWithoutMount,
  delayUnit,
  deprecatedDelayMain,
  noEffect,
  hostDevice,
  unknownRule,
];

export function findRule(id: string): Rule | undefined {
  return rules.find((rule) => rule.id === id);
}
