import {
  type Finding,
  formatPath,
  isRecord,
  type PathSegment,
  type Place,
  type Severity,
  suggest,
} from "@ashlar/core";

/** Takes what a check found. */
export type Tell = (
  code: string,
  severity: Severity,
  path: readonly PathSegment[],
  message: string,
  hint: string,
) => void;

/** Where a field of the realm's file was written: `locate("clients[0].redirectUris[1]")`. */
export type LocateField = (path: string) => Place | undefined;

export function teller(findings: Finding[], locate: LocateField | undefined): Tell {
  return (code, severity, path, message, hint) => {
    const text = formatPath(path);
    const at = locate?.(text);
    findings.push({ code, severity, message, hint, path: text, ...(at && { at }) });
  };
}

/** The objects of a list, with their paths; anything else in it is the structure check's. */
export function recordsAt(
  value: unknown,
  path: readonly PathSegment[],
): { readonly item: Readonly<Record<string, unknown>>; readonly at: readonly PathSegment[] }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, i) => (isRecord(item) ? [{ item, at: [...path, i] }] : []));
}

/** The texts of a list, with their paths. */
export function textsAt(
  value: unknown,
  path: readonly PathSegment[],
): { readonly text: string; readonly at: readonly PathSegment[] }[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((text: unknown, i) => (typeof text === "string" ? [{ text, at: [...path, i] }] : []));
}

/** The entries of an object. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

/** Own property of an object; nothing of its prototype. */
export function field(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** A switch as Keycloak reads it; `absent` when it is not written. */
export function isOn(value: unknown, absent = false): boolean {
  if (value === undefined || value === null) return absent;
  return value === true || value === 1 || (typeof value === "string" && value.toLowerCase() === "true");
}

/** A short, quoted form of a name for messages. */
export function show(value: unknown): string {
  const text = typeof value === "string" ? value : String(value);
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
}

/** The most names that a misspelt one is compared with; a file may hold ten thousand of both. */
const MOST_COMPARED = 100;

/** `suggest` for names out of a file: bounded, however many and however long they are. */
export function suggestName(word: string, known: Iterable<string>): string {
  const few: string[] = [];
  for (const name of known) {
    if (few.length === MOST_COMPARED) break;
    if (name.length <= MOST_COMPARED) few.push(name);
  }
  return suggest(word.slice(0, MOST_COMPARED), few);
}
