import { type Finding, parsePath } from "@ashlar/core";
import type { Answer } from "../components/api-client.ts";

/** What the server's decoder says of an object, or what we say, in the same terms. */
export type StructureVerdict =
  | { readonly kind: "decoded" }
  /** Unknown fields, as the server prints them; it names at most a hundred. */
  | { readonly kind: "unknown"; readonly fields: readonly string[] }
  /** Values of a wrong type: the server names the first, without indexes, or none. */
  | { readonly kind: "type"; readonly fields: readonly string[] };

/** An answer to a strict create. Whatever is refused after decoding counts as decoded. */
export function serverStructure(answer: Answer): StructureVerdict {
  if (answer.accepted) return { kind: "decoded" };
  const { code, message } = answer.status;
  if (code !== 400) return { kind: "decoded" };
  if (message.startsWith("strict decoding error: ") || message.includes(": strict decoding error: ")) {
    const fields = [...message.matchAll(/unknown field ("(?:[^"\\]|\\.)*")/g)];
    return { kind: "unknown", fields: set(fields.map((match) => withoutIndexes(JSON.parse(match[1]!)))) };
  }
  if (!/cannot be handled as an? |cannot unmarshal|unable to decode/.test(message))
    return { kind: "decoded" };
  const field = /Go struct field [A-Za-z]*\.([^ ]+) of type/.exec(message)?.[1];
  // Go names the structs that it inlines: spec.volumes.VolumeSource.nfs.
  return { kind: "type", fields: field === undefined ? [] : [field.replaceAll(/(?<=\.)[A-Z]\w+\./g, "")] };
}

/** Our problems in the server's terms. */
export function ourStructure(
  problems: readonly Pick<Finding, "severity" | "path" | "message">[],
): StructureVerdict {
  const errors = problems.filter(({ severity }) => severity === "error");
  if (errors.length === 0) return { kind: "decoded" };
  const types = errors.filter(({ message }) => / must be .* not /s.test(message));
  const kind = types.length > 0 ? "type" : "unknown";
  return { kind, fields: set((types.length > 0 ? types : errors).map(({ path }) => bare(path))) };
}

/** Whether both say the same: of wrong types the server names one at most, and stops its path at a mapping. */
export function sameStructure(theirs: StructureVerdict, ours: StructureVerdict): boolean {
  if (theirs.kind === "type" && ours.kind === "type")
    return theirs.fields.every((field) => ours.fields.some((our) => isAbout(our, field)));
  return JSON.stringify(theirs) === JSON.stringify(ours);
}

/** The server's path has neither keys of mappings nor, below a decoder of its own (a schema in a schema), its beginning. */
function isAbout(our: string, their: string): boolean {
  if (our.startsWith(`${their}.`)) return true;
  const [ours, theirs] = [our.split("."), their.split(".")];
  let next = ours.length - 1;
  const isBelow = theirs.reverse().every((segment, i) => {
    const found = ours.lastIndexOf(segment, next);
    // What is left out at the end is one key of a mapping, or the value that the decoder of its own was given.
    if (found < 0 || (i === 0 && found < ours.length - 2)) return false;
    next = found - 1;
    return true;
  });
  return isBelow;
}

/** Our path as the server prints it: keys of mappings after a dot. */
function bare(path: string): string {
  return parsePath(path)
    .filter((segment) => typeof segment === "string")
    .join(".");
}

function withoutIndexes(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "");
}

function set(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}
