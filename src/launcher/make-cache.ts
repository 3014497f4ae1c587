// SPDX-License-Identifier: GPL-2.0-or-later
//
// A step of the build: `node make-cache.js BUNDLE LIBRARY CONFIGURATION` plans the start of a program, and keeps what V8
// has compiled for that.
import { writeFileSync } from 'node:fs';
import { cacheFile, loadScript } from './cached-script.ts';

const [bundle = '', library = '', configuration = ''] = process.argv.slice(2);
process.env.LKL_HIJACK_LIBRARY = library;
process.argv = [process.execPath, bundle, '', '--config', configuration, 'true'];

const script = loadScript(bundle);
process.on('exit', (status) => {
  if (status === 0) {
    writeFileSync(cacheFile(bundle), script.cache());
  }
});
script.run();
