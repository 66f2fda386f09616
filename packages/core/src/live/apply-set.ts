import { createHash } from "node:crypto";
import { isRecord } from "../json.ts";
import { apiGroup, type Resource, refKey, refOf } from "../resource.ts";
import { fieldsOf, textOf } from "../rules/references/json-values.ts";
import type { Cluster } from "./cluster.ts";
import type { ApiType, ApiTypes } from "./discovery.ts";
import { LiveError } from "./live-error.ts";
import { ABSENT, applyObject, FIELD_MANAGER, type FieldConflict, getObject, refusalOf } from "./objects.ts";
import { ownsField } from "./owned-fields.ts";
import { bothPatches, rememberedPatch } from "./patch-config.ts";

/** On every object that is applied, and may be pruned. */
export const PART_OF = "applyset.kubernetes.io/part-of";
const ID = "applyset.kubernetes.io/id";
const TOOLING = "applyset.kubernetes.io/tooling";
const KINDS = "applyset.kubernetes.io/contains-group-kinds";
const NAMESPACES = "applyset.kubernetes.io/additional-namespaces";

/** Kinds whose removal loses what nobody can make again: never members, so never pruned. */
const KEPT_KINDS = new Set([
  "/Namespace",
  "/PersistentVolumeClaim",
  "/PersistentVolume",
  "apiextensions.k8s.io/CustomResourceDefinition",
]);

/** Whether objects of a kind become members: what is no member is never pruned. */
export function isMember({ apiVersion, kind }: Pick<Resource, "apiVersion" | "kind">): boolean {
  return !KEPT_KINDS.has(`${apiGroup(apiVersion)}/${kind}`);
}

/**
 * What a platform has applied, as the cluster keeps it: the parent of an ApplySet, a ConfigMap.
 *
 * @see https://github.com/kubernetes/enhancements/tree/master/keps/sig-cli/3659-kubectl-apply-prune
 */
export interface ApplySet {
  /** Kinds of its members, each in its namespaces: `Deployment.apps/prod`, `ClusterRole.rbac.authorization.k8s.io/`. */
  readonly places: readonly string[];
  /** Patches that are in place, by target: what has to be known to take them back, and no value. */
  readonly patches: readonly Resource[];
  /** Who applies, or applied last; see `takeTurn`. */
  readonly run: string;
  /** The ConfigMap's resourceVersion when it was read. */
  readonly version?: string;
}

const NOTHING: ApplySet = { places: [], patches: [], run: "" };

