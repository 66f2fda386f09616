/** A set of classes, one bit each. */
export type Bits = Uint32Array;

/** Classes that surely are in a set, and those that are or may be; the same array where nothing is unknown. */
export interface BitRow {
  readonly yes: Bits;
  readonly maybe: Bits;
}

export function noBits(size: number): Bits {
  return new Uint32Array((size + 31) >>> 5);
}

export function allBits(size: number): Bits {
  return noBits(size).fill(0xffffffff);
}

export function setBit(bits: Bits, i: number): void {
  bits[i >>> 5]! |= 1 << (i & 31);
}

export function hasBit(bits: Bits, i: number): boolean {
  return ((bits[i >>> 5]! >>> (i & 31)) & 1) === 1;
}

/** Adds to `target` what is in `more` and, when given, in `mask`. */
export function addBits(target: Bits, more: Bits, mask?: Bits): void {
  if (mask === undefined) for (let w = 0; w < target.length; w++) target[w]! |= more[w]!;
  else for (let w = 0; w < target.length; w++) target[w]! |= more[w]! & mask[w]!;
}

/** Leaves in `target` what is also in `other`. */
export function keepBits(target: Bits, other: Bits): void {
  for (let w = 0; w < target.length; w++) target[w]! &= other[w]!;
}

export function sameBits(a: Bits, b: Bits): boolean {
  if (a === b) return true;
  for (let w = 0; w < a.length; w++) if (a[w] !== b[w]) return false;
  return true;
}

/** A row, with one array for both sets when they are equal. */
export function bitRow(yes: Bits, maybe: Bits): BitRow {
  return { yes, maybe: sameBits(yes, maybe) ? yes : maybe };
}
