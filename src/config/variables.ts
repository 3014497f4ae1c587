// SPDX-License-Identifier: GPL-2.0-or-later

/** Environment variables of this family that are no keys of a configuration: hijack/config.c has the same. */
export const otherVariables: Readonly<Record<string, string>> = {
  LKL_HIJACK_CONFIG_FILE:
    'The configuration file, where --config does not name one; a value that begins with a brace is the configuration itself.',
  LKL_HIJACK_CONFIG_NAME: 'What messages call a configuration that LKL_HIJACK_CONFIG_FILE holds itself.',
  LKL_HIJACK_LIBRARY: 'The library to preload in place of the installed one.',
  LKL_HIJACK_ON_ERROR: 'What a failing step of the network set-up does, as --on-error: stop or continue.',
  LKL_HIJACK_PCAP: 'A file that gets the packets, as --pcap.',
  LKL_HIJACK_TRACE: 'The classes of calls to tell of, as --trace: all, net, fd, path, ready, process.',
  LKL_HIJACK_TRACE_FILE: 'The file to tell of them in, as --trace-file.',
};
