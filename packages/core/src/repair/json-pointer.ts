/** The keys of a JSON pointer (RFC 6901); `undefined` for a text that is none: no leading `/`, or `~` without 0 or 1. */
export function parsePointer(pointer: string): string[] | undefined {
  if (pointer === "") return [];
  if (!pointer.startsWith("/") || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split("/")
    .map((key) => key.replace(/~1/g, "/").replace(/~0/g, "~"));
}

/**
 * The JSON pointer to a field.
 *
 * @example formatPointer(["metadata", "labels", "app.kubernetes.io/name"]) // "/metadata/labels/app.kubernetes.io~1name"
 */
export function formatPointer(keys: readonly (string | number)[]): string {
  return keys.map((key) => `/${String(key).replace(/~/g, "~0").replace(/\//g, "~1")}`).join("");
}

/** The index that a key of a pointer means in a list (RFC 6901, section 4): digits without leading zeros. */
export function listIndex(key: string): number | undefined {
  return /^(0|[1-9][0-9]{0,14})$/.test(key) ? Number(key) : undefined;
}
