import { setTimeout as sleep } from "node:timers/promises";
import { formatRef, type Resource, type ResourceRef, refKey } from "../resource.ts";
import { fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import type { ApplyEvent } from "./apply.ts";
import { applySetId, isOwnMember, otherSetOf } from "./apply-set.ts";
import type { ApiAnswer, Cluster } from "./cluster.ts";
import { type ApiType, groupVersion } from "./discovery.ts";
import { endedBy } from "./http.ts";
import { LiveError } from "./live-error.ts";
import {
  ABSENT,
  applyObject,
  beingDeleted,
  conflictsOf,
  deleteObject,
  type FieldConflict,
  getObject,
  isLostRace,
  listedObject,
  type Refusal,
  refusalOf,
} from "./objects.ts";
import { configOfPatch } from "./patch-config.ts";
import { type PlanState, type PlanStep, secretsOf } from "./plan-state.ts";
import { hasCondition } from "./readiness.ts";
import type { Turn } from "./turn.ts";

/** What is not as the platform says, and why. */
export function leftBehind(
  ref: ResourceRef,
  refusal: Refusal | undefined,
  conflicts: readonly FieldConflict[] = [],
): ApplyEvent {
  const fields = conflicts.map(({ path, manager }) => `${path} (${manager})`).join(", ");
  const conflict = { reason: "Conflict", message: `others own ${fields}` };
  return { type: "failed", ref, refusal: refusal ?? conflict, conflicts };
}

/** A step, and what came of it. */
export interface Done {
  readonly event: ApplyEvent;
  readonly step: PlanStep;
}

/** Does one step: what the server refuses is an event, not an error. */
export async function done(
  step: PlanStep,
  state: PlanState,
  turn: Turn,
  failed: readonly ResourceRef[],
): Promise<Done> {
  const { item, body } = step;
  const { ref, action } = item;
  const missing = failed.find((other) => needs(body, other));
  if (missing)
    return { step, event: { type: "skipped", ref, because: `${formatRef(missing)} is not there` } };
  const type = step.type ?? (await typeOfNew(body, state, failed));
  if (type === undefined) {
    const message = `the API server does not serve ${ref.kind} of ${ref.apiVersion}`;
    return { step, event: leftBehind(ref, { reason: "NotServed", message }) };
  }
  const sent = item.what === "patch" ? await patchOfLive(step, type, state) : body;
  if (sent === undefined)
    return {
      step,
      event: leftBehind(ref, { reason: "NotFound", message: "nobody has made it to be patched" }),
    };
  await turn.check();
  const answer = await applyAsSeen(sent, step, type, state, turn);
  if (!("status" in answer)) return { step, event: leftBehind(ref, undefined, [answer]) };
  if (answer.status >= 300) {
    const conflicts = conflictsOf(answer.body);
    const refusal = conflicts.length > 0 ? undefined : refusalOf(answer, secretsOf(body, step.live));
    return { step, event: leftBehind(ref, refusal, conflicts) };
  }
  if (ref.kind === CRD) await established(type, ref, state);
  const told = action === "withdraw" ? "withdrawn" : answer.status === 201 ? "created" : "changed";
  return { step, event: { type: told, ref } };
}

const TRIES = 10;

/**
 * Applies to the object as it was when it was read, or to none: what whoever has the turn now has written is not overwritten, however
 * long this request was under way. Nor is what another platform has made or taken meanwhile.
 */
async function applyAsSeen(
  sent: Resource,
  { item, live, force, manager, anew }: PlanStep,
  type: ApiType,
  { cluster, inventory }: PlanState,
  turn: Turn,
): Promise<ApiAnswer | FieldConflict> {
  if (item.what === "patch" && live === undefined)
    return applyObject(cluster, type, sent, { force, manager });
  let seen = live;
  let wanted = sent;
  for (let tries = 1; ; tries++) {
    const resourceVersion = seen?.metadata.resourceVersion ?? ABSENT;
    const body = { ...wanted, metadata: { ...wanted.metadata, resourceVersion } };
    const answer = await applyObject(cluster, type, body, { force, manager });
    if (!isLostRace(answer) || tries === TRIES) return answer;
    await turn.confirm();
    seen = await getObject(cluster, type, item.ref);
    const isPatch = item.what === "patch";
    if (isPatch && seen === undefined) return answer;
    const others = seen && !force && !isPatch ? otherSetOf(seen, applySetId(inventory)) : undefined;
    if (others) return others;
    if (anew) wanted = (await anew(seen, cluster)) ?? wanted;
  }
}

const MADE_MS = 30_000;

/** A patch of an object that was not there yet waits for it: applying it before would make the object. */
async function patchOfLive(
  { body, live, item: { ref } }: PlanStep,
  type: ApiType,
  { cluster }: PlanState,
): Promise<Resource | undefined> {
  if (live) return body;
  for (const deadline = Date.now() + MADE_MS; Date.now() < deadline; ) {
    const made = await getObject(cluster, type, ref);
    if (made) return configOfPatch(body, made, undefined);
    await pause(cluster);
  }
  return undefined;
}

async function pause({ signal }: Cluster): Promise<void> {
  await sleep(200, undefined, signal && { signal }).catch((error: unknown) => {
    throw signal?.aborted ? endedBy(signal, "the apply") : error;
  });
}

/** Whether an object cannot be made without another of the plan. */
function needs(body: Resource, other: ResourceRef): boolean {
  return other.kind === "Namespace" && body.kind !== "Namespace" && body.metadata.namespace === other.name;
}

async function typeOfNew(
  { apiVersion, kind }: Resource,
  state: PlanState,
  failed: readonly ResourceRef[],
): Promise<ApiType | undefined> {
  const { cluster, steps } = state;
  const { group, version } = groupVersion(apiVersion);
  const find = async (anew: boolean) => (await cluster.apiTypes({ anew })).find(group, kind, version);
  const known = (await find(false)) ?? (await find(true));
  if (known) return known;
  // Its definition may be as it shall be, and not established yet: whoever made it was a moment before us.
  const definition = steps.find(({ item, body: { spec } }) => {
    const { group: defined, names } = fieldsOf(spec);
    return item.ref.kind === CRD && defined === group && fieldsOf(names).kind === kind;
  });
  const isLeft = definition && failed.some((ref) => refKey(ref) === refKey(definition.item.ref));
  if (definition?.type === undefined || isLeft) return undefined;
  await established(definition.type, definition.item.ref, state);
  return find(true);
}

const CRD = "CustomResourceDefinition";
const ESTABLISHED_MS = 60_000;

/** Objects of a kind can be made when its definition is established and the server lists it. */
async function established(type: ApiType, ref: ResourceRef, { cluster }: PlanState): Promise<void> {
  const deadline = Date.now() + ESTABLISHED_MS;
  for (;;) {
    const live = await getObject(cluster, type, ref);
    const spec = fieldsOf(live?.spec);
    const kind = textOf(fieldsOf(spec.names).kind);
    if (live && hasCondition(live, "Established")) {
      const types = await cluster.apiTypes({ anew: true });
      if (types.find(textOf(spec.group), kind)) return;
    }
    if (Date.now() > deadline)
      throw new LiveError(
        "timed-out",
        `CustomResourceDefinition ${ref.name} is not established`,
        `kubectl describe crd ${ref.name} tells why; run this again when it is`,
      );
    await pause(cluster);
  }
}

/** Finalizers may take so long before what they hold counts as left. */
const FINALIZED_MS = 10_000;

/** Removes one object that the platform has no more, if nobody else has taken it since. */
export async function pruned(
  { item: { ref }, type, body }: PlanStep,
  { cluster, inventory }: PlanState,
  turn: Turn,
): Promise<ApplyEvent> {
  await turn.check();
  const id = applySetId(inventory);
  const answer = await deleteObject(cluster, type!, body, (live) => isOwnMember(live, id));
  if (answer === undefined) {
    const message = "it is no longer of this platform: somebody else has taken it";
    return leftBehind(ref, { reason: "Conflict", message });
  }
  if (answer.status === 404) return { type: "pruned", ref };
  if (answer.status >= 300) return leftBehind(ref, refusalOf(answer, secretsOf(body)));
  // What is gone is answered with a Status, what finalizers hold with the object.
  if (answer.body.kind === "Status") return { type: "pruned", ref };
  for (const deadline = Date.now() + FINALIZED_MS; ; ) {
    const held = await listedObject(cluster, type!, ref);
    if (held?.metadata.uid !== body.metadata.uid) return { type: "pruned", ref };
    if (Date.now() > deadline)
      // Without finalizers it goes by itself: a pod that is ending.
      return listOf(held!.metadata.finalizers).length === 0
        ? { type: "pruned", ref }
        : leftBehind(ref, beingDeleted(held!));
    await pause(cluster);
  }
}
