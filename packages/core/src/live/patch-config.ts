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
  const named = byKey(ours, list);
  const others = othersIn(
    live,
    list,
    previousIn(previous, list).filter((item) => !isIn(named, item, list)),
  );
  // In their places: two platforms would else change the order in turn.
  const kept = others.map((item) => named.get(fieldsOf(item)[list.key]) ?? item);
  const there = byKey(others, list);
  return { ...config, [list.field]: [...kept, ...ours.filter((item) => !isIn(there, item, list))] };
}

/**
 * What is applied to take a patch back: nothing, but what others put into a list that Ashlar owns with it.
 *
 * @param manager under which it was applied
 * @param isOwn whether the platform applies the whole object, and its lists, by now
 */
export function withdrawnPatch(patch: Resource, live: Resource, manager: string, isOwn = false): Resource {
  const list = ATOMIC_LISTS[patch.kind];
  const config = withUid(targetOf(patch), live);
  if (isOwn || list === undefined || !(list.field in patch)) return config;
  const others = othersIn(live, list, previousIn(patch, list));
  // Whoever owns the list too would keep what is in it.
  return others.length === 0 && !isOwnedBeside(live, list, manager)
    ? config
    : { ...config, [list.field]: others };
}

function isOwnedBeside(live: Resource, { field }: AtomicList, manager: string): boolean {
  return listOf(live.metadata.managedFields)
    .map(fieldsOf)
    .some((entry) => entry.manager !== manager && Object.hasOwn(fieldsOf(entry.fieldsV1), `f:${field}`));
}

/** Whether a field is such a list: its one owner keeps what others put there. */
export function isAtomicList(kind: string, path: string): boolean {
  return ATOMIC_LISTS[kind]?.field === path;
}

/** Of a patch what taking it back needs: its target, and what it puts into a list with one owner. */
export function rememberedPatch(patch: Resource): Resource {
  const field = ATOMIC_LISTS[patch.kind]?.field;
  return { ...targetOf(patch), ...(field !== undefined && field in patch && { [field]: patch[field] }) };
}

function targetOf({ apiVersion, kind, metadata: { name, namespace } }: Resource): Resource {
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
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

function othersIn(live: Resource, list: AtomicList, ours: readonly unknown[]): unknown[] {
  const named = byKey(ours, list);
  return listOf(live[list.field]).filter((item) => !isIn(named, item, list));
}

type ByKey = ReadonlyMap<unknown, unknown>;

function byKey(items: readonly unknown[], { key }: AtomicList): ByKey {
  return new Map(items.map((item) => [fieldsOf(item)[key], item]));
}

function isIn(named: ByKey, item: unknown, { key }: AtomicList): boolean {
  return named.has(fieldsOf(item)[key]);
}
