import { nearest, suggest } from "../did-you-mean.ts";
import { formatPath, type PathSegment } from "../field-path.ts";
import type { PatchOperation } from "../finding.ts";
import { formatPointer } from "../repair/json-pointer.ts";
import { placeOf } from "./places.ts";
import { type Checker, type Found, newReading } from "./reading.ts";
import { SCALARS } from "./scalars.ts";

/** A problem of structure, before it is tied to an object and a place. */
export interface StructureProblem {
  /** The field as the server names it: `spec.template.spec.containers[0].prots`. */
  readonly path: string;
  /** What was expected and what was found. */
  readonly message: string;
  readonly hint: string;
  /** `warning`: the server takes the object, and leaves the field out. */
  readonly severity: "error" | "warning";
  /** The certain remedy, as JSON patch of the object; absent when somebody has to decide. */
  readonly fix?: readonly PatchOperation[];
  /** Read well, and refused by the schema of its CustomResourceDefinition: a value, or a field that is not there. */
  readonly isValue?: true;
}

/** What is checked, as far as hints need it. `definition`: of a built-in kind. */
export interface Subject {
  readonly object: unknown;
  readonly definition?: string | undefined;
}

/** Beyond so many problems of one object hints stop looking for places and near names. */
const FULL_HINTS = 100;

/** What was found in an object, in words. */
export function problemsOf(found: readonly Found[], subject: Subject): StructureProblem[] {
  return found.map((one, i) => {
    if (one.kind === "type") return wrongType(one, isSecret(subject, one.segments));
    if (one.kind === "unknown") return unknownField(one, subject, i < FULL_HINTS);
    return {
      path: formatPath(one.segments),
      severity: "error",
      message: one.message,
      hint: one.hint,
      isValue: true,
    };
  });
}

/** Whether a value is one of a Secret, which no message and no fix may show. */
function isSecret({ definition }: Subject, segments: readonly PathSegment[]): boolean {
  return definition === "core.v1.Secret" && segments[0] !== "metadata";
}

function wrongType(
  { segments, value, expected }: Found & { kind: "type" },
  secret: boolean,
): StructureProblem {
  const path = formatPath(segments);
  if (secret)
    return {
      path,
      severity: "error",
      message: `${path} must be ${expected}, not this ${Array.isArray(value) ? "list" : typeof value} (hidden)`,
      hint: expected === SCALARS.s!.expected ? "put it in quotes" : `write ${expected}`,
    };
  const meant = certainValue(value, expected);
  return {
    path,
    severity: "error",
    message: `${path || "the object"} must be ${expected}, not ${shown(value)}`,
    hint: meant === undefined ? howToWrite(value, expected) : `write ${meant} without quotes`,
    ...(meant !== undefined && { fix: [{ op: "replace", path: formatPointer(segments), value: meant }] }),
  };
}

/** The number or boolean that a string holds, where that alone can be meant. */
function certainValue(value: unknown, expected: string): number | boolean | undefined {
  if (typeof value !== "string") return undefined;
  if (expected === SCALARS.b!.expected)
    return value === "true" ? true : value === "false" ? false : undefined;
  const scalar = [SCALARS.i!, SCALARS.l!].find((s) => s.expected === expected);
  if (scalar === undefined || !/^(0|-?[1-9][0-9]{0,14})$/.test(value)) return undefined;
  return scalar.reads(Number(value)) ? Number(value) : undefined;
}

function howToWrite(value: unknown, expected: string): string {
  const isPlain = typeof value === "number" || typeof value === "boolean";
  if (expected === SCALARS.s!.expected && isPlain) return `put it in quotes: "${value}"`;
  if (expected === "a list") return 'put "- " before it: a list of one';
  if (Array.isArray(value)) return `write ${expected} instead of the list: without "- "`;
  if (typeof value === "string" && value.includes(": "))
    return `write ${expected}: a line break after the colon, and the fields below it`;
  return `write ${expected}`;
}

