// SPDX-License-Identifier: GPL-2.0-or-later
import { type CommandRow, Status } from './command.ts';

export const schema: CommandRow = {
  name: 'schema',
  description: 'print the JSON Schema of configuration files',
  define: () => {},
  run: async () => {
    const { schemaText } = await import('../schema.ts');
    process.stdout.write(schemaText());
    return Status.clean;
  },
};
