// Numbers and durations as Go's strconv and time packages read them.

const INT64_MAX = 2n ** 63n - 1n;
const SAFE_DIGITS = 25; // longer ones are out of every range; BigInt of a hostile text must not take long

/** strconv.Atoi: digits with an optional sign, within 64 bits. */
export function atoi(text: string): number | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const digits = text.replace(/^[+-]?0*(?=[0-9])/, "");
  if (digits.length > SAFE_DIGITS) return undefined;
  const value = BigInt(digits) * (text.startsWith("-") ? -1n : 1n);
  return value > INT64_MAX || value < -INT64_MAX - 1n ? undefined : Number(value);
}

/** strconv.ParseInt(text, 10, 32). */
export function parseInt32(text: string): number | undefined {
  const value = atoi(text);
  return value === undefined || value > 2 ** 31 - 1 || value < -(2 ** 31) ? undefined : value;
}

/** strconv.ParseUint(text, 10, bits). */
export function parseUint(text: string, bits: 16 | 32 | 64): bigint | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  return within(text.replace(/^0+(?=[0-9])/, ""), bits, "");
}

/** strconv.ParseUint(text, 0, bits): with 0x, 0o, 0b, a leading 0 for octal, and `_` between digits of such a number. */
export function parseUintAnyBase(text: string, bits: 16 | 32 | 64): bigint | undefined {
  const underscores =
    /^(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*)$/;
  if (!underscores.test(text)) return undefined;
  const plain = text.replaceAll("_", "").toLowerCase();
  const prefix = /^0[xob]/.exec(plain)?.[0] ?? (/^0./.test(plain) ? "0o" : "");
  const digits = plain.replace(/^0[xob]/, "").replace(/^0+(?=.)/, "");
  return within(digits, bits, prefix);
}

function within(digits: string, bits: number, prefix: string): bigint | undefined {
  if (digits.length > 70) return undefined;
  const value = BigInt(prefix + digits);
  return value < 2n ** BigInt(bits) ? value : undefined;
}

/** strconv.ParseBool. */
export function parseBool(text: string): boolean | undefined {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  return ["0", "f", "F", "false", "FALSE", "False"].includes(text) ? false : undefined;
}

/** strconv.ParseFloat; out of range is refused. `max` is the greatest number of the type. */
export function parseFloat64(text: string, max = Number.MAX_VALUE): number | undefined {
  if (/^[+-]?(?:inf|infinity)$/i.test(text))
    return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (!/^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text)) return undefined;
  const value = Number(text);
  return Math.abs(value) > max ? undefined : value;
}

/** Nanoseconds in each of Go's units of time. */
const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  "\u00b5s": 1e3,
  "\u03bcs": 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/**
 * time.ParseDuration, in seconds: `1h30m`, `500ms`, `-1.5s`, `0`. A number without a unit is none.
 *
 * @example parseDuration("1m30s") // 90
 * @example parseDuration("30")    // undefined
 */
export function parseDuration(text: string): number | undefined {
  const match = /^([+-]?)(.*)$/s.exec(text);
  const body = match?.[2] ?? "";
  if (body === "0") return 0;
  if (!/^(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:ns|us|\u00b5s|\u03bcs|ms|s|m|h))+$/.test(body)) return undefined;
  let nanoseconds = 0;
  for (const [, amount = "", unit = ""] of body.matchAll(/([0-9.]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)/g))
    nanoseconds += Number(amount) * UNITS[unit]!;
  if (nanoseconds >= 2 ** 63) return undefined;
  return ((match?.[1] === "-" ? -1 : 1) * nanoseconds) / 1e9;
}
