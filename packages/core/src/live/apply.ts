import { setTimeout as sleep } from "node:timers/promises";
import { kindRank } from "../order.ts";
import { formatRef, type Resource, type ResourceRef, refKey, refOf } from "../resource.ts";
import { fieldsOf, textOf } from "../rules/references/json-values.ts";
import { type ApplySet, bothApplySets } from "./apply-set.ts";
import { merged } from "./channel.ts";
import type { Cluster } from "./cluster.ts";
import { type ApiType, groupVersion } from "./discovery.ts";
import { endable } from "./endable.ts";
import { endedBy } from "./http.ts";
import { LiveError } from "./live-error.ts";
import {
  applyObject,
  conflictsOf,
  deleteObject,
  type FieldConflict,
  getObject,
  type Refusal,
  refusalOf,
} from "./objects.ts";
import { configOfPatch } from "./patch-config.ts";
import { type Plan, type PlanState, type PlanStep, secretsOf, stateOf } from "./plan-state.ts";
import { hasCondition } from "./readiness.ts";
import { type Turn, takeTurn } from "./turn.ts";
import { type WaitEvent, waitUntilReady } from "./wait.ts";

export interface ApplyPlanOptions {
  /** Removes what the platform applied earlier and has no more. Default: no. */
  readonly prune?: boolean;
  /** Waits so long until workloads are ready. Default: does not wait. */
  readonly waitSeconds?: number;
}

/** What happened, as it happens. */
export type ApplyEvent =
  | { readonly type: "created" | "changed" | "withdrawn" | "pruned"; readonly ref: ResourceRef }
  /** Left as it was; the others go on. */
  | {
      readonly type: "failed";
      readonly ref: ResourceRef;
      readonly refusal: Refusal;
      readonly conflicts: readonly FieldConflict[];
    }
  /** Not tried, for want of what it needs. */
  | { readonly type: "skipped"; readonly ref: ResourceRef; readonly because: string }
  | WaitEvent
  | { readonly type: "done"; readonly summary: ApplySummary };

export interface ApplySummary {
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly pruned: number;
  /** What the cluster does not have as the platform says: failed, skipped and in conflict. */
  readonly left: number;
  readonly notReady: number;
}

/**
 * Does what a plan says, and tells it as it happens: namespaces first, then definitions until they are established, then the rest, in
 * parallel where nothing depends on the other. What the server refuses is left, and the others go on; run it again for what
 * is left. Breaking off at any point loses nothing: what was applied is in the inventory before it is.
 *
 * @throws {LiveError} when the server can no longer be asked, or another apply of the same platform has begun (`conflict`)
 * @example for await (const event of applyPlan(plan, { prune: true })) console.log(event.type)
 */
export async function* applyPlan(plan: Plan, options: ApplyPlanOptions = {}): AsyncGenerator<ApplyEvent> {
  const state = stateOf(plan);
  const { ending, end } = endable(state.cluster);
  try {
    yield* applied({ ...state, cluster: ending }, options);
  } finally {
    end();
  }
}

async function* applied(state: PlanState, options: ApplyPlanOptions): AsyncGenerator<ApplyEvent> {
  const { steps } = state;
  const counts = { created: 0, changed: 0, unchanged: 0, pruned: 0, left: 0, notReady: 0 };
  const asWanted: PlanStep[] = steps.filter(({ item }) => item.action === "none");
  counts.unchanged = asWanted.length;
  const count = (event: ApplyEvent): ApplyEvent => {
    if (event.type === "created" || event.type === "pruned") counts[event.type]++;
    if (event.type === "changed" || event.type === "withdrawn") counts.changed++;
    if (event.type === "failed" || event.type === "skipped") counts.left++;
    if (event.type === "not-ready") counts.notReady++;
    return event;
  };
  const blocked = steps.filter(isBlocked);
  for (const { item } of blocked) yield count(leftBehind(item.ref, item.refusal, item.conflicts));
  const toPrune = options.prune ? steps.filter(({ item }) => item.action === "prune") : [];
  if (toDo(state).length + toPrune.length > 0) {
    const turn = await takeTurn(state);
    const settled = new Set(asWanted.map(({ item }) => refKey(item.ref)));
    const failed: ResourceRef[] = blocked.map(({ item }) => item.ref);
    const inWaves = async function* (todo: readonly PlanStep[]): AsyncGenerator<ApplyEvent> {
      for (const wave of waves(todo)) {
        await turn.check();
        for await (const { event, step } of merged(wave.map((one) => () => done(one, state, turn, failed)))) {
          const key = refKey(step.item.ref);
          if (event.type === "failed" || event.type === "skipped") failed.push(step.item.ref);
          else if (step.item.action !== "withdraw" && !settled.has(key)) asWanted.push(step);
          if (!failed.includes(step.item.ref)) settled.add(key);
          yield count(event);
        }
      }
    };
    yield* inWaves(toDo(state));
    let last = state;
    if (turn.others) {
      await turn.others();
      last = await state.again(state.cluster);
      const known = new Set(failed.map(refKey));
      const isNew = ({ item }: PlanStep) => !known.has(refKey(item.ref));
      for (const { item } of last.steps.filter(isBlocked).filter(isNew))
        yield count(leftBehind(item.ref, item.refusal, item.conflicts));
      yield* inWaves(toDo(last).filter(isNew));
    }
    await turn.check();
    for await (const event of merged(toPrune.map((step) => () => pruned(step, state, turn)))) {
      if (event.type === "pruned") settled.add(refKey(event.ref));
      yield count(event);
    }
    await turn.end(inventoryAfter(last, settled));
  }
  if (options.waitSeconds !== undefined)
    for await (const event of waitUntilReady(state.cluster, asWanted, options.waitSeconds))
      yield count(event);
  yield { type: "done", summary: counts };
}

