import { diffResources } from "../diff.ts";
import { type Resource, refKey, refOf } from "../resource.ts";
import { type ApplySetRef, isOwnMember, objectManager, otherSetOf, patchManager } from "./apply-set.ts";
import type { Cluster } from "./cluster.ts";
import { type ApiType, type ApiTypes, groupVersion } from "./discovery.ts";
import {
  applyObject,
  beingDeleted,
  conflictsOf,
  FIELD_MANAGER,
  type FieldConflict,
  type Refusal,
  refusalOf,
} from "./objects.ts";
import { otherManagers } from "./other-managers.ts";
import { givenUp, isApplied, ownsTheSame } from "./owned-fields.ts";
import { isAtomicList } from "./patch-config.ts";
import { type PlanItem, type PlanOptions, type PlanStep, secretsOf } from "./plan-state.ts";
import type { Live } from "./read-live.ts";
import { withoutAllocated } from "./service-allocations.ts";

/** What steps are planned with. */
export interface PlanContext {
  readonly cluster: Cluster;
  readonly types: ApiTypes;
  readonly live: Live;
  readonly options: PlanOptions;
  /** Of the platform's set: `applyset-…-v1`. */
  readonly id: string;
  readonly inventory: ApplySetRef;
  /** Namespaces and kinds that come with the plan: the server cannot be asked about what is in them. */
  readonly created: ReadonlySet<string>;
  /** How many objects come with the plan. */
  readonly creates: number;
}

/** The type of an object, in the version that it is written in. */
export function typeOf({ apiVersion, kind }: Resource, types: ApiTypes): ApiType | undefined {
  const { group, version } = groupVersion(apiVersion);
  return types.find(group, kind, version);
}

/** What applying the object would do. */
export async function planObject(
  body: Resource,
  what: PlanItem["what"],
  context: PlanContext,
  notes: readonly string[] = [],
): Promise<PlanStep> {
  const {
    types,
    live: { objects, forbidden },
    options,
  } = context;
  const ref = refOf(body);
  const type = typeOf(body, types);
  const live = objects.get(refKey(ref));
  const item = { action: live ? "change" : "create", what, ref, fields: [], conflicts: [], notes } as const;
  const force = options.forceConflicts?.(ref) ?? false;
  const isPatch = what === "patch";
  const manager = isPatch ? patchManager(context.inventory) : objectManager(body, context.inventory);
  const common = { body, force, manager, ...(type && { type }), ...(live && { live }) };
  const unread = forbidden.get(refKey(ref));
  if (unread !== undefined)
    return { ...common, item: { ...item, refusal: { reason: "Forbidden", message: unread } } };
  // What is applied to an object on its way out goes with it.
  const ending = live && beingDeleted(live);
  if (ending) return { ...common, item: { ...item, refusal: ending }, after: live };
  const others = live && !force && !isPatch ? otherSetOf(live, context.id) : undefined;
  if (others) return { ...common, item: { ...item, conflicts: [others] }, after: live! };
  if (type === undefined) {
    if (!context.created.has(`${body.apiVersion}/${body.kind}`))
      return { ...common, item: { ...item, refusal: notServed(body, types) } };
    // The server cannot be asked yet what a version that comes with the plan makes of it.
    const told = live ? [...notes, `is ${body.apiVersion} from now on, ${live.apiVersion} until now`] : notes;
    const adoptedFrom = live ? otherManagers(live, manager) : [];
    const adopts = adoptedFrom.length > 0 && { adoptedFrom };
    return { ...common, item: { ...item, notes: told, ...adopts }, after: body };
  }
  if (live === undefined && context.created.has(ref.namespace ?? "")) return { ...common, item, after: body };
  if (live && isApplied(body, live, manager))
    return { ...common, item: { ...item, action: "none" }, after: live };
  return { ...common, ...(await dryRun(item, { ...common, type }, context)) };
}

/** The step as far as the server's dry run tells it. */
async function dryRun(
  item: PlanItem,
  step: Pick<PlanStep, "body" | "force" | "manager" | "live"> & { readonly type: ApiType },
  context: PlanContext,
): Promise<Pick<PlanStep, "item" | "after" | "mayPass"> & { readonly force?: boolean }> {
  const { body, force, manager, type, live } = step;
  const answer = await applyObject(context.cluster, type, body, { dryRun: true, force, manager });
  const left = live && { after: live };
  if (answer.status >= 300) {
    const conflicts = conflictsOf(answer.body);
    if (
      live &&
      !force &&
      conflicts.length > 0 &&
      conflicts.every((one) => isOurs(one, live, item.what, context))
    )
      return { ...(await dryRun(item, { ...step, force: true }, context)), force: true };
    if (conflicts.length > 0) return { item: { ...item, conflicts }, ...left };
    const refusal = refusalOf(answer, secretsOf(body, live));
    // A webhook with effects of its own is not asked in a dry run: whether it agrees shows when it is asked for good.
    if (!/does not support dry run/.test(refusal.message)) {
      // A binding wants its role, a pod its account: they may come with the same plan.
      if (live || context.creates < 2) return { item: { ...item, refusal }, ...left };
      return { item: { ...item, refusal }, mayPass: true, after: body };
    }
    return { item: { ...item, notes: [...item.notes, refusal.message] }, after: body };
  }
  const told = { ...answer.body, apiVersion: body.apiVersion, kind: body.kind } as unknown as Resource;
  const after = withoutAllocated(told, [body, ...(live ? [live] : [])]);
  if (live === undefined) return { item, after };
  const fields = diffResources([withoutBookkeeping(live)], [withoutBookkeeping(after)]).flatMap(
    (change) => change.fields,
  );
  if (fields.length === 0 && ownsTheSame(live, after, manager))
    return { item: { ...item, action: "none" }, after: live };
  const adoptedFrom = item.what === "patch" ? [] : otherManagers(live, manager);
  // Owning what is equal already is a change too, though no field shows it.
  const adopts = adoptedFrom.length > 0 && { adoptedFrom };
  // A patch is for an object of others: that they own the same is no news.
  const stays = (item.what === "patch" ? [] : givenUp(live, after, manager)).map(
    ({ path, owners }) => `${path} is given up, and stays: ${owners.join(" and ")} owns it too`,
  );
  return { item: { ...item, fields, notes: [...item.notes, ...stays], ...adopts }, after };
}

/**
 * Whether a conflict is one of the platform with itself (it patches an object that it applied, or applies one that it patched), or one
 * with another platform's patch about a list of which nothing gets lost.
 */
function isOurs(
  { path, manager }: FieldConflict,
  live: Resource,
  what: PlanItem["what"],
  { id, inventory }: PlanContext,
): boolean {
  if (manager === patchManager(inventory)) return true;
  if (manager === objectManager(live, inventory)) return manager !== FIELD_MANAGER || isOwnMember(live, id);
  return what === "patch" && manager.startsWith(`${FIELD_MANAGER}-`) && isAtomicList(live.kind, path);
}

/** The object without what the server keeps of every writing. */
function withoutBookkeeping(object: Resource): Resource {
  const { status: _, metadata, ...rest } = object;
  const { managedFields: __, resourceVersion: ___, generation: ____, ...meta } = metadata;
  return { ...rest, metadata: meta } as unknown as Resource;
}

function notServed({ apiVersion, kind }: Resource, types: ApiTypes): Refusal {
  const other = types.find(groupVersion(apiVersion).group, kind);
  const hint = other ? `: it serves ${[other.group, other.version].filter(Boolean).join("/")}` : "";
  return { reason: "NotServed", message: `the API server does not serve ${kind} of ${apiVersion}${hint}` };
}
