import { isRecord } from "../json.ts";
import { definitionOf, type ValueType } from "./definitions.ts";
import { type Checker, isTooLarge, refuse } from "./reading.ts";
import { SCALARS } from "./scalars.ts";

/**
 * The checker of a definition, `apps.v1.Deployment`; each definition is compiled once, when a value of it is first met.
 *
 * It reads as sigs.k8s.io/json does with strict field validation: names are case-sensitive; null is the absence of a field
 * and the empty value in a list or map.
 *
 * @param lenient unknown fields are dropped by the server without a word: what stands below a JSONSchemaPropsOrBool and its
 *   like, which have decoders of their own
 */
export function checkerOf(name: string, lenient = false): Checker {
  const compiled = lenient ? compiledLenient : compiledStrict;
  const known = compiled.get(name);
  if (known) return known;
  let fields: Map<string, Checker> | undefined;
  const checker: Checker = (value, reading, depth) => {
    if (!isRecord(value)) return refuse(value, "a mapping of fields", reading, depth);
    if (isTooLarge(value, reading, depth)) return;
    fields ??= compileFields(name, lenient);
    const { trail } = reading;
    for (const key of Object.keys(value)) {
      const check = fields.get(key);
      const item = value[key];
      trail[depth] = key;
      if (check === undefined)
        reading.found.push({
          kind: "unknown",
          segments: trail.slice(0, depth + 1),
          owner: value,
          fields,
          fate: lenient ? "dropped" : "refused",
        });
      else if (item !== null && item !== undefined) check(item, reading, depth + 1);
    }
  };
  compiled.set(name, checker);
  return checker;
}

const compiledStrict = new Map<string, Checker>();
const compiledLenient = new Map<string, Checker>();

function compileFields(name: string, lenient: boolean): Map<string, Checker> {
  return new Map([...definitionOf(name)].map(([field, { type }]) => [field, compileType(type, lenient)]));
}

/** The checker of a type of the API's definitions. */
export function compileType(type: ValueType, lenient = false): Checker {
  switch (type.kind) {
    case "struct":
      return checkerOf(type.name, lenient);
    case "list":
      return listChecker(compileType(type.of, lenient));
    case "map":
      return mapChecker(compileType(type.of, lenient));
    case "scalar":
      return scalarChecker(type.letter);
  }
}

function listChecker(check: Checker): Checker {
  return (value, reading, depth) => {
    if (!Array.isArray(value)) return refuse(value, "a list", reading, depth);
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      reading.trail[depth] = i;
      if (item !== null && item !== undefined) check(item, reading, depth + 1);
    }
  };
}

function mapChecker(check: Checker): Checker {
  return (value, reading, depth) => {
    if (!isRecord(value)) return refuse(value, "a mapping of keys to values", reading, depth);
    for (const key of Object.keys(value)) {
      const item = value[key];
      reading.trail[depth] = key;
      if (item !== null && item !== undefined) check(item, reading, depth + 1);
    }
  };
}

function scalarChecker(letter: string): Checker {
  const scalar = SCALARS[letter];
  if (scalar === undefined) return schemaOrChecker(letter);
  const { reads, expected } = scalar;
  return (value, reading, depth) => {
    if (!reads(value)) refuse(value, expected, reading, depth);
  };
}

/** JSONSchemaPropsOrArray (`1`), …OrBool (`2`), …OrStringArray (`3`) of apiextensions, by their UnmarshalJSON. */
function schemaOrChecker(letter: string): Checker {
  const schema = checkerOf("apiextensions.v1.JSONSchemaProps", true);
  const list = listChecker(letter === "1" ? schema : scalarChecker("s"));
  return (value, reading, depth) => {
    if (isRecord(value)) return schema(value, reading, depth);
    if (letter === "2") {
      if (typeof value !== "boolean") refuse(value, "a schema, or true or false", reading, depth);
    } else if (Array.isArray(value)) list(value, reading, depth);
    // Any other value is read as nothing.
  };
}
