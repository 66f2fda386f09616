/**
 * Where an input has text that no argument, header or YAML can carry on one line: control characters and halves of
 * surrogate pairs. Keys count with the path of their value.
 */
export function oddTexts(value: unknown, path: readonly PropertyKey[] = []): PropertyKey[][] {
  if (typeof value === "string") return isOdd(value) ? [[...path]] : [];
  if (typeof value !== "object" || value === null) return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, child]) =>
    typeof key === "string" && isOdd(key) ? [[...path, key]] : oddTexts(child, [...path, key]),
  );
}

function isOdd(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return true;
    if (code < 0xd800 || code > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (code > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return true;
    i++;
  }
  return false;
}
