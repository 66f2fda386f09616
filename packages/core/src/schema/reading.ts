import type { PathSegment } from "../field-path.ts";

/** What a checker writes to. One is used for a whole object: `trail` holds the path to the value that is looked at. */
export interface Reading {
  /** Only the first `depth` segments, which each checker is given, are of the value. */
  readonly trail: PathSegment[];
  readonly found: Found[];
  /** How many mappings are still looked at: what is shared or goes round in memory can be far larger than any text. */
  left: number;
}

/** A value that cannot be read, or a field that is not known, before words are made of it. */
export type Found =
  | {
      readonly kind: "type";
      readonly segments: readonly PathSegment[];
      readonly value: unknown;
      readonly expected: string;
    }
  | {
      readonly kind: "unknown";
      /** The path of the field. */
      readonly segments: readonly PathSegment[];
      /** What it stands in, and the fields that are known there. */
      readonly owner: Readonly<Record<string, unknown>>;
      readonly fields: ReadonlyMap<string, Checker>;
      /** `refused` with strict field validation; `pruned` of a custom resource; `dropped` without a word in any case. */
      readonly fate: "refused" | "pruned" | "dropped";
    }
  | {
      /** A value that the schema of a CustomResourceDefinition does not allow. */
      readonly kind: "value";
      readonly segments: readonly PathSegment[];
      readonly message: string;
      readonly hint: string;
    };

/** Looks at a value that is not null, adds what is wrong with it. */
export type Checker = (value: unknown, reading: Reading, depth: number) => void;

/** More mappings than an object that the server stores (1.5 MB) can have. */
const MAX_MAPPINGS = 1_000_000;

/** For one object. */
export function newReading(): Reading {
  return { trail: [], found: [], left: MAX_MAPPINGS };
}

/** Whether a mapping is not looked at any more, because it is too deep or one too many; says so once. */
export function isTooLarge(value: unknown, reading: Reading, depth: number): boolean {
  reading.left--;
  const isDeep = depth > MAX_DEPTH;
  if (reading.left >= 0 && !isDeep) return false;
  const bound = isDeep
    ? `nested at most ${MAX_DEPTH} levels deep`
    : `one of at most ${MAX_MAPPINGS} mappings`;
  if (reading.left >= -1) refuse(value, bound, reading, depth);
  reading.left = -2;
  return true;
}

/** Deeper than any object that somebody wrote; the server's own bound is 10,000. */
export const MAX_DEPTH = 1000;

/** Adds a value that cannot be read. */
export function refuse(value: unknown, expected: string, { trail, found }: Reading, depth: number): void {
  found.push({ kind: "type", segments: trail.slice(0, depth), value, expected });
}
