import type { Finding } from "@ashlar/core";
import type { Answer } from "../components/api-client.ts";

/** What the API server says of an object, in the terms of our findings. */
export type ServerVerdict =
  | { readonly kind: "accepted" }
  /** Refused by validation: the fields at fault. */
  | { readonly kind: "invalid"; readonly fields: readonly string[] }
  /** Refused by strict decoding: unknown or duplicate fields, at most the first hundred. */
  | { readonly kind: "strict"; readonly fields: readonly string[] }
  /** Refused by decoding: the first value of a wrong type, without indexes; `undefined` when the message names no field. */
  | { readonly kind: "type"; readonly field: string | undefined };

/** Reads the server's answer. Anything but an acceptance or a refusal of the object itself throws. */
export function serverVerdict(answer: Answer): ServerVerdict {
  if (answer.accepted) return { kind: "accepted" };
  const { code, message, details } = answer.status;
  if (code === 422) {
    const fields = (details?.causes ?? []).map((cause) => cause.field ?? "");
    return { kind: "invalid", fields: sortedSet(fields) };
  }
  if (code === 400 && message.includes("strict decoding error")) {
    const fields = [...message.matchAll(/(?:unknown|duplicate) field ("(?:[^"\\]|\\.)*")/g)];
    return { kind: "strict", fields: sortedSet(fields.map((match) => JSON.parse(match[1]!) as string)) };
  }
  const wrongType = /cannot unmarshal .* into Go (?:struct field [A-Za-z]*\.([\w.]+)|value) of type/.exec(
    message,
  );
  if (code === 400 && wrongType) return { kind: "type", field: wrongType[1] };
  if (code === 400 && message.includes("parsing time")) return { kind: "type", field: undefined };
  throw new Error(`neither accepted nor refused for what it is: ${JSON.stringify(answer.status)}`);
}

/** The fields of our findings: sorted, each once. */
export function ourFields(findings: readonly Finding[]): readonly string[] {
  return sortedSet(findings.map((finding) => finding.path));
}

/** A path as the server's decoder prints it: without indexes. */
export function withoutIndexes(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "");
}

function sortedSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
