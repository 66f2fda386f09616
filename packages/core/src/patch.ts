import type { Resource, ResourceRef } from "./resource.ts";

/**
 * A partial object that is merged onto one that somebody else owns, by key as server-side apply merges. Never creates,
 * deletes or prunes its target; rendered apart from resources; models read the merged result.
 */
export interface Patch {
  readonly target: ResourceRef;
  /** The partial object, with the target's apiVersion, kind and metadata.name. */
  readonly merge: Resource;
  /** Why it is needed, for the runbook. */
  readonly why: string;
}
