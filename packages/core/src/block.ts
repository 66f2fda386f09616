import type { Claim } from "./claim.ts";
import type { Document } from "./document.ts";
import type { Patch } from "./patch.ts";
import type { Resource } from "./resource.ts";
import type { Sealed } from "./sealed.ts";
import type { Step } from "./step.ts";

/** What a builder gives: objects, patches on objects of others, artefacts, operational steps, and what it promises. */
export interface Block {
  readonly resources: readonly Resource[];
  readonly patches: readonly Patch[];
  /** Secrets without their data. Absent: none. */
  readonly sealed?: readonly Sealed[];
  readonly documents: readonly Document[];
  readonly steps: readonly Step[];
  readonly claims: readonly Claim[];
}

/** Puts blocks together, in order. Nothing is merged: two blocks that make one object are a finding of `check`. */
export function compose(...blocks: readonly Partial<Block>[]): Block {
  return {
    resources: blocks.flatMap((b) => b.resources ?? []),
    patches: blocks.flatMap((b) => b.patches ?? []),
    sealed: blocks.flatMap((b) => b.sealed ?? []),
    documents: blocks.flatMap((b) => b.documents ?? []),
    steps: blocks.flatMap((b) => b.steps ?? []),
    claims: blocks.flatMap((b) => b.claims ?? []),
  };
}
