import type { FieldChange } from "@ashlar/core";
import { type ChangeOfMeaning, formatMeaning } from "../meaning.ts";
import type { Io } from "./io.ts";
import { paint, printable } from "./text.ts";

/** What a change means, model by model. */
export function printMeaning(meaning: ChangeOfMeaning, io: Io): void {
  for (const { title, nothing, lines } of formatMeaning(meaning)) {
    io.out(lines.length > 0 ? `\n${title}:\n` : `\n${title}: ${nothing}.\n`);
    for (const { tone, text } of lines) io.out(`  ${paint(io, tone, printable(text))}\n`);
  }
}

/** `spec.replicas: 1 → 2` */
export function formatFieldChange({ path, before, after }: FieldChange): string {
  return `${path}: ${value(before)} → ${value(after)}`;
}

function value(field: unknown): string {
  const text = field === undefined ? "(absent)" : JSON.stringify(field);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
