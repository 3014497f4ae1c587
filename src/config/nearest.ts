// SPDX-License-Identifier: GPL-2.0-or-later
import { distance } from 'fastest-levenshtein';

/** The words that were probably meant: at most two edits away, and at most a third of the word changed. */
export function nearestAll(word: string, known: readonly string[]): string[] {
  let best: string[] = [];
  let least = Math.min(2, Math.floor(word.length / 3));
  for (const candidate of known) {
    const edits = distance(word, candidate);
    if (edits <= least) {
      best = edits < least ? [candidate] : [...best, candidate];
      least = edits;
    }
  }
  return best;
}

/** One of them. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return nearestAll(word, known)[0];
}
