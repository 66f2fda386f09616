import { isRecord } from "../json.ts";
import { sortResources } from "../order.ts";
import { applyPatches } from "../patch.ts";
import { apiGroup, formatRef, type Resource, refKey, refOf } from "../resource.ts";
import { fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import type { Sealed } from "../sealed.ts";
import { type ApplySet, applySetId, applySetOf, asMember, patchManager, readApplySet } from "./apply-set.ts";
import type { Cluster } from "./cluster.ts";
import type { ApiTypes } from "./discovery.ts";
import { withRequests } from "./endable.ts";
import { LiveError } from "./live-error.ts";
import { FIELD_MANAGER } from "./objects.ts";
import { configOfPatch, withdrawnPatch } from "./patch-config.ts";
import {
  type DesiredState,
  isToDo,
  type Plan,
  type PlanOptions,
  type PlanState,
  type PlanStep,
  rememberState,
} from "./plan-state.ts";
import { type PlanContext, planObject, typeOf } from "./plan-step.ts";
import { orphans } from "./prune.ts";
import { type Live, readLive } from "./read-live.ts";
import { sealWithSources } from "./secret-values.ts";

/**
 * What applying these objects to the cluster would do: what is there is read, what differs is asked of the server's dry run.
 *
 * @throws {LiveError} when the cluster cannot be asked, or the inventory is another tool's
 * @example
 * const plan = await planObjects(await connectCluster(), { name: "shop", resources })
 * for await (const event of applyPlan(plan)) console.log(event)
 */
export async function planObjects(
  cluster: Cluster,
  desired: DesiredState,
  options: PlanOptions = {},
): Promise<Plan> {
  const made = await withRequests(cluster, (ending) => planned(ending, desired, options), options.signal);
  rememberState(made.plan, { ...made.state, cluster });
  return made.plan;
}

interface Planned {
  readonly plan: Plan;
  readonly state: PlanState;
}

async function planned(cluster: Cluster, desired: DesiredState, options: PlanOptions): Promise<Planned> {
  const inventory = { namespace: options.inventoryNamespace ?? "default", name: `ashlar-${desired.name}` };
  const id = applySetId(inventory);
  const [types, before] = await Promise.all([cluster.apiTypes(), readApplySet(cluster, inventory)]);
  const { objects, patches } = targets(desired, types);
  const sealed = (desired.sealed ?? []).map((one) => ({
    sealed: one,
    stub: inNamespace(stubOf(one), types),
  }));
  const withdrawn = before.patches.filter((patch) => !isAmong(patch, patches));
  const own = [...objects, ...sealed.map(({ stub }) => stub)];
  const all = [...own, ...patches, ...withdrawn];
  refuseDoubles(own);
  const live = await readLive(
    cluster,
    all.flatMap((object) => {
      // In another version, when the object's own one comes with the plan.
      const type = typeOf(object, types) ?? types.find(apiGroup(object.apiVersion), object.kind);
      return type ? [{ type, ref: refOf(object) }] : [];
    }),
    options.known,
  );
  const created = createdWith(objects, live);
  const creates = objects.filter((object) => !live.objects.has(refKey(refOf(object)))).length;
  const context: PlanContext = { cluster, types, live, options, id, inventory, created, creates };
  const steps = await Promise.all([
    ...sortResources(objects).map((object) => planObject(asMember(object, id), "object", context)),
    ...sealed.map((one) => planSecret(one.sealed, asMember(one.stub, id), context)),
    ...patches.map((patch) => planPatch(patch, before, context)),
    ...withdrawn.map((patch) => planWithdrawal(patch, isAmong(patch, own), context)),
  ]);
  const keep = [...all, ...(desired.given ?? []).map((one) => inNamespace(one, types))];
  const found = await orphans(
    cluster,
    types,
    before,
    inventory,
    new Set(keep.map((one) => refKey(refOf(one)))),
  );
  const ordered = withTries([...inOrder(steps.flatMap((step) => step ?? [])), ...found.steps]);
  const plan: Plan = {
    name: desired.name,
    context: cluster.context,
    items: ordered.map(({ item }) => item),
    notes: found.notes,
  };
  const unserved = withdrawn.filter((patch) => typeOf(patch, types) === undefined);
  const set = applySetOf(own, [...patches, ...unserved], "");
  const next = { ...set, places: [...set.places, ...found.unseen] };
  // What was read before the plan is no longer what the cluster holds.
  const { known: _, ...anew } = options;
  const again = async (asking: Cluster) => (await planned(asking, desired, anew)).state;
  return { plan, state: { cluster, steps: ordered, inventory, before, next, again } };
}

/** Objects with the patches that are for them, and patches that are for objects of others. */
function targets(desired: DesiredState, types: ApiTypes) {
  const placed = (objects: readonly Resource[]) =>
    objects.map((object) => withData(inNamespace(object, types)));
  const merges = placed((desired.patches ?? []).map(({ merge }) => merge));
  const { resources, partial } = applyPatches(
    placed(desired.resources),
    merges.map((merge) => ({ merge, why: "" })),
  );
  const others = new Set(partial.map(refKey));
  const isOther = (object: Resource) => others.has(refKey(refOf(object)));
  return { objects: resources.filter((one) => !isOther(one)), patches: resources.filter(isOther) };
}

function inNamespace(object: Resource, types: ApiTypes): Resource {
  const type = typeOf(object, types);
  if (type === undefined || !type.namespaced || object.metadata.namespace !== undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace: "default" } };
}

