/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * LKL_HIJACK_PCAP: the packets of all of LKL's interfaces go to a file, in the
 * form of pcap (draft-ietf-opsawg-pcap) with LINKTYPE_LINUX_SLL2, which tells
 * the interface and the direction of each. To a file that is there they are
 * appended, so that the programs below this one write to the same.
 */
#ifndef HIJACK_PCAP_H
#define HIJACK_PCAP_H

#include <stdbool.h>

/**
 * pcap_start() - begins, with a thread that writes; no interface is up yet
 *
 * Return: whether that was done, or not asked for; if not, the user has been
 * told.
 */
bool pcap_start(void);

/** pcap_end() - writes what has come so far, and ends the thread */
void pcap_end(void);

#endif
