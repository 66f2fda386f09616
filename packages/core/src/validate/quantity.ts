/**
 * Quantities of the API (`100m`, `1.5Gi`, `2e3`): apimachinery's resource.Quantity. Amounts are whole billionths, as the API
 * counts: what is finer is rounded away from zero.
 */
export interface Quantity {
  readonly nanos: bigint;
  /** How it is written: `1k`, `1e3` or `1Ki`. */
  readonly format: "decimal" | "exponent" | "binary";
}

const DECIMAL: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const SYNTAX = /^([+-]?)([0-9]*)(?:\.([0-9]*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]+)?$/;
const NANO = 9;
const MAX_BINARY = (2n ** 63n - 1n) * 10n ** 9n;
/** Beyond it amounts are alike: no machine has 10⁶⁰ of anything. */
const MOST_DIGITS = 60;

/**
 * Reads a quantity, which is a string or a number in JSON; undefined when it is none.
 *
 * @example parseQuantity("1.5Gi")?.nanos // 1610612736000000000n
 */
export function parseQuantity(value: unknown): Quantity | undefined {
  if (typeof value === "number") return parseText(String(value));
  if (typeof value !== "string") return undefined;
  if (value.length > LONGEST_KEPT) return parseText(value.trim());
  if (parsed.has(value)) return parsed.get(value);
  if (parsed.size >= MOST_KEPT) parsed.clear();
  const quantity = parseText(value.trim());
  parsed.set(value, quantity);
  return quantity;
}

/** A set writes the same few amounts over and over. */
const parsed = new Map<string, Quantity | undefined>();
const MOST_KEPT = 1000;
const LONGEST_KEPT = 20;

function parseText(text: string): Quantity | undefined {
  const match = SYNTAX.exec(text);
  if (match === null || text === "") return undefined;
  const [, sign, whole = "", fraction = "", suffix = ""] = match;
  const isBinary = suffix.endsWith("i");
  const format = isBinary ? "binary" : /^[eE]./.test(suffix) ? "exponent" : "decimal";
  const exponent = format === "exponent" ? Number(suffix.slice(1)) : isBinary ? 0 : DECIMAL[suffix]!;
  if (format === "exponent" && !(Math.abs(exponent) < 2 ** 31)) return undefined;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  if (digits === "") return { nanos: 0n, format };
  const shift = exponent - fraction.length + NANO;
  let nanos: bigint;
  if (digits.length + shift > MOST_DIGITS + NANO) nanos = 10n ** BigInt(MOST_DIGITS + NANO);
  else if (isBinary) nanos = scaled(BigInt(digits) * 2n ** BigInt(BINARY[suffix]!), shift);
  else if (digits.length + shift < 0) nanos = 1n;
  else nanos = scaled(BigInt(digits), shift);
  if (isBinary && nanos > MAX_BINARY) nanos = MAX_BINARY;
  return { nanos: sign === "-" ? -nanos : nanos, format };
}

/** `amount` × 10^`shift`, rounded up. */
function scaled(amount: bigint, shift: number): bigint {
  if (shift >= 0) return amount * 10n ** BigInt(shift);
  const unit = 10n ** BigInt(-shift);
  return (amount + unit - 1n) / unit;
}

const MILLI = 10n ** 6n;

/** The amount in thousandths, rounded away from zero: the API keeps lists of resources no finer. */
export function millis({ nanos }: Quantity): bigint {
  return nanos >= 0n ? (nanos + MILLI - 1n) / MILLI : -((-nanos + MILLI - 1n) / MILLI);
}

/** The amount in whole units, rounded away from zero. */
export function units({ nanos }: Quantity): bigint {
  const one = 10n ** 9n;
  return nanos >= 0n ? (nanos + one - 1n) / one : -((-nanos + one - 1n) / one);
}
