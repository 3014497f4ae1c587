// SPDX-License-Identifier: GPL-2.0-or-later
/** A web server with the files of a directory: in the clear on port 80, over TLS with HTTP/2 on port 443. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Certificate, makeCertificate } from './certificate.ts';

export interface Site {
  /** What runs it; it stays in the foreground, one process. */
  readonly command: readonly string[];
  /** Where its files are. */
  readonly root: string;
  readonly certificate: Certificate;
}

/** Writes its configuration into a directory, which is made; `names` are those of its certificate. */
export function makeSite(directory: string, names: readonly string[] = ['server.test']): Site {
  const root = path.join(directory, 'www');
  mkdirSync(root, { recursive: true });
  const certificate = makeCertificate(directory, names);
  const conf = path.join(directory, 'nginx.conf');
  writeFileSync(
    conf,
    `daemon off; master_process off; pid ${directory}/nginx.pid; error_log ${directory}/error.log;
     events { worker_connections 512; }
     http { access_log off; sendfile on; tcp_nopush on; client_body_temp_path ${directory}; proxy_temp_path ${directory};
       fastcgi_temp_path ${directory}; uwsgi_temp_path ${directory}; scgi_temp_path ${directory};
       server { listen 80; listen [::]:80; listen 443 ssl http2; listen [::]:443 ssl http2; root ${root};
         ssl_certificate ${certificate.file}; ssl_certificate_key ${certificate.key}; } }`,
  );
  return { command: ['nginx', '-c', conf, '-e', path.join(directory, 'error.log')], root, certificate };
}
