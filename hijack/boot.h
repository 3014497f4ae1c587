/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's life in the program: before main(), at exit, after fork(). */
#ifndef HIJACK_BOOT_H
#define HIJACK_BOOT_H

#include <stdbool.h>

/**
 * boot_ready() - makes sure that LKL can be used
 *
 * Boots it if the constructor of another library is faster than ours.
 *
 * Return: 0, or -ENETDOWN where there is no kernel, of which the user is told
 * once: in a child of fork(), and while a parent has the interfaces.
 */
int boot_ready(void);

/**
 * boot_foreign() - whether this process is not the one with the kernel
 */
bool boot_foreign(void);

/**
 * boot_vforked() - whether this process has the memory of its parent
 *
 * As a child of vfork() has until it calls exec: descriptors and what signals do
 * are its own, the records of both are not.
 */
bool boot_vforked(void);

/** boot_inherited() - a descriptor of the parent's LKL is used: -ENETDOWN, told once */
long boot_inherited(void);

/**
 * boot_in_child() - a child with memory of its own has begun: the host alone
 * @shares_files: its descriptors are the parent's, too (CLONE_FILES).
 */
void boot_in_child(bool shares_files);

/**
 * boot_end() - the program ends: what it has sent still leaves
 *
 * Closes LKL's descriptors and waits, for a bounded time, until their
 * connections are done. Without effect in a child, or inside the kernel.
 */
void boot_end(void);

/** boot_ends() - whether another thread is ending the process */
bool boot_ends(void);

/**
 * boot_hold() - what a thread does whose call has failed
 *
 * When another thread is ending the process, that is likely to be why. A host
 * kernel would end the thread in the middle of its call, so it is kept from
 * seeing the error until the process is gone.
 */
void boot_hold(void);

#endif
