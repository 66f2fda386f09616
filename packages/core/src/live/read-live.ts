import { apiGroup, type Resource, type ResourceRef, refKey, refOf } from "../resource.ts";
import type { Cluster } from "./cluster.ts";
import type { ApiType } from "./discovery.ts";
import { LiveError } from "./live-error.ts";
import { getObject, listObjects } from "./objects.ts";

/** An object that may be in the cluster. */
export interface Wanted {
  readonly type: ApiType;
  readonly ref: ResourceRef;
}

/** From so many objects of a kind in a namespace on, reading all of them is cheaper than asking for each. */
const LIST_FROM = 8;

/** What the cluster has, by `refKey`. */
export interface Live {
  readonly objects: ReadonlyMap<string, Resource>;
  /** What the caller may not get, and the server's words. */
  readonly forbidden: ReadonlyMap<string, string>;
}

/** Kinds of which every object was read just now. */
export interface KnownObjects {
  /** `apps/Deployment`, `/Service` */
  readonly kinds: ReadonlySet<string>;
  readonly objects: readonly Resource[];
}

/** What the cluster has of these objects. Reads lists where it may, and single objects where it may not list. */
export async function readLive(
  cluster: Cluster,
  wanted: readonly Wanted[],
  known?: KnownObjects,
): Promise<Live> {
  const objects = new Map<string, Resource>();
  const groups = new Map<string, Wanted[]>();
  const isKnown = (group: string, kind: string) => known?.kinds.has(`${group}/${kind}`) === true;
  for (const resource of known?.objects ?? [])
    if (isKnown(apiGroup(resource.apiVersion), resource.kind)) objects.set(refKey(refOf(resource)), resource);
  for (const one of wanted) {
    const { group, kind, resource } = one.type;
    if (isKnown(group, kind)) continue;
    const key = `${group}/${resource}/${one.ref.namespace ?? ""}`;
    const list = groups.get(key);
    if (list) list.push(one);
    else groups.set(key, [one]);
  }
  const forbidden = new Map<string, string>();
  const keep = (resource: Resource | undefined) => {
    if (resource) objects.set(refKey(refOf(resource)), resource);
  };
  await Promise.all(
    [...groups.values()].map(async (group) => {
      const listed = group.length >= LIST_FROM ? await listedOrNot(cluster, group) : undefined;
      if (listed) for (const resource of listed) keep(resource);
      else
        await Promise.all(
          group.map(async ({ type, ref }) => {
            try {
              keep(await getObject(cluster, type, ref));
            } catch (error) {
              if (!isForbidden(error)) throw error;
              forbidden.set(refKey(ref), error.message);
            }
          }),
        );
    }),
  );
  return { objects, forbidden };
}

/** `undefined`: the caller may not list, only get what it names. */
async function listedOrNot(cluster: Cluster, [first]: readonly Wanted[]): Promise<Resource[] | undefined> {
  const { type, ref } = first!;
  try {
    return await listObjects(cluster, type, { namespace: ref.namespace });
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function isForbidden(error: unknown): error is LiveError {
  return error instanceof LiveError && error.code === "forbidden";
}
