// SPDX-License-Identifier: GPL-2.0-only
/** Passages of kernel headers that a C++ compiler rejects, and how to write them for both languages. */

interface Correction {
  readonly from: string;
  readonly to: string;
}

const corrections: Readonly<Record<string, readonly Correction[]>> = {
  'linux/auto_dev-ioctl.h': [
    { from: 'struct args_in {', to: 'struct {' },
    { from: 'struct args_out {', to: 'struct {' },
  ],
  'linux/netfilter/xt_sctp.h': [{ from: '__inline__ _Bool', to: '__inline__ int' }],
  'linux/target_core_user.h': [
    { from: 'return len_op & TCMU_OP_MASK;', to: 'return (enum tcmu_opcode)(len_op & TCMU_OP_MASK);' },
  ],
  'linux/virtio_ring.h': [
    { from: 'vr->desc = p;', to: 'vr->desc = (struct vring_desc *)p;' },
    { from: 'vr->used = (void *)', to: 'vr->used = (struct vring_used *)' },
  ],
  'scsi/fc/fc_els.h': [
    { from: 'struct fc_tlv_desc *tlv = desc;', to: 'struct fc_tlv_desc *tlv = (struct fc_tlv_desc *)desc;' },
    { from: '(desc + FC_TLV_DESC_SZ_FROM_LENGTH(tlv))', to: '((char *)desc + FC_TLV_DESC_SZ_FROM_LENGTH(tlv))' },
  ],
  'kernel/socket.h': [
    { from: '((void *)(cmsg) + sizeof(struct cmsghdr))', to: '((unsigned char *)(cmsg) + sizeof(struct cmsghdr))' },
  ],
};

/** The header's source for both languages. Fails when the kernel has changed a passage. */
export function correct(path: string, source: string): string {
  let text = source;
  for (const { from, to } of corrections[path] ?? []) {
    if (!text.includes(from)) throw new Error(`${path}: there is no "${from}" any more`);
    text = text.replaceAll(from, to);
  }
  return text;
}