/** Where the inventory of a platform is. */
export interface ApplySetRef {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The name under which a platform owns what its patches set: two platforms may patch one object, and neither takes back what the
 * other wants.
 */
export function patchManager({ name }: ApplySetRef): string {
  return name;
}

/**
 * The name under which an object is applied. One with a platform's label has that platform alone; those that have no label may be of
 * several, and each has a name of its own there.
 */
export function objectManager(object: Pick<Resource, "apiVersion" | "kind">, { name }: ApplySetRef): string {
  return isMember(object) ? FIELD_MANAGER : `${FIELD_MANAGER}/${name.slice("ashlar-".length)}`;
}

/** `applyset-…-v1`: the hash names the parent, so that no other set's members are taken for its own. */
export function applySetId({ namespace, name }: ApplySetRef): string {
  const hash = createHash("sha256").update(`${name}.${namespace}.ConfigMap.`).digest("base64url");
  return `applyset-${hash}-v1`;
}

/** `Deployment.apps`, or `ConfigMap` for the core group. */
function groupKindOf({ apiVersion, kind }: Pick<Resource, "apiVersion" | "kind">): string {
  const group = apiGroup(apiVersion);
  return group === "" ? kind : `${kind}.${group}`;
}

/** The type of objects that a group-kind names; `undefined` when the server serves it no longer. */
export function typeOfGroupKind(groupKind: string, types: ApiTypes): ApiType | undefined {
  const dot = groupKind.indexOf(".");
  return dot < 0 ? types.find("", groupKind) : types.find(groupKind.slice(dot + 1), groupKind.slice(0, dot));
}

/**
 * What was applied before.
 *
 * @throws {LiveError} `conflict` when the ConfigMap is another tool's, or not one of ours
 */
export async function readApplySet(cluster: Cluster, ref: ApplySetRef): Promise<ApplySet> {
  const live = await getObject(cluster, await configMaps(cluster), ref);
  if (live === undefined) return NOTHING;
  const annotations = live.metadata.annotations ?? {};
  const tooling = annotations[TOOLING] ?? "";
  if (!tooling.startsWith("ashlar/") || live.metadata.labels?.[ID] !== applySetId(ref))
    throw new LiveError(
      "conflict",
      `ConfigMap ${ref.namespace}/${ref.name} is not this platform's inventory${tooling === "" ? "" : `: ${tooling} applies it`}`,
      "rename the platform, or delete the ConfigMap when nothing was applied with it",
    );
  const data = fieldsOf(live.data);
  return {
    places: words(textOf(data.members)),
    patches: patchesOf(textOf(data.patches)),
    run: textOf(data.run),
    version: textOf(live.metadata.resourceVersion),
  };
}

function words(text: string): string[] {
  return text.split(",").filter((word) => word !== "");
}

function patchesOf(text: string): Resource[] {
  try {
    const patches: unknown = JSON.parse(text);
    return Array.isArray(patches) ? patches.filter(isRecord).map((patch) => patch as Resource) : [];
  } catch {
    return [];
  }
}

/**
 * @param version of what was read; absent when nothing was there
 * @returns whether it was still that
 * @throws {LiveError} when the server does not store it: without it nothing may be applied, or it could not be found again
 */
export async function writeApplySet(
  cluster: Cluster,
  ref: ApplySetRef,
  inventory: ApplySet,
  version = ABSENT,
): Promise<boolean> {
  const sorted = (texts: readonly string[]) => [...new Set(texts)].sort().join(",");
  const [kinds, namespaces] = [0, 1].map((part) => inventory.places.map((place) => place.split("/")[part]!));
  const others = namespaces!.filter((name) => name !== "" && name !== ref.namespace);
  const object: Resource = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      ...ref,
      resourceVersion: version,
      labels: { [ID]: applySetId(ref) },
      annotations: {
        [TOOLING]: "ashlar/v1",
        [KINDS]: sorted(kinds!),
        [NAMESPACES]: sorted(others),
      },
    },
    data: {
      run: inventory.run,
      // The annotations tell kubectl less: not which kind is where, nor whether any is in the inventory's own namespace.
      members: sorted(inventory.places),
      patches: JSON.stringify(inventory.patches.map(rememberedPatch)),
    },
  };
  const answer = await applyObject(cluster, await configMaps(cluster), object, { force: true });
  if (answer.status < 300) return true;
  if (answer.status === 409) return false;
  const { message } = refusalOf(answer);
  throw new LiveError(
    answer.status === 403 ? "forbidden" : "server-error",
    `the inventory ConfigMap ${ref.namespace}/${ref.name} cannot be written: ${message}`,
    "nothing was applied: what is applied must be found again; see ashlar apply --explain-permissions",
  );
}

async function configMaps(cluster: Cluster): Promise<ApiType> {
  const type = (await cluster.apiTypes()).find("", "ConfigMap", "v1");
  if (type) return type;
  throw new LiveError("bad-answer", `${cluster.server} serves no ConfigMap`, "is this an API server?");
}

export function applySetOf(
  members: readonly Resource[],
  patches: readonly Resource[],
  run: string,
): ApplySet {
  const places = members
    .filter(isMember)
    .map((member) => `${groupKindOf(member)}/${member.metadata.namespace ?? ""}`);
  return { places, patches, run };
}

/** The union of what was applied and what will be: written before anything is, so that nothing can be lost. */
export function bothApplySets(before: ApplySet, after: ApplySet): ApplySet {
  const patches = new Map(before.patches.map((patch) => [refKey(refOf(patch)), patch]));
  for (const patch of after.patches) {
    const key = refKey(refOf(patch));
    const previous = patches.get(key);
    patches.set(key, previous ? bothPatches(previous, patch) : patch);
  }
  return {
    places: [...before.places, ...after.places],
    patches: [...patches.values()],
    run: after.run,
  };
}

/** An object with the label of its set. */
export function asMember(object: Resource, id: string): Resource {
  if (!isMember(object)) return object;
  const { labels } = object.metadata;
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, [PART_OF]: id } } };
}

/**
 * Whether this object is a member that we applied ourselves. Controllers copy labels onto what they make (EndpointSlices have
 * those of their Service): the label alone does not tell.
 */
export function isOwnMember(live: Resource, id: string): boolean {
  return (
    live.metadata.labels?.[PART_OF] === id &&
    isMember(live) &&
    ownsField(live, ["metadata", "labels", PART_OF])
  );
}

/**
 * What stands against applying to an object that another platform applies. Both write under one field manager: what one says and
 * the other does not would come and go, and the server would see no conflict.
 */
export function otherSetOf(live: Resource, id: string): FieldConflict | undefined {
  const theirs = live.metadata.labels?.[PART_OF];
  if (theirs === undefined || theirs === id || !isOwnMember(live, theirs)) return undefined;
  return { path: `metadata.labels[${PART_OF}]`, manager: "another platform" };
}
