import { kindRank } from "../order.ts";
import { type ResourceRef, refKey, refOf } from "../resource.ts";
import { type ApplySet, bothApplySets } from "./apply-set.ts";
import { done, leftBehind, pruned } from "./apply-step.ts";
import { merged } from "./channel.ts";
import { endable } from "./endable.ts";
import type { FieldConflict, Refusal } from "./objects.ts";
import {
  isBlocked,
  isToDo,
  type Plan,
  type PlanItem,
  type PlanState,
  type PlanStep,
  stateOf,
} from "./plan-state.ts";
import { takeTurn } from "./turn.ts";
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
  const mayPass = steps.filter((step) => step.mayPass);
  const blocked = steps.filter((step) => isBlocked(step) && !mayPass.includes(step));
  for (const { item } of blocked) yield count(leftBehind(item.ref, item.refusal, item.conflicts));
  const toPrune = options.prune ? steps.filter(({ item }) => item.action === "prune") : [];
  if (steps.filter(isToDo).length + toPrune.length > 0) {
    const turn = await takeTurn(state);
    const settled = new Set(asWanted.map(({ item }) => keyOf(item)));
    const failed: ResourceRef[] = blocked.map(({ item }) => item.ref);
    const inWaves = async function* (todo: readonly PlanStep[]): AsyncGenerator<ApplyEvent> {
      for (const wave of waves(todo)) {
        await turn.check();
        for await (const { event, step } of merged(wave.map((one) => () => done(one, state, turn, failed)))) {
          const key = keyOf(step.item);
          if (event.type === "failed" || event.type === "skipped") failed.push(step.item.ref);
          else if (step.item.action !== "withdraw" && !settled.has(key)) asWanted.push(step);
          if (!failed.includes(step.item.ref)) settled.add(key);
          yield count(event);
        }
      }
    };
    yield* inWaves(steps.filter(isToDo));
    yield* inWaves(mayPass);
    let last = state;
    if (turn.others) {
      await turn.others();
      last = await state.again(state.cluster);
      const known = new Set(failed.map(refKey));
      const isNew = ({ item }: PlanStep) => !known.has(refKey(item.ref));
      for (const { item } of last.steps.filter(isBlocked).filter(isNew))
        yield count(leftBehind(item.ref, item.refusal, item.conflicts));
      yield* inWaves(last.steps.filter(isToDo).filter(isNew));
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

/** A patch of an object may be withdrawn while the object is applied. */
function keyOf({ what, ref }: PlanItem): string {
  return what === "patch" ? `patch ${refKey(ref)}` : refKey(ref);
}

/** The inventory without what was removed, replaced and withdrawn; what could not be stays known. */
function inventoryAfter({ before, next, steps }: PlanState, settled: ReadonlySet<string>): ApplySet {
  const left = steps.filter(({ item }) => !settled.has(keyOf(item)));
  const patched = left.filter(({ item }) => item.what === "patch");
  const targets = new Set(patched.map(({ item }) => refKey(item.ref)));
  const patches = before.patches.filter((patch) => targets.has(refKey(refOf(patch))));
  const hasOrphans = left.some(({ item }) => item.action === "prune");
  return bothApplySets({ ...(hasOrphans ? before : next), patches }, next);
}
