// SPDX-License-Identifier: GPL-2.0-or-later
//
// dist/launch.cjs, which bin/lkl-hijack starts: runs the planner's bundle.
import path from 'node:path';
import { loadScript } from './cached-script.ts';

loadScript(path.join(path.dirname(process.argv[1] ?? ''), 'planner.cjs')).run();
