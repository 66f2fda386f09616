import { isRecord } from "../json.ts";
import { linearPattern } from "./pattern.ts";
import type { Checker, Reading } from "./reading.ts";
import { shown } from "./words.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Looks at a value of the right type. */
export type Check = Checker;

/**
 * The value checks of one node of a structural schema: `enum`, bounds of numbers, lengths, `pattern`, uniqueness of lists of
 * type `set` and `map`, and `allOf`, `anyOf`, `oneOf`, `not`.
 *
 * @param compile makes the checker of a branch of `allOf` and its like
 */
export function valueChecks(schema: Schema, compile: (branch: Schema) => Checker): Check[] {
  return [
    ...enumCheck(schema),
    ...numberChecks(schema),
    ...lengthChecks(schema),
    ...patternCheck(schema),
    ...uniqueCheck(schema),
    ...branchChecks(schema, compile),
  ];
}

function add({ trail, found }: Reading, depth: number, value: unknown, expected: string, hint: string): void {
  const segments = trail.slice(0, depth);
  const name = segments.at(-1) ?? "the object";
  found.push({ kind: "value", segments, message: `${name} must be ${expected}, not ${shown(value)}`, hint });
}

function enumCheck({ enum: allowed }: Schema): Check[] {
  if (!Array.isArray(allowed) || allowed.length === 0) return [];
  const texts = new Set(allowed.map((value) => JSON.stringify(value)));
  const words = allowed.slice(0, 12).map(shown).join(", ");
  return [
    (value, reading, depth) => {
      // The server finds no null in an enum, not even where it is written there.
      if (value === null || !texts.has(JSON.stringify(value)))
        add(reading, depth, value, `one of ${words}`, "write one of the values above");
    },
  ];
}

function numberChecks(schema: Schema): Check[] {
  const { minimum, maximum, multipleOf, exclusiveMinimum, exclusiveMaximum } = schema;
  const checks: Check[] = [];
  const check = (wrong: (n: number) => boolean, expected: string) =>
    checks.push((value, reading, depth) => {
      if (typeof value === "number" && wrong(value))
        add(reading, depth, value, expected, `write a number that is ${expected}`);
    });
  if (typeof minimum === "number")
    if (exclusiveMinimum === true) check((n) => n <= minimum, `more than ${minimum}`);
    else check((n) => n < minimum, `${minimum} or more`);
  if (typeof maximum === "number")
    if (exclusiveMaximum === true) check((n) => n >= maximum, `less than ${maximum}`);
    else check((n) => n > maximum, `${maximum} or less`);
  if (typeof multipleOf === "number" && multipleOf > 0)
    check((n) => !isMultiple(n, multipleOf), `a multiple of ${multipleOf}`);
  return checks;
}

/** As the server computes it: of a whole number only the whole part of the factor counts, and a product may be a little off. */
function isMultiple(value: number, factor: number): boolean {
  const whole = Math.trunc(factor);
  if (Number.isSafeInteger(value)) return whole !== 0 && value % whole === 0;
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  const off = Math.abs(times - Math.trunc(times));
  return Math.abs(times) <= Number.MAX_SAFE_INTEGER && off / Math.abs(times + Math.trunc(times)) < 1e-9;
}

function lengthChecks(schema: Schema): Check[] {
  const checks: Check[] = [];
  const check = (
    least: unknown,
    most: unknown,
    unit: string,
    size: (value: unknown) => number | undefined,
  ) => {
    if (typeof least !== "number" && typeof most !== "number") return;
    checks.push((value, reading, depth) => {
      const count = size(value);
      if (count === undefined) return;
      const [low, high] = [least as number, most as number];
      // A bound that is not there is undefined, and no number is less or more than that.
      if (count < low)
        add(reading, depth, value, `of ${low} ${unit} or more`, `it has ${count}: write ${low} or more`);
      if (count > high)
        add(reading, depth, value, `of ${high} ${unit} at most`, `it has ${count}: write ${high} at most`);
    });
  };
  check(schema.minLength, schema.maxLength, "characters", (value) =>
    typeof value === "string" ? [...value].length : undefined,
  );
  check(schema.minItems, schema.maxItems, "items", (value) =>
    Array.isArray(value) ? value.length : undefined,
  );
  check(schema.minProperties, schema.maxProperties, "keys", (value) =>
    isRecord(value) ? Object.keys(value).length : undefined,
  );
  return checks;
}

/** Longer texts are not matched: time is linear in the text, and in the pattern. */
const MATCHED_CHARACTERS = 4096;

