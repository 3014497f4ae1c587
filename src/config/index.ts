// SPDX-License-Identifier: GPL-2.0-or-later
//
// What the launcher uses of the configuration model at every start; check.ts is for when something is wrong.
export { checkVariables } from './environment.ts';
export { findingLine } from './report/line.ts';
export { readSound } from './sound.ts';