/** The server moves `stringData` into `data`, and then nobody owns it who may take it back. */
function withData(object: Resource): Resource {
  const { stringData, ...rest } = object;
  if (object.kind !== "Secret" || object.apiVersion !== "v1" || !isRecord(stringData)) return object;
  const texts = Object.entries(stringData);
  // Anything but a text is left for the server to refuse.
  if (texts.some(([, text]) => typeof text !== "string")) return object;
  const data = texts.map(([key, text]) => [key, Buffer.from(text as string).toString("base64")]);
  return { ...rest, data: { ...fieldsOf(rest.data), ...Object.fromEntries(data) } } as unknown as Resource;
}

function stubOf({ metadata, type }: Sealed): Resource {
  return { apiVersion: "v1", kind: "Secret", metadata, type };
}

function isAmong(object: Resource, others: readonly Resource[]): boolean {
  const key = refKey(refOf(object));
  return others.some((other) => refKey(refOf(other)) === key);
}

function refuseDoubles(objects: readonly Resource[]): void {
  const seen = new Set<string>();
  for (const object of objects) {
    const key = refKey(refOf(object));
    if (seen.has(key))
      throw new LiveError(
        "bad-input",
        `${formatRef(refOf(object))} is made twice`,
        "ashlar check tells by which blocks; leave one out",
      );
    seen.add(key);
  }
}

function createdWith(objects: readonly Resource[], live: Live): ReadonlySet<string> {
  return new Set(
    objects.flatMap((object) => {
      if (object.kind === "Namespace")
        return live.objects.has(refKey(refOf(object))) ? [] : object.metadata.name;
      if (object.kind !== "CustomResourceDefinition") return [];
      // One that is there may not be served yet, or not in this version.
      const { group, names, versions } = fieldsOf(object.spec);
      return listOf(versions).map(
        (version) => `${textOf(group)}/${textOf(fieldsOf(version).name)}/${textOf(fieldsOf(names).kind)}`,
      );
    }),
  );
}

/** What may pass later is tried again after others, if there are any that are done. */
function withTries(steps: readonly PlanStep[]): readonly PlanStep[] {
  const isAnyDone = steps.some(isToDo);
  return steps.map(({ mayPass, ...step }) => {
    if (!mayPass || !isAnyDone) return step;
    const notes = [...step.item.notes, "is tried again when the others are there"];
    return { ...step, mayPass, item: { ...step.item, notes } };
  });
}

