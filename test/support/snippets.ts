// SPDX-License-Identifier: GPL-2.0-or-later

/** A fenced block of a page in Markdown. */
export interface Snippet {
  /** The first word after the fence: `json`, `console` and so on. */
  readonly language: string;
  /** What follows it: the file that the block is. */
  readonly name: string;
  readonly text: string;
  /** Where it begins. */
  readonly line: number;
}

export function findSnippets(markdown: string): Snippet[] {
  return [...markdown.matchAll(/^```(\S*)[ \t]*(.*)\n([\s\S]*?)^```$/gm)].map(
    ([, language = '', name = '', text = ''], index, all) => ({
      language,
      name,
      text,
      line: markdown.slice(0, all[index]?.index).split('\n').length,
    }),
  );
}

/** A command of a transcript, and what it prints. */
export interface Step {
  readonly command: string;
  readonly output: string;
}

/** Takes a transcript apart: `$ ` begins a command. */
export function findSteps(transcript: string): Step[] {
  return transcript
    .split(/^\$ /m)
    .slice(1)
    .map((step) => {
      const end = step.indexOf('\n');
      return { command: step.slice(0, end), output: step.slice(end + 1) };
    });
}

/** Whether a command printed what a transcript says, in which three dots stand for anything. */
export function isLike(printed: string, output: string): boolean {
  const pattern = output
    .split('...')
    .map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('[\\s\\S]*?');
  return new RegExp(`^${pattern}$`).test(printed);
}
