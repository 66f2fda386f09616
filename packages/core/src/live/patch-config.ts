import type { Resource } from "../resource.ts";
import { fieldsOf, listOf } from "../rules/references/json-values.ts";

/**
 * Lists that a patch merges by key and that the API server takes as one value, with one owner: what others put there has to be
 * among what is applied, and stays when the patch is withdrawn.
 */
const ATOMIC_LISTS: Readonly<Record<string, { readonly field: string; readonly key: string }>> = {
  ServiceAccount: { field: "imagePullSecrets", key: "name" },
};

/**
 * What is applied for a patch. Its uid says which object: applying to one that is no longer there is refused, and makes none.
 *
 * @param previous what this patch was before
 */
export function configOfPatch(patch: Resource, live: Resource, previous: Resource | undefined): Resource {
  const list = ATOMIC_LISTS[patch.kind];
  const config = withUid(patch, live);
  if (list === undefined || !(list.field in { ...previous, ...patch })) return config;
  const ours = listOf(patch[list.field]);
  return {
    ...config,
    [list.field]: [...othersIn(live, list, [...ours, ...previousIn(previous, list)]), ...ours],
  };
}

/** What is applied to take a patch back: nothing, but what others put into a list that Ashlar owns with it. */
export function withdrawnPatch(patch: Resource, live: Resource): Resource {
  const { apiVersion, kind, metadata } = patch;
  const { name, namespace } = metadata;
  const bare = { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  const config = withUid(bare as Resource, live);
  const list = ATOMIC_LISTS[kind];
  if (list === undefined || !(list.field in patch)) return config;
  const others = othersIn(live, list, previousIn(patch, list));
  return others.length === 0 ? config : { ...config, [list.field]: others };
}

/** A patch with what it was before: as long as its target may have the one or the other. */
export function bothPatches(before: Resource, after: Resource): Resource {
  const list = ATOMIC_LISTS[after.kind];
  if (list === undefined || !(list.field in before)) return after;
  const ours = listOf(after[list.field]);
  return { ...after, [list.field]: [...othersIn(before, list, ours), ...ours] };
}

function withUid(object: Resource, { metadata: { uid } }: Resource): Resource {
  return { ...object, metadata: { ...object.metadata, uid } };
}

type AtomicList = (typeof ATOMIC_LISTS)[string];

function previousIn(patch: Resource | undefined, { field }: AtomicList): readonly unknown[] {
  return listOf(patch?.[field]);
}

function othersIn(live: Resource, { field, key }: AtomicList, ours: readonly unknown[]): unknown[] {
  const names = new Set(ours.map((item) => fieldsOf(item)[key]));
  return listOf(live[field]).filter((item) => !names.has(fieldsOf(item)[key]));
}
