// SPDX-License-Identifier: GPL-2.0-or-later
import { execFileSync } from 'node:child_process';
import path from 'node:path';

export interface Certificate {
  readonly file: string;
  readonly key: string;
}

/** Makes a key and a certificate signed with it, for the names and addresses, in PEM files in the directory. */
export function makeCertificate(directory: string, names: readonly string[]): Certificate {
  const file = path.join(directory, 'certificate.pem');
  const key = path.join(directory, 'key.pem');
  const alternatives = names.map((name) => (/^[\d.]+$|:/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(',');
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
      ...['-keyout', key, '-out', file, '-subj', '/CN=test', '-addext', `subjectAltName=${alternatives}`],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  return { file, key };
}
