/**
 * The known word nearest to `word` by edit distance with transpositions (optimal string alignment), or `undefined`
 * when none is near: at most a third of the longer word may differ. The first of equals wins.
 *
 * @example nearest("dvelopment", ["production", "development"]) // "development"
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    const limit = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (Math.abs(word.length - candidate.length) > limit) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= limit && distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** A hint sentence: `did you mean "prod"?`, or the known words when none is near. */
export function suggest(word: string, known: Iterable<string>): string {
  const words = [...known];
  const near = nearest(word, words);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (words.length === 0) return "none is known here";
  const shown = words.slice(0, 12).map((w) => `"${w}"`);
  return `write one of ${shown.join(", ")}${words.length > shown.length ? `, … (${words.length} in all)` : ""}`;
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let cost = Math.min(row[j - 1]! + 1, last[j]! + 1, substitute);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, beforeLast[j - 2]! + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
