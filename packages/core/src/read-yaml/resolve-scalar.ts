import { base64Text } from "./base64.ts";
import { float32Text } from "./float32-text.ts";
import type { ScalarNode } from "./node.ts";

/** What a scalar is to kubectl's reader. Integers are exact; `float` may be infinite or no number. */
export type Scalar =
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "null" }
  | { readonly type: "integer"; readonly value: bigint }
  | { readonly type: "float"; readonly value: number };

const STANDARD = "tag:yaml.org,2002:";
const TRUE = words("y yes true on");
const FALSE = words("n no false off");
const NULL = new Set(["", "~", ...words("null")]);
const FLOATS: ReadonlyMap<string, number> = new Map([
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, Number.NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map(
    (word) => [word, Number.POSITIVE_INFINITY] as const,
  ),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, Number.NEGATIVE_INFINITY] as const),
]);

/** Each word in lower case, capitalised and in upper case. */
function words(list: string): Set<string> {
  return new Set(list.split(" ").flatMap((w) => [w, w[0]!.toUpperCase() + w.slice(1), w.toUpperCase()]));
}

/**
 * The value of a scalar by the rules of Go's yaml.v2, on which sigs.k8s.io/yaml stands: booleans of YAML 1.1, octal with a
 * leading 0, `_` in numbers, timestamps left as text. `undefined`: the tag does not fit the text, which is refused.
 */
export function resolveScalar({ value, implicit, tag }: ScalarNode): Scalar | undefined {
  if (tag === "") return implicit ? resolvePlain(value) : string(value);
  if (!tag.startsWith(STANDARD)) return string(value);
  switch (tag.slice(STANDARD.length)) {
    case "bool":
      return only("boolean", resolvePlain(value));
    case "null":
      return only("null", resolvePlain(value));
    case "int":
      return only("integer", resolvePlain(value));
    case "float": {
      const found = resolvePlain(value);
      if (found.type === "integer" && found.value < 2n ** 63n)
        return { type: "float", value: Number(found.value) };
      return only("float", found);
    }
    case "timestamp":
      return isTimestamp(value) ? string(value) : undefined;
    case "binary": {
      const text = base64Text(value);
      return text === undefined ? undefined : string(text);
    }
    default:
      return string(value);
  }
}

function only(type: Scalar["type"], scalar: Scalar): Scalar | undefined {
  return scalar.type === type ? scalar : undefined;
}

function string(value: string): Scalar {
  return { type: "string", value };
}

/** The value of a scalar without tag and quotes. */
export function resolvePlain(text: string): Scalar {
  if (text === "") return { type: "null" };
  const first = text.charCodeAt(0);
  const numeric = (first >= 48 && first <= 57) || first === 43 || first === 45;
  if (numeric || first === 46) {
    const special = FLOATS.get(text);
    if (special !== undefined) return { type: "float", value: special };
    return (numeric ? number(text) : dotFloat(text)) ?? string(text);
  }
  // The longest of the words has five letters.
  if (text.length <= 5) {
    if (TRUE.has(text)) return { type: "boolean", value: true };
    if (FALSE.has(text)) return { type: "boolean", value: false };
    if (NULL.has(text)) return { type: "null" };
  }
  return string(text);
}

/** A number that begins with a digit or sign: Go's ParseInt with base 0, then ParseUint, a float, and `0b` read by hand. */
function number(text: string): Scalar | undefined {
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  const integer = parseInteger(plain);
  if (integer !== undefined) {
    if (integer >= -(2n ** 63n) && integer < 2n ** 63n) return { type: "integer", value: integer };
    if (integer < 2n ** 64n && plain.charCodeAt(0) >= 48) return { type: "integer", value: integer };
  }
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(plain)) return finite(plain);
  // `0b` may be followed by a sign of its own.
  const signed = /^0b([-+])([01]{1,64})$/.exec(plain);
  if (signed) {
    const value = BigInt(`0b${signed[2]}`) * (signed[1] === "-" ? -1n : 1n);
    if (value >= -(2n ** 63n) && value < 2n ** 63n) return { type: "integer", value };
  }
  return undefined;
}

/** A sign, the prefix of a base (0 alone is octal), digits. `undefined` also for more digits than 64 bits have in any base. */
function parseInteger(text: string): bigint | undefined {
  const match = /^([-+]?)(0[xX]|0[bB]|0[oO]|0(?=.)|)([0-9a-fA-F]+)$/.exec(text);
  if (!match) return undefined;
  const prefix = match[2]!.toLowerCase();
  const base = prefix === "0" ? "0o" : prefix;
  const digits = match[3]!.replace(/^0+(?=.)/, "");
  if (digits.length > 64 || !DIGITS[base]!.test(digits)) return undefined;
  const value = BigInt(base + digits);
  return match[1] === "-" ? -value : value;
}

const DIGITS: Readonly<Record<string, RegExp>> = {
  "": /^[0-9]+$/,
  "0b": /^[01]+$/,
  "0o": /^[0-7]+$/,
  "0x": /^[0-9a-fA-F]+$/,
};

/** A float that begins with a dot, where `_` may stand between digits. */
function dotFloat(text: string): Scalar | undefined {
  if (!/^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/.test(text)) return undefined;
  return finite(text.replaceAll("_", ""));
}

/** A float; text, when it is too large for one. */
function finite(text: string): Scalar | undefined {
  const value = Number(text);
  return Number.isFinite(value) ? { type: "float", value } : undefined;
}

const TIMESTAMP =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+](\d\d):(\d\d))| +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?)?$/;

/** Whether Go's yaml.v2 takes the text for a timestamp, which only an explicit tag asks. */
function isTimestamp(text: string): boolean {
  const parts = TIMESTAMP.exec(text);
  if (!parts) return false;
  const [year, month, day, h, m, s, zoneHour, zoneMinute, h2, m2, s2] = parts
    .slice(1)
    .map((p) => Number(p ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  if (days === undefined || day < 1 || day > days) return false;
  return h + h2 < 24 && m + m2 < 60 && s + s2 < 60 && zoneHour <= 24 && zoneMinute < 60;
}

/** A key as sigs.k8s.io/yaml turns it into text: integers in decimal, floats in single precision. `undefined`: refused. */
export function keyText(scalar: Scalar): string | undefined {
  switch (scalar.type) {
    case "string":
      return scalar.value;
    case "boolean":
      return String(scalar.value);
    case "integer":
      return scalar.value < 2n ** 63n ? scalar.value.toString() : undefined;
    case "float":
      return float32Text(scalar.value);
    case "null":
      return undefined;
  }
}
