import { type Finding, formatRef, type Place } from "@ashlar/core";
import type { Io } from "./io.ts";

type Color = "red" | "green" | "yellow" | "dim" | "bold";

const CODES: Readonly<Record<Color, number>> = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 };

/** Colours a text, on a terminal only. */
export function paint(io: Pick<Io, "color">, color: Color, text: string): string {
  return io.color ? `\u001b[${CODES[color]}m${text}\u001b[0m` : text;
}

/** A finding for people: place, what is wrong, what to write instead. */
export function formatFinding(finding: Finding, io: Pick<Io, "color">): string {
  const { severity, code, message, hint, path, subject, at, related = [] } = finding;
  const where = [at && formatPlace(at), subject && formatRef(subject), path || undefined].filter(
    (part) => part !== undefined,
  );
  return [
    `${paint(io, severity === "error" ? "red" : "yellow", severity)} ${printable(message)} ${paint(io, "dim", `[${code}]`)}`,
    ...(where.length > 0 ? [`  at ${printable(where.join("  "))}`] : []),
    ...related.map(
      (r) =>
        `  ${printable(r.message)}${r.subject ? `: ${printable(formatRef(r.subject))}` : ""}${r.at ? ` (${formatPlace(r.at)})` : ""}`,
    ),
    `  → ${printable(hint)}`,
  ].join("\n");
}

export function formatPlace({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

/** Control characters of foreign text shown as escapes, so that input cannot drive the terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, (c) =>
    c === "\n" ? c : `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
