import type { FieldChange } from "../diff.ts";
import type { Patch } from "../patch.ts";
import type { Resource, ResourceRef } from "../resource.ts";
import { fieldsOf } from "../rules/references/json-values.ts";
import type { Sealed } from "../sealed.ts";
import type { ApplySet, ApplySetRef } from "./apply-set.ts";
import type { Cluster } from "./cluster.ts";
import type { ApiType } from "./discovery.ts";
import { LiveError } from "./live-error.ts";
import type { FieldConflict, Refusal } from "./objects.ts";
import type { KnownObjects } from "./read-live.ts";
import type { SecretSources } from "./secret-values.ts";

/** What a cluster shall hold. */
export interface DesiredState {
  /** The platform's name; its inventory is called by it. */
  readonly name: string;
  readonly resources: readonly Resource[];
  readonly patches?: readonly Patch[];
  readonly sealed?: readonly Sealed[];
  /** Objects of others: never pruned, whatever labels they have. */
  readonly given?: readonly Resource[];
}

export interface PlanOptions extends SecretSources {
  /** Whether to take fields that others own with another value, asked of each object. Default: never. */
  readonly forceConflicts?: (ref: ResourceRef) => boolean;
  /** What was read of the cluster just now, so that it is not read again. */
  readonly known?: KnownObjects;
  /** Namespace of the inventory. Default: `default`. */
  readonly inventoryNamespace?: string;
}

/**
 * - `create`, `change`, `none`: what applying the object does to it
 * - `prune`: this platform applied it, and has it no more. Only removed when asked for
 * - `withdraw`: this platform patched it, and does so no more: what the patch added is taken back
 */
export type PlanAction = "create" | "change" | "none" | "prune" | "withdraw";

/** What happens to one object. Values of Secrets are in none of its fields. */
export interface PlanItem {
  readonly action: PlanAction;
  readonly what: "object" | "patch" | "secret";
  readonly ref: ResourceRef;
  /** The fields that change, those of the server's own defaulting with them. */
  readonly fields: readonly FieldChange[];
  /** Fields that others own with another value: the object is left as it is. */
  readonly conflicts: readonly FieldConflict[];
  /** The server refuses it, or a value is missing: the object is left as it is. */
  readonly refusal?: Refusal;
  /** Who wrote the object before Ashlar did: `helm`, `kubectl-client-side-apply`. */
  readonly adoptedFrom?: readonly string[];
  /** What is worth knowing before agreeing. */
  readonly notes: readonly string[];
}

/** What applying would do; made by reading and by the server's dry run, nothing is stored. */
export interface Plan {
  readonly name: string;
  readonly context: string;
  /** In the order in which things are applied; what is pruned comes last. */
  readonly items: readonly PlanItem[];
  /** What could not be looked at. */
  readonly notes: readonly string[];
}

/** How an item is done. Bodies of Secrets hold values: they are kept here alone. */
export interface PlanStep {
  readonly item: PlanItem;
  /** Absent: the definition of its kind comes with the same plan. */
  readonly type?: ApiType;
  /** Refused before others of the plan were there, which may be why: it is tried after them. */
  readonly mayPass?: boolean;
  /** What is sent. */
  readonly body: Resource;
  readonly force: boolean;
  /** Under which name. */
  readonly manager: string;
  readonly live?: Resource;
  /**
   * The body for what the cluster holds by now: a Secret keeps values that somebody else made, a patch what others put into a list.
   * `undefined`: there is none for that.
   */
  readonly anew?: (live: Resource | undefined, cluster: Cluster) => Promise<Resource | undefined>;
  /** What the cluster will hold; absent after pruning. */
  readonly after?: Resource;
}

/** What the server refuses, or somebody else owns, is left. */
export function isBlocked({ item }: PlanStep): boolean {
  return item.refusal !== undefined || item.conflicts.length > 0;
}

/** Whether a step changes what is there, but for removing. */
export function isToDo(step: PlanStep): boolean {
  return !isBlocked(step) && !["none", "prune"].includes(step.item.action);
}

export interface PlanState {
  readonly cluster: Cluster;
  readonly steps: readonly PlanStep[];
  readonly inventory: ApplySetRef;
  readonly before: ApplySet;
  readonly next: ApplySet;
  /** The same plan, made anew. */
  readonly again: (cluster: Cluster) => Promise<PlanState>;
}

const STATES = new WeakMap<Plan, PlanState>();

/** @throws {LiveError} for an object that only looks like a plan */
export function stateOf(plan: Plan): PlanState {
  const state = STATES.get(plan);
  if (state) return state;
  throw new LiveError("bad-input", "this is no plan, or a copy of one", "give what planObjects returned");
}

export function rememberState(plan: Plan, state: PlanState): void {
  STATES.set(plan, state);
}

/** Texts that no message may hold: values of what is sent and of what is there, however a message may write them. */
export function secretsOf(...objects: readonly (Resource | undefined)[]): string[] {
  const texts = objects.flatMap((object) =>
    object?.kind === "Secret"
      ? [object.data, object.stringData].flatMap((data) => Object.values(fieldsOf(data)).map(String))
      : [],
  );
  return texts.flatMap((text) => {
    const value = Buffer.from(text, "base64").toString("utf8");
    return [text, value, JSON.stringify(value).slice(1, -1), ...value.split(/\s+/)];
  });
}
