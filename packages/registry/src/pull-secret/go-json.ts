import { toBytes } from "../docker-config/byte-string.ts";

/** JSON with the escapes of Go's encoding/json, so that the bytes are those that kubectl writes. Names are sorted by their bytes. */
export function goObject(members: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(members)
    .map(([name, value]) => ({ name, value, key: toBytes(name) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return `{${sorted.map(({ name, value }) => `${goString(name)}:${value}`).join(",")}}`;
}

/** A Go struct: its fields in the order given, without the empty ones (`omitempty`). */
export function goStruct(fields: Readonly<Record<string, string>>): string {
  const parts = Object.entries(fields).filter(([, value]) => value !== "");
  return `{${parts.map(([name, value]) => `${goString(name)}:${goString(value)}`).join(",")}}`;
}

/** A text; `<`, `>`, `&` and the two line separators of JavaScript are escaped, DEL and all else is not. */
function goString(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
