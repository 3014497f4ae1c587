/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For ld -r: gathers the kernel's tables between the symbols that the kernel
 * knows them by. The alignment of sections within the output is the most that
 * a relocatable object can ask for.
 */
#define RUNTIME_DISCARD_EXIT
#include <asm-generic/vmlinux.lds.h>
#include <asm/cache.h>
#include <asm/page.h>
#include <asm/thread_info.h>

jiffies = jiffies_64;

SECTIONS
{
	HEAD_TEXT_SECTION
	INIT_TEXT_SECTION(PAGE_SIZE)
	/* Both symbols in one section: in ld -r, each begins at 0. */
	.init.data : {
		__init_begin = .;
		INIT_DATA
		INIT_SETUP(16)
		INIT_CALLS
		CON_INITCALL
		INIT_RAM_FS
		__init_end = .;
	}
	PERCPU_SECTION(L1_CACHE_BYTES)

	.text : {
		_stext = .;
		_text = .;
		TEXT_TEXT
		IRQENTRY_TEXT
		SOFTIRQENTRY_TEXT
		SCHED_TEXT
		LOCK_TEXT
		KPROBES_TEXT
		_etext = .;
	}

	_sdata = .;
	RO_DATA(PAGE_SIZE)
	.data.rel : {
		*(.data.rel.ro*)
		*(.data.rel.local*)
		*(.data.rel*)
	}
	RW_DATA(L1_CACHE_BYTES, PAGE_SIZE, THREAD_SIZE)
	_edata = .;

	EXCEPTION_TABLE(16)
	BSS_SECTION(0, 0, 0)
	_end = .;

	.eh_frame : { KEEP(*(.eh_frame)) }
	.note.GNU-stack : { *(.note.GNU-stack) }
	STABS_DEBUG
	DWARF_DEBUG
	ELF_DETAILS

	DISCARDS
}
