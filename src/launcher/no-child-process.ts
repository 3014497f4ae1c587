// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the bundle of the launcher has in place of node:child_process (scripts/bundle). Commander asks for it at every
// start, which costs 4 ms, and uses it only for subcommands that are programs of their own.
export {};
