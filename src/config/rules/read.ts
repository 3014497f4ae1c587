// SPDX-License-Identifier: GPL-2.0-or-later
//
// The rules whose findings come of reading a text and its values: source.ts and document.ts make them.
import type { Rule } from './rule.ts';

export const syntax: Rule = {
  id: 'syntax',
  severity: 'error',
  fatal: true,
  summary: 'The text is not JSON.',
  details:
    'A missing comma, quote or brace. Reading goes on as if it were there, so that what else is wrong is told too.',
  bad: '{ "nameserver": "192.168.0.1" "debug": "1" }',
  good: '{ "nameserver": "192.168.0.1", "debug": "1" }',
};

export const strictJson: Rule = {
  id: 'strict-json',
  severity: 'error',
  fatal: true,
  summary: 'A file `.json` has something that only JSON5 knows.',
  details:
    'The library reads JSON as RFC 8259 defines it: without comments, without a comma after the last member, names and strings in double quotes. In a file named `.json5` all this is right, and in `.jsonc` comments and commas; the launcher hands the library plain JSON then.',
  bad: "{ nameserver: '192.168.0.1', }",
  good: '{ "nameserver": "192.168.0.1" }',
};

export const duplicateKey: Rule = {
  id: 'duplicate-key',
  severity: 'error',
  fatal: true,
  summary: 'A key stands twice in one object.',
  details: 'Which of the two counts would depend on the reader.',
  bad: '{ "debug": "1", "debug": "0" }',
  good: '{ "debug": "1" }',
};

export const unknownKey: Rule = {
  id: 'unknown-key',
  severity: 'error',
  fatal: true,
  summary: 'There is no such key.',
  details: 'A key that is mistyped would have no effect. Where a known one is near, it is named.',
  bad: '{ "nameservr": "192.168.0.1" }',
  good: '{ "nameserver": "192.168.0.1" }',
};

export const shape: Rule = {
  id: 'shape',
  severity: 'error',
  fatal: true,
  summary: 'An object or an array is missing where one belongs.',
  details: 'A configuration is an object, `interfaces` an array of objects.',
  bad: '{ "interfaces": { "type": "tap", "param": "tap0" } }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0" }] }',
};

export const valueType: Rule = {
  id: 'value-type',
  severity: 'error',
  fatal: true,
  summary: 'A value is of a type that its key does not take.',
  details: 'Values are strings; a number may be written as a number, and some lists as an array.',
  bad: '{ "nameserver": null }',
  good: '{ "nameserver": "192.168.0.1" }',
};

export const valueFormat: Rule = {
  id: 'value-format',
  severity: 'error',
  fatal: true,
  summary: 'A text is not of the form that its key wants.',
  details: 'The message tells the form. Blanks around the value are part of it, and wrong.',
  bad: '{ "nameserver": "192.168.0" }',
  good: '{ "nameserver": "192.168.0.1" }',
};

export const valueRange: Rule = {
  id: 'value-range',
  severity: 'error',
  fatal: true,
  summary: 'A number is out of its range.',
  details: 'The JSON Schema describes the text of a number and not its size, so that editors do not find this.',
  bad: '{ "interfaces": [{ "type": "tap", "param": "tap0", "mtu": "99999" }] }',
  good: '{ "interfaces": [{ "type": "tap", "param": "tap0", "mtu": "9000" }] }',
};

export const unknownRule: Rule = {
  id: 'unknown-rule',
  severity: 'warning',
  summary: 'A comment is against a rule that does not exist.',
  details: 'It has no effect; the name is mistyped, or the rule is gone.',
  bad: '{ /* lkl-config-disable no-such-rule */ }',
  good: '{ /* lkl-config-disable offload-dependency */ }',
};

export const reference: Rule = {
  id: 'reference',
  severity: 'error',
  summary: 'A text that begins like a reference to a variable is none.',
  details:
    'In the values of a file the launcher puts the value of an environment variable in place of `${NAME}`, and of `${NAME:-DEFAULT}` the default where there is none. `$${` stands for `${` itself. What a variable holds is checked when a program is started.',
  bad: '{ "nameserver": "${1SERVER}" }',
  good: '{ "nameserver": "${SERVER}" }',
};
