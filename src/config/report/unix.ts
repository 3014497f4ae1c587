// SPDX-License-Identifier: GPL-2.0-or-later
import { pathText } from '../finding.ts';
import { type Reporter, sentence } from './reporter.ts';

/** One line a finding, as compilers write it: every editor finds the place. */
export const unix: Reporter = (reports) =>
  reports
    .flatMap(({ file, findings }) =>
      findings.map((finding) => {
        const { line, column } = finding.range?.start ?? { line: 1, column: 1 };
        const text = sentence(pathText(finding.path), finding);
        return `${file}:${line}:${column}: ${finding.severity}: ${text} [${finding.rule}]\n`;
      }),
    )
    .join('');
