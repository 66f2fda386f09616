import { suggest } from "@ashlar/core";
import { type Problem, shown } from "./problem.ts";
import { placesOf, type Shape } from "./shape.ts";

/**
 * Reads a JSON value as the API server does with strict field validation (sigs.k8s.io/json: names are case-sensitive; null
 * is the absence of a field, and the empty value in a list or map).
 *
 * The result has no nulls and only known fields of the right types. It is meaningful only when no problem was added:
 * what cannot be decoded is left out.
 *
 * @example decode({ endPort: "90" }, port, "spec.ingress[0].ports[0]", problems)
 * // adds spec.ingress[0].ports[0].endPort: must be a whole number, not "90"
 */
export function decode(value: unknown, shape: Shape, path: string, problems: Problem[]): unknown {
  return read(value, shape, { path, where: path, root: shape, problems });
}

interface Reading {
  readonly path: string;
  readonly where: string;
  readonly root: Shape;
  readonly problems: Problem[];
}

function read(value: unknown, shape: Shape, reading: Reading): unknown {
  switch (shape.kind) {
    case "struct":
      return isRecord(value)
        ? readStruct(value, shape.fields, reading)
        : refuse(value, "a mapping of fields", reading);
    case "list":
      if (!Array.isArray(value)) return refuse(value, "a list", reading);
      return value.map((item, i) =>
        isNull(item) ? emptyOf(shape.of) : read(item, shape.of, below(reading, `[${i}]`)),
      );
    case "map":
      if (!isRecord(value)) return refuse(value, "a mapping of keys to values", reading);
      return Object.fromEntries(
        Object.entries(value).map(([key, item]) => [
          key,
          isNull(item)
            ? emptyOf(shape.of)
            : // The server's message stops at the map.
              read(item, shape.of, { ...reading, where: `${reading.where}[${key}]` }),
        ]),
      );
    case "anything":
      return value;
    default:
      return isScalar(value, shape.kind) ? value : refuse(value, SCALARS[shape.kind], reading);
  }
}

function readStruct(
  value: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, Shape>>,
  reading: Reading,
): unknown {
  const decoded: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(value)) {
    const at = below(reading, reading.path === "" ? name : `.${name}`);
    if (!Object.hasOwn(fields, name)) at.problems.push(unknownField(name, Object.keys(fields), at));
    else if (!isNull(item)) decoded[name] = read(item, fields[name]!, at);
  }
  return decoded;
}

function below(reading: Reading, step: string): Reading {
  return { ...reading, path: reading.path + step, where: reading.where + step };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** In JSON there is no undefined: such a field is left out, such an item of a list is written as null. */
function isNull(value: unknown): boolean {
  return value === null || value === undefined;
}

function emptyOf({ kind }: Shape): unknown {
  switch (kind) {
    case "struct":
    case "map":
      return {};
    case "list":
      return [];
    case "bool":
      return false;
    case "int32":
    case "int64":
    case "intOrString":
      return 0;
    default:
      return "";
  }
}

type ScalarKind = Exclude<Shape["kind"], "struct" | "list" | "map" | "anything">;

const SCALARS: Readonly<Record<ScalarKind, string>> = {
  string: "a string",
  int32: "a whole number of 32 bits",
  int64: "a whole number of 64 bits",
  bool: "true or false",
  intOrString: "a whole number or a string",
  time: "a time like 2026-11-01T12:00:00Z",
};

function isScalar(value: unknown, kind: ScalarKind): boolean {
  switch (kind) {
    case "string":
      return typeof value === "string";
    case "bool":
      return typeof value === "boolean";
    case "int32":
      return isInteger(value, 2 ** 31);
    case "int64":
      return isInteger(value, 2 ** 63);
    case "intOrString":
      return typeof value === "string" || isInteger(value, 2 ** 31);
    case "time":
      return typeof value === "string" && isTime(value);
  }
}

function isInteger(value: unknown, limit: number): boolean {
  // -2^63 is written as -9223372036854776000, which no longer fits.
  const lowest = limit === 2 ** 63 ? -limit + 1024 : -limit;
  return typeof value === "number" && Number.isInteger(value) && value >= lowest && value < limit;
}

/** RFC 3339 as Go's `time.Parse` reads it: also a comma before the fraction, and hours of one digit. */
function isTime(text: string): boolean {
  const match =
    /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{1,2}):([0-9]{2}):([0-9]{2})([.,][0-9]+)?(Z|[+-]([0-9]{2}):([0-9]{2}))$/.exec(
      text,
    );
  if (!match) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  const [zoneHour, zoneMinute] = [Number(match[9] ?? 0), Number(match[10] ?? 0)];
  return (
    days !== undefined &&
    day >= 1 &&
    day <= days &&
    hour < 24 &&
    minute < 60 &&
    second < 60 &&
    zoneHour <= 24 && // Go's own bounds
    zoneMinute <= 60
  );
}

/** Adds the problem; what could not be read has no value. */
function refuse(value: unknown, expected: string, { path, where, problems }: Reading): undefined {
  problems.push({
    path,
    ...(where !== path && { where }),
    message: `${where || "the object"} must be ${expected}, not ${shown(value)}`,
    hint: howToWrite(value, expected),
  });
}

function howToWrite(value: unknown, expected: string): string {
  const isPlain = typeof value === "number" || typeof value === "boolean";
  if (expected === SCALARS.string && isPlain) return `put it in quotes: "${value}"`;
  if (typeof value === "string" && /^-?[0-9]{1,10}$/.test(value) && expected.startsWith("a whole number"))
    return `write ${value} without quotes`;
  if (expected === "a list" && !Array.isArray(value)) return 'put "- " before it: a list of one';
  if (Array.isArray(value)) return `write ${expected} instead of the list: without "- "`;
  return `write ${expected}`;
}

function unknownField(name: string, known: readonly string[], { path, root }: Reading): Problem {
  const elsewhere = placesOf(name, root);
  return {
    path,
    message: `${path} is not a field of the API: expected ${known.join(", ")}`,
    hint:
      elsewhere.length > 0
        ? `move it: ${JSON.stringify(name)} belongs to ${elsewhere.join(" or ")}; check the indentation`
        : `remove it, or ${suggest(name, known)}`,
  };
}
