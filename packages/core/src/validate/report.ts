import { suggest } from "../did-you-mean.ts";
import { type PathSegment, parsePath } from "../field-path.ts";
import type { PatchOperation } from "../finding.ts";

/** Something that the API server refuses, before it is tied to an object and a place. */
export interface Problem {
  /** The field as the server names it: `spec.template.spec.containers[0].ports[1].name`. */
  readonly path: string;
  /** What was expected and what was found. */
  readonly message: string;
  readonly hint: string;
  /** The certain remedy, as JSON patch of the object; absent when somebody has to decide. */
  readonly fix?: readonly PatchOperation[];
  /** The path to look up in the text, where the server's own is coarser than what is known or is no field at all. */
  readonly where?: string;
}

/** Takes one problem. */
export type Report = (
  path: string,
  message: string,
  hint: string,
  more?: Pick<Problem, "fix" | "where">,
) => void;

/** Reports a field that has to be there and is not. */
export function missing(report: Report, path: string, hint: string, where?: string): void {
  report(path, `${path} is required, and there is none`, hint, where === undefined ? undefined : { where });
}

/** Reports a value that is none of those allowed. When only the case of letters differs the remedy is certain. */
export function checkOneOf(
  value: string,
  allowed: readonly string[],
  path: string,
  report: Report,
  place = path,
): void {
  if (allowed.includes(value)) return;
  const meant = allowed.find((word) => word.toLowerCase() === value.toLowerCase());
  report(
    path,
    `${quoted(value)} is not one of ${allowed.join(", ")}`,
    meant === undefined ? suggest(value, allowed) : `write ${meant}`,
    {
      ...(meant !== undefined && { fix: [{ op: "replace" as const, path: pointer(place), value: meant }] }),
      ...(place !== path && { where: place }),
    },
  );
}

/** Reports a key of a mapping that is none of those known. */
export function checkKnownKey(key: string, known: readonly string[], path: string, report: Report): void {
  if (!known.includes(key))
    report(path, `${quoted(key)} is not one of ${known.join(", ")}`, suggest(key, known));
}

/** Reports a number below zero. */
export function checkNotNegative(value: number | undefined, path: string, report: Report): void {
  if (value !== undefined && value < 0)
    report(path, `${path} must be 0 or more, not ${value}`, "write 0 or a positive number");
}

/** Reports a number outside of a range, both ends included. */
export function checkRange(value: number, least: number, most: number, path: string, report: Report): void {
  if (value < least || value > most)
    report(
      path,
      `${path} must be ${least} to ${most}, not ${value}`,
      `write a number from ${least} to ${most}`,
    );
}

/** The JSON pointer (RFC 6901) of a field path. */
export function pointer(path: string): string {
  return parsePath(path)
    .map((segment: PathSegment) => `/${String(segment).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

const SHOWN_CHARACTERS = 80;

/** A string in quotes, control characters escaped, cut after 80 characters. */
export function quoted(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))}… (${text.length} characters)`;
}
