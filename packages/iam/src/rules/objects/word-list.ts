const SHOWN = 6;

/** Words for a message: `get, list`, the first few of many. The empty API group is `core`. */
export function wordList(words: readonly string[]): string {
  const shown = words.slice(0, SHOWN).map((word) => word || "core");
  const more = words.length > SHOWN ? `, … (${words.length} in all)` : "";
  return shown.join(", ") + more;
}
