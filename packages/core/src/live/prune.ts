import { type Resource, refKey, refOf } from "../resource.ts";
import {
  type ApplySet,
  type ApplySetRef,
  applySetId,
  isOwnMember,
  PART_OF,
  typeOfGroupKind,
} from "./apply-set.ts";
import type { Cluster } from "./cluster.ts";
import type { ApiType, ApiTypes } from "./discovery.ts";
import { LiveError } from "./live-error.ts";
import { controllerOf } from "./made-by-controller.ts";
import { FIELD_MANAGER, listObjects } from "./objects.ts";
import type { PlanStep } from "./plan-state.ts";

/** Objects that this platform applied and no longer has. */
export interface Orphans {
  readonly steps: readonly PlanStep[];
  /** Where could not be looked. */
  readonly notes: readonly string[];
  /** The same as places of the inventory, where they have to stay: what is there is to be found another time. */
  readonly unseen: readonly string[];
}

/** @param keep `refKey`s of what the platform has or takes as given */
export async function orphans(
  cluster: Cluster,
  types: ApiTypes,
  before: ApplySet,
  inventory: ApplySetRef,
  keep: ReadonlySet<string>,
): Promise<Orphans> {
  const id = applySetId(inventory);
  const notes: string[] = [];
  const unseen: string[] = [];
  const found = await Promise.all(
    [...byKind(before.places)].map(async ([groupKind, namespaces]) => {
      const type = typeOfGroupKind(groupKind, types);
      const notTold = (because: string) => {
        notes.push(`${groupKind} to prune cannot be told: ${because}`);
        for (const namespace of namespaces) unseen.push(`${groupKind}/${namespace}`);
      };
      if (type === undefined) {
        // Its definition is gone, or a server that has just started does not know it yet.
        notTold("the API server does not serve it");
        return [];
      }
      const listed = await listEverywhere(cluster, type, namespaces, `${PART_OF}=${id}`);
      if (listed.forbidden !== undefined) notTold(listed.forbidden);
      return listed.objects
        .filter(
          // What a controller made belongs to it, whatever labels it copied.
          (object) =>
            isOwnMember(object, id) && controllerOf(object) === undefined && !keep.has(refKey(refOf(object))),
        )
        .map((live): PlanStep => {
          const item = {
            action: "prune",
            what: "object",
            ref: refOf(live),
            fields: [],
            conflicts: [],
            notes: [],
          } as const;
          return { item, type, body: live, force: false, manager: FIELD_MANAGER, live };
        });
    }),
  );
  return { steps: found.flat(), notes, unseen };
}

/** Kind → the namespaces where members of it are. */
function byKind(places: readonly string[]): Map<string, string[]> {
  const namespaces = new Map<string, string[]>();
  for (const [kind = "", namespace = ""] of places.map((place) => place.split("/"))) {
    const list = namespaces.get(kind);
    if (list) list.push(namespace);
    else namespaces.set(kind, [namespace]);
  }
  return namespaces;
}

async function listEverywhere(
  cluster: Cluster,
  type: ApiType,
  namespaces: readonly string[],
  labelSelector: string,
): Promise<{ readonly objects: readonly Resource[]; readonly forbidden?: string }> {
  try {
    return { objects: await listObjects(cluster, type, { labelSelector }) };
  } catch (error) {
    if (!(error instanceof LiveError) || error.code !== "forbidden") throw error;
    if (!type.namespaced) return { objects: [], forbidden: error.message };
  }
  const objects: Resource[] = [];
  let forbidden: string | undefined;
  for (const namespace of namespaces)
    try {
      for (const object of await listObjects(cluster, type, { namespace, labelSelector }))
        objects.push(object);
    } catch (error) {
      if (!(error instanceof LiveError) || error.code !== "forbidden") throw error;
      forbidden = error.message;
    }
  return { objects, ...(forbidden !== undefined && { forbidden }) };
}