function isBlocked({ item }: PlanStep): boolean {
  return item.refusal !== undefined || item.conflicts.length > 0;
}

/** The steps that change what is there, but for removing. */
function toDo({ steps }: PlanState): PlanStep[] {
  return steps.filter((step) => !isBlocked(step) && !["none", "prune"].includes(step.item.action));
}

function leftBehind(
  ref: ResourceRef,
  refusal: Refusal | undefined,
  conflicts: readonly FieldConflict[] = [],
): ApplyEvent {
  const fields = conflicts.map(({ path, manager }) => `${path} (${manager})`).join(", ");
  const conflict = { reason: "Conflict", message: `others own ${fields}` };
  return { type: "failed", ref, refusal: refusal ?? conflict, conflicts };
}

/** Steps that do not depend on each other, in the order of creation. */
function waves(steps: readonly PlanStep[]): PlanStep[][] {
  const byRank = new Map<number, PlanStep[]>();
  for (const step of steps) {
    const rank = kindRank(step.item.ref.kind);
    const wave = byRank.get(rank);
    if (wave) wave.push(step);
    else byRank.set(rank, [step]);
  }
  return [...byRank].sort(([a], [b]) => a - b).map(([, wave]) => wave);
}

/** The inventory without what was removed, replaced and withdrawn; what could not be stays known. */
function inventoryAfter({ before, next, steps }: PlanState, settled: ReadonlySet<string>): ApplySet {
  const left = steps.filter(({ item }) => !settled.has(refKey(item.ref)));
  const targets = new Set(left.map(({ item }) => refKey(item.ref)));
  const patches = before.patches.filter((patch) => targets.has(refKey(refOf(patch))));
  const hasOrphans = left.some(({ item }) => item.action === "prune");
  return bothApplySets({ ...(hasOrphans ? before : next), patches }, next);
}

interface Done {
  readonly event: ApplyEvent;
  readonly step: PlanStep;
}

async function done(
  step: PlanStep,
  state: PlanState,
  turn: Turn,
  failed: readonly ResourceRef[],
): Promise<Done> {
  const { item, body, force } = step;
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
  const answer = await applyObject(state.cluster, type, sent, { force });
  if (answer.status >= 300) {
    const conflicts = conflictsOf(answer.body);
    const refusal = conflicts.length > 0 ? undefined : refusalOf(answer, secretsOf(body, step.live));
    return { step, event: leftBehind(ref, refusal, conflicts) };
  }
  if (ref.kind === CRD) await established(type, ref, state);
  const told = action === "create" ? "created" : action === "withdraw" ? "withdrawn" : "changed";
  return { step, event: { type: told, ref } };
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

async function pruned(
  { item: { ref }, type, body }: PlanStep,
  { cluster }: PlanState,
  turn: Turn,
): Promise<ApplyEvent> {
  await turn.check();
  const answer = await deleteObject(cluster, type!, body);
  const isGone = answer.status < 300 || answer.status === 404;
  return isGone ? { type: "pruned", ref } : leftBehind(ref, refusalOf(answer, secretsOf(body)));
}