function patternCheck({ pattern }: Schema): Check[] {
  const match = typeof pattern === "string" ? linearPattern(pattern) : undefined;
  if (match === undefined) return [];
  return [
    (value, reading, depth) => {
      if (typeof value === "string" && value.length <= MATCHED_CHARACTERS && !match(value))
        add(reading, depth, value, `a match of ${shown(pattern)}`, "write what the pattern allows");
    },
  ];
}

function uniqueCheck(schema: Schema): Check[] {
  const type = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"];
  if (type !== "set" && !(type === "map" && Array.isArray(keys))) return [];
  const properties =
    isRecord(schema.items) && isRecord(schema.items.properties) ? schema.items.properties : {};
  const defaultOf = (key: unknown) => {
    const property = properties[String(key)];
    return isRecord(property) ? property.default : undefined;
  };
  const identity = (item: unknown) =>
    type === "set"
      ? JSON.stringify(item)
      : JSON.stringify(
          (keys as unknown[]).map((key) => (item as Schema)[String(key)] ?? defaultOf(key) ?? null),
        );
  return [
    (value, reading, depth) => {
      const seen = new Set<string>();
      for (const [i, item] of (Array.isArray(value) ? value : []).entries()) {
        if (type === "map" && !isRecord(item)) continue;
        const text = identity(item);
        reading.trail[depth] = i;
        if (seen.has(text))
          add(
            reading,
            depth + 1,
            item,
            "there once",
            "remove it: an item with the same key is there already",
          );
        seen.add(text);
      }
    },
  ];
}

function branchChecks(schema: Schema, compile: (branch: Schema) => Checker): Check[] {
  const branches = (list: unknown) => (Array.isArray(list) ? list.filter(isRecord) : []);
  const compiled = (list: unknown) => branches(list).map((branch) => whenUsed(() => compile(branch)));
  const all = compiled(schema.allOf);
  const any = branches(schema.anyOf).every(isMonotone) ? compiled(schema.anyOf) : [];
  const one = branches(schema.oneOf).every(isMonotone) ? compiled(schema.oneOf) : [];
  const isExact = branches(schema.oneOf).every((branch) => !holds(branch, isUnread));
  const checks: Check[] = [...all];
  if (any.length > 0)
    checks.push((value, reading, depth) => {
      if (!any.some((branch) => passes(branch, value, reading, depth)))
        add(reading, depth, value, "what one of anyOf allows", "see anyOf in its CustomResourceDefinition");
    });
  if (one.length > 0)
    checks.push((value, reading, depth) => {
      const count = one.filter((branch) => passes(branch, value, reading, depth)).length;
      if (count === 0 || (count > 1 && isExact))
        add(
          reading,
          depth,
          value,
          `what exactly one of oneOf allows (${count} do)`,
          "see oneOf in its CustomResourceDefinition",
        );
    });
  if (isRecord(schema.not) && !holds(schema.not, isUnread)) {
    const not = schema.not;
    const branch = whenUsed(() => compile(not));
    checks.push((value, reading, depth) => {
      if (passes(branch, value, reading, depth))
        add(
          reading,
          depth,
          value,
          'what "not" does not exclude',
          'see "not" in its CustomResourceDefinition',
        );
    });
  }
  return checks;
}

/** A schema may hold itself, in memory: a branch is compiled when a value comes to it. */
function whenUsed(compile: () => Checker): Checker {
  let checker: Checker | undefined;
  return (value, reading, depth) => {
    checker ??= compile();
    checker(value, reading, depth);
  };
}

/**
 * Whether a branch that does not pass is sure not to: what is not evaluated here can only make it stricter. Not so below
 * `not` and `oneOf`.
 */
function isMonotone(branch: Schema): boolean {
  return (
    !holds(branch, isUnread) ||
    !holds(branch, (node) => Object.hasOwn(node, "not") || Object.hasOwn(node, "oneOf"))
  );
}

/** Whether a node has what is not evaluated: a format, a pattern of another dialect. */
function isUnread({ format, pattern }: Schema): boolean {
  return typeof format === "string" || (typeof pattern === "string" && linearPattern(pattern) === undefined);
}

function holds(node: unknown, what: (node: Schema) => boolean, seen = new Set<unknown>()): boolean {
  if (typeof node !== "object" || node === null || seen.has(node)) return false;
  seen.add(node);
  if (isRecord(node) && what(node)) return true;
  return Object.values(node).some((item) => holds(item, what, seen));
}

/** Depth and budget are handed on so that a schema that nests without end comes to its bound. */
function passes(branch: Checker, value: unknown, reading: Reading, depth: number): boolean {
  const apart: Reading = { trail: reading.trail, found: [], left: reading.left };
  branch(value, apart, depth);
  reading.left = apart.left;
  return apart.found.length === 0;
}
