import { isRecord } from "./json.ts";
import { type Resource, type ResourceRef, refKey, refOf } from "./resource.ts";

/**
 * A partial object that is merged onto one that somebody else owns, by key as server-side apply merges. Never creates,
 * deletes or prunes its target; rendered apart from resources; models read the merged result.
 */
export interface Patch {
  /** The partial object; its apiVersion, kind and metadata name the target. */
  readonly merge: Resource;
  /** Why it is needed, for the runbook. */
  readonly why: string;
}

/** A set of objects after patches, as models see it. */
export interface PatchedSet {
  readonly resources: readonly Resource[];
  /** Targets that the set does not hold: they are there as the patch alone, so all other fields are unknown. */
  readonly partial: readonly ResourceRef[];
}

/** Merges patches onto the objects of a set. Inputs stay as they are. */
export function applyPatches(resources: readonly Resource[], patches: readonly Patch[]): PatchedSet {
  const merged = [...resources];
  const index = new Map(merged.map((r, i) => [refKey(refOf(r)), i]));
  const partial: ResourceRef[] = [];
  for (const { merge } of patches) {
    const ref = refOf(merge);
    const at = index.get(refKey(ref));
    if (at !== undefined) merged[at] = mergeValue(merged[at], merge, "") as Resource;
    else {
      index.set(refKey(ref), merged.push(merge) - 1);
      partial.push(ref);
    }
  }
  return { resources: merged, partial };
}

/** Lists that the API merges by a key (`x-kubernetes-list-map-keys` of Kubernetes' OpenAPI), by field name. */
const LIST_KEYS: Readonly<Record<string, readonly string[]>> = {
  containers: ["name"],
  initContainers: ["name"],
  ephemeralContainers: ["name"],
  env: ["name"],
  volumes: ["name"],
  volumeMounts: ["mountPath"],
  volumeDevices: ["devicePath"],
  imagePullSecrets: ["name"],
  hostAliases: ["ip"],
  topologySpreadConstraints: ["topologyKey", "whenUnsatisfiable"],
};
/** `ports` is a list of containers, Services and endpoints, each with keys of its own. */
const CONTAINER_PORT_KEYS = ["containerPort", "protocol"];
const SERVICE_PORT_KEYS = ["port", "protocol"];

function mergeValue(target: unknown, patch: unknown, field: string): unknown {
  if (Array.isArray(target) && Array.isArray(patch)) {
    const keys = listKeys(field, patch);
    return keys ? mergeList(target, patch, keys) : patch;
  }
  if (!isRecord(target) || !isRecord(patch)) return patch;
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch))
    merged.set(key, merged.has(key) ? mergeValue(merged.get(key), value, key) : value);
  return Object.fromEntries(merged);
}

function mergeList(
  target: readonly unknown[],
  patch: readonly unknown[],
  keys: readonly string[],
): unknown[] {
  const merged = [...target];
  for (const item of patch) {
    const at = merged.findIndex((other) => sameKeys(other, item, keys));
    if (at < 0) merged.push(item);
    else merged[at] = mergeValue(merged[at], item, "");
  }
  return merged;
}

function listKeys(field: string, patch: readonly unknown[]): readonly string[] | undefined {
  if (field !== "ports") return LIST_KEYS[field];
  return patch.some((p) => isRecord(p) && "containerPort" in p) ? CONTAINER_PORT_KEYS : SERVICE_PORT_KEYS;
}

function sameKeys(a: unknown, b: unknown, keys: readonly string[]): boolean {
  return isRecord(a) && isRecord(b) && keys.every((k) => keyValue(a, k) === keyValue(b, k));
}

function keyValue(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return key === "protocol" ? (record[key] ?? "TCP") : record[key];
}
