// SPDX-License-Identifier: GPL-2.0-or-later
import { pointerText, SEVERITIES } from '../finding.ts';
import { documentation } from './documentation.ts';
import type { Reporter } from './reporter.ts';

/** Everything that is known, for programs. */
export const json: Reporter = (reports) => {
  const findings = reports.flatMap((report) => report.findings);
  const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
  const files = reports.map(({ file, findings: found }) => ({
    file,
    findings: found.map(({ path, ...finding }) => ({
      pointer: pointerText(path),
      ...finding,
      documentation: documentation(finding.rule),
    })),
  }));
  const summary = {
    files: reports.length,
    ...Object.fromEntries(SEVERITIES.map((severity) => [severity, count(severity)])),
    fixable: findings.filter(({ fix }) => fix !== undefined).length,
  };
  return `${JSON.stringify({ version: 1, files, summary }, null, 2)}\n`;
};
