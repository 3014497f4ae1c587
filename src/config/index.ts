// SPDX-License-Identifier: GPL-2.0-or-later
//
// What other parts use of the configuration model.
export { checkText } from './check.ts';
export { checkVariables } from './environment.ts';
export { findingLine } from './report.ts';