/** The steps in the order of creation. */
function inOrder(steps: readonly PlanStep[]): PlanStep[] {
  const byBody = new Map(steps.map((step) => [step.body, step]));
  return sortResources(steps.map(({ body }) => body)).map((body) => byBody.get(body)!);
}

async function planSecret(sealed: Sealed, stub: Resource, context: PlanContext): Promise<PlanStep> {
  const live = context.live.objects.get(refKey(refOf(stub)));
  if (context.live.forbidden.has(refKey(refOf(stub)))) return planObject(stub, "secret", context);
  const sealedWith = (there: Resource | undefined, { signal }: Cluster) => {
    const sources = { ...context.options, ...(signal && { signal }) };
    return sealWithSources({ ...sealed, metadata: stub.metadata }, there, sources);
  };
  const { secret, missing, kept } = await sealedWith(live, context.cluster);
  const lacks = missing.join(" and ");
  if (secret === undefined) {
    const type = typeOf(stub, context.types);
    const step = {
      body: stub,
      force: false,
      manager: FIELD_MANAGER,
      ...(type && { type }),
      ...(live && { live, after: live }),
    };
    const refusal = { reason: "MissingValue", message: `${lacks} is not there or empty` };
    const action = live ? "change" : "create";
    const item = { action, what: "secret", ref: refOf(stub), fields: [], conflicts: [], notes: [] } as const;
    return { ...step, item: { ...item, refusal } };
  }
  const keeps = missing.length > 0 && `keeps ${kept.join(", ")} as the cluster has it: ${lacks} is not there`;
  const step = await planObject(secret, "secret", context, keeps ? [keeps] : []);
  return { ...step, anew: async (there, cluster) => (await sealedWith(there, cluster)).secret };
}

/** A patch is for an object that is there, or that a controller makes in a namespace of the plan: it never makes one. */
async function planPatch(patch: Resource, before: ApplySet, context: PlanContext): Promise<PlanStep> {
  const ref = refOf(patch);
  const key = refKey(ref);
  const live = context.live.objects.get(key);
  const previous = before.patches.find((one) => refKey(refOf(one)) === key);
  if (live) {
    const step = await planObject(configOfPatch(patch, live, previous), "patch", context);
    return { ...step, anew: async (there) => there && configOfPatch(patch, there, previous) };
  }
  if (context.live.forbidden.has(key)) return planObject(patch, "patch", context);
  const item = { action: "change", what: "patch", ref, fields: [], conflicts: [] } as const;
  const type = typeOf(patch, context.types);
  const step = { body: patch, force: false, manager: patchManager(context.inventory), ...(type && { type }) };
  if (context.created.has(ref.namespace ?? "")) {
    const notes = ["is patched as soon as a controller has made it"];
    return { ...step, item: { ...item, notes }, after: patch };
  }
  const refusal = { reason: "NotFound", message: "there is no such object to patch" };
  return { ...step, item: { ...item, notes: [], refusal } };
}

/** @param isOwn whether the platform applies the whole object by now */
async function planWithdrawal(
  patch: Resource,
  isOwn: boolean,
  context: PlanContext,
): Promise<PlanStep | undefined> {
  const live = context.live.objects.get(refKey(refOf(patch)));
  const type = typeOf(patch, context.types);
  if (live === undefined || type === undefined) return undefined;
  const withdrawn = (there: Resource) => withdrawnPatch(patch, there, patchManager(context.inventory), isOwn);
  const planned = await planObject(withdrawn(live), "patch", context);
  const step = { ...planned, anew: async (there: Resource | undefined) => there && withdrawn(there) };
  const item = { ...step.item, action: "withdraw" } as const;
  if (!isOwn) return { ...step, item };
  // What the cluster will hold, and which fields change, is told by the applying of the object.
  const { after: _, ...rest } = step;
  return { ...rest, item: { ...item, fields: [] } };
}
