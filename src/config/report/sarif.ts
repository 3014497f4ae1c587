// SPDX-License-Identifier: GPL-2.0-or-later
import { pathToFileURL } from 'node:url';
import type { Log, PhysicalLocation, Region, ReportingDescriptor, Result } from 'sarif';
import { type Finding, pathText, pointerText, type Range, type Severity } from '../finding.ts';
import { findRule, rules } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { documentation } from './documentation.ts';
import { type Reporter, sentence } from './reporter.ts';

const LEVELS = { error: 'error', warning: 'warning', info: 'note' } as const satisfies Record<Severity, string>;

/** The Static Analysis Results Interchange Format 2.1.0 (OASIS). */
export const sarif: Reporter = (reports) => {
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'lkl-config', rules: rules.map(descriptor) } },
        columnKind: 'unicodeCodePoints',
        artifacts: reports.map(({ file }) => ({ location: { uri: uriOf(file) } })),
        results: reports.flatMap(({ file, findings }, index) =>
          findings.map((finding) => result(finding, { uri: uriOf(file), index })),
        ),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

type Artifact = NonNullable<PhysicalLocation['artifactLocation']>;

function descriptor({ id, severity, summary, details }: Rule): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: summary },
    fullDescription: { text: details },
    help: { text: `${summary} ${details} (${documentation(id)})` },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function result(finding: Finding, artifact: Artifact): Result {
  const { rule, severity, path, range, related = [], fix } = finding;
  const index = rules.findIndex(({ id }) => id === rule);
  const place = (where: Range | undefined): PhysicalLocation => ({
    artifactLocation: artifact,
    ...(where === undefined ? {} : { region: region(where) }),
  });
  return {
    ruleId: rule,
    ...(findRule(rule) === undefined ? {} : { ruleIndex: index }),
    level: LEVELS[severity],
    message: { text: sentence(pathText(path), finding) },
    locations: [
      {
        physicalLocation: place(range),
        ...(path.length === 0
          ? {}
          : {
              logicalLocations: [{ name: String(path.at(-1)), fullyQualifiedName: pointerText(path), kind: 'member' }],
            }),
      },
    ],
    ...(related.length === 0
      ? {}
      : {
          relatedLocations: related.map((one, id) => ({
            id,
            physicalLocation: place(one.range),
            message: { text: one.message },
          })),
        }),
    ...(fix === undefined
      ? {}
      : {
          fixes: [
            {
              description: { text: fix.description },
              artifactChanges: [
                {
                  artifactLocation: artifact,
                  replacements: fix.edits.map((edit) => ({
                    deletedRegion: region(edit.range),
                    insertedContent: { text: edit.text },
                  })),
                },
              ],
            },
          ],
        }),
  };
}

function region({ start, end }: Range): Region {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** A relative path stays relative to wherever the repository is looked at. */
function uriOf(file: string): string {
  return file.startsWith('/') ? pathToFileURL(file).href : file.split('/').map(encodeURIComponent).join('/');
}
