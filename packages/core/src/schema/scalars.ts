/** How Go's decoder of the API reads a value that is no list, mapping or struct; null is handled before. */
export interface Scalar {
  readonly reads: (value: unknown) => boolean;
  /** What to write, for a message: `a whole number of 32 bits`. */
  readonly expected: string;
}

/** The scalars by their letter in the data; `1`, `2` and `3` also hold JSON schemas, which the compiler reads. */
export const SCALARS: Readonly<Record<string, Scalar>> = {
  s: { reads: (value) => typeof value === "string", expected: "a string" },
  b: { reads: (value) => typeof value === "boolean", expected: "true or false" },
  i: { reads: isInt32, expected: "a whole number of 32 bits" },
  l: { reads: isInt64, expected: "a whole number of 64 bits" },
  d: { reads: (value) => typeof value === "number", expected: "a number" },
  q: { reads: isQuantity, expected: "a quantity like 500m or 2Gi" },
  x: {
    reads: (value) => typeof value === "string" || isInt32(value),
    expected: "a whole number or a string",
  },
  t: {
    reads: (value) => typeof value === "string" && isTime(value),
    expected: "a time like 2026-11-01T12:00:00Z",
  },
  u: {
    reads: (value) => typeof value === "string" && isMicroTime(value),
    expected: "a time like 2026-11-01T12:00:00.000000Z",
  },
  y: { reads: isBytes, expected: "bytes in base64" },
  a: { reads: () => true, expected: "anything" },
};

function isInt32(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31;
}

function isInt64(value: unknown): boolean {
  // -2^63 is written as -9223372036854776000, which no longer fits.
  return (
    typeof value === "number" && Number.isInteger(value) && value >= -(2 ** 63) + 1024 && value < 2 ** 63
  );
}

/**
 * ParseQuantity of apimachinery: digits may be missing altogether (`m` is 0), and white space around is cut. A number of
 * JSON is read by its text.
 */
function isQuantity(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  if (typeof value !== "string") return false;
  // The text between the quotes is read as it stands in JSON: an escaped tab or line break is no white space.
  if (/[\t\n\v\f\r]/.test(value)) return false;
  const text = value.trim();
  const match = /^[+-]?([0-9]*)(?:\.([0-9]*))?(|[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,18})$/.exec(text);
  if (text === "" || match === null) return false;
  // What does not fit into 64 bits is read by a stricter parser that wants a digit.
  const noDigit = match[1] === "" && !match[2];
  return !(noDigit && /[PE]i/.test(match[3]!));
}

/** RFC 3339 as Go's `time.Parse` reads it: also a comma before the fraction, and hours of one digit. */
export function isTime(text: string): boolean {
  const match =
    /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:[.,][0-9]+)?(?:Z|[+-]([0-9]{2}):([0-9]{2}))$/.exec(
      text,
    );
  if (!match) return false;
  const [year, month, day, hour, minute, second, zoneHour, zoneMinute] = match
    .slice(1)
    .map((digits) => Number(digits ?? 0)) as [number, number, number, number, number, number, number, number];
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  const isDate = day >= 1 && day <= days;
  // Go's own bounds of a zone.
  return isDate && hour < 24 && minute < 60 && second < 60 && zoneHour <= 24 && zoneMinute <= 60;
}

/** As a Time, with exactly six digits of a second. */
function isMicroTime(text: string): boolean {
  return /[.,][0-9]{6}(Z|[+-][0-9:]+)$/.test(text) && isTime(text);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Go's base64.StdEncoding, which skips line breaks; a list of bytes is read too. */
function isBytes(value: unknown): boolean {
  if (typeof value === "string")
    return BASE64.test(/[\r\n]/.test(value) ? value.replaceAll(/[\r\n]/g, "") : value);
  return (
    Array.isArray(value) &&
    value.every((byte) => byte === null || (Number.isInteger(byte) && byte >= 0 && byte < 256))
  );
}
