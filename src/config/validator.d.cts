// SPDX-License-Identifier: GPL-2.0-or-later
//
// Made by make-validator.ts of the published schema.
import type { ValidateFunction } from 'ajv';

export declare const validate: ValidateFunction;