function unknownField(one: Found & { kind: "unknown" }, subject: Subject, full: boolean): StructureProblem {
  const { segments, owner, fields, fate } = one;
  const name = String(segments.at(-1));
  const path = formatPath(segments);
  return {
    path,
    severity: fate === "refused" ? "error" : "warning",
    message: `${path} is not a field ${FATES[fate]}: ${expectedFields(fields)}`,
    ...(full
      ? remedy(name, owner, fields, segments, subject)
      : { hint: "remove it, or correct its name or indentation" }),
  };
}

const FATES = {
  refused: "of the API",
  pruned: "of its CustomResourceDefinition, and is pruned or, with strict field validation, refused",
  dropped: "of the API, and is dropped without a word",
} as const;

const SHOWN_FIELDS = 12;

function expectedFields(fields: ReadonlyMap<string, Checker>): string {
  const names = [...fields.keys()];
  if (names.length === 0) return "there is none here";
  const shownNames = names.slice(0, SHOWN_FIELDS).join(", ");
  return `expected ${shownNames}${names.length > SHOWN_FIELDS ? `, … (${names.length} in all)` : ""}`;
}

function remedy(
  name: string,
  owner: Readonly<Record<string, unknown>>,
  fields: ReadonlyMap<string, Checker>,
  segments: readonly PathSegment[],
  { object, definition }: Subject,
): Pick<StructureProblem, "hint" | "fix"> {
  const place = definition === undefined ? undefined : placeOf(name, definition, object, segments);
  const near = nearName(name, fields);
  if (near === undefined && place !== undefined)
    return { hint: `move it: ${JSON.stringify(name)} belongs to ${place}; check the indentation` };
  if (near === undefined && fields.has("matchLabels") && fields.has("matchExpressions"))
    return { hint: `write matchLabels: and below it ${shortened(name)}` };
  if (near === undefined) return { hint: `remove it, or ${suggest(name, fields.keys())}` };
  if (Object.hasOwn(owner, near))
    return { hint: `remove it, or correct its name: "${near}", which is nearest, is there already` };
  const alternative = place === undefined ? "" : `, or does it belong to ${place}?`;
  const hint = `did you mean "${near}"?${alternative}`;
  const value = owner[name];
  const certain =
    !isSecret({ object, definition }, segments) &&
    place === undefined &&
    !hasOther(name, near, fields) &&
    fits(value, fields.get(near)!);
  if (!certain) return { hint };
  const above = segments.slice(0, -1);
  const fix: readonly PatchOperation[] = [
    { op: "add", path: formatPointer([...above, near]), value },
    { op: "remove", path: formatPointer(segments) },
  ];
  return { hint, fix };
}

/** The field that differs in the case of letters alone, else the nearest one. */
function nearName(name: string, fields: ReadonlyMap<string, Checker>): string | undefined {
  return (
    [...fields.keys()].find((field) => field.toLowerCase() === name.toLowerCase()) ??
    nearest(name, fields.keys())
  );
}

/** Whether another field is near as well, so that somebody has to decide. */
function hasOther(name: string, near: string, fields: ReadonlyMap<string, Checker>): boolean {
  if (near.toLowerCase() === name.toLowerCase()) return false;
  return (
    nearest(
      name,
      [...fields.keys()].filter((field) => field !== near),
    ) !== undefined
  );
}

function fits(value: unknown, check: Checker): boolean {
  if (value === null || value === undefined) return false;
  const reading = newReading();
  check(value, reading, 0);
  return reading.found.length === 0;
}

const SHOWN_CHARACTERS = 80;

/** A value for messages: strings in quotes and cut, lists and mappings by their kind alone. */
export function shown(value: unknown): string {
  if (typeof value === "string") return shortened(value);
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a mapping" : `a ${typeof value}, which is not JSON`;
}

function shortened(text: string): string {
  if (text.length <= SHOWN_CHARACTERS) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, SHOWN_CHARACTERS))}… (${text.length} characters)`;
}
