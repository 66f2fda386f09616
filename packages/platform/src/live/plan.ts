import { type Proof, type Resource, type ResourceRef, sortFindings } from "@ashlar/core";
import {
  type ApplyEvent,
  type ApplyPlanOptions,
  applyPlan,
  type Cluster,
  LiveError,
  objectsAround,
  type PermissionOptions,
  type Plan,
  type PlanOptions,
  permissionsOf,
  planObjects,
  type Right,
  withRequests,
} from "@ashlar/core/live";
import type { ObjectSet } from "../check.ts";
import type { Platform } from "../define-platform.ts";
import type { ChangeOfMeaning } from "../meaning.ts";
import { KINDS_OF, type Question } from "./live-kinds.ts";
import { readCluster } from "./read-cluster.ts";
import type { Unread } from "./unread.ts";

export interface PlatformPlanOptions extends Omit<PlanOptions, "signal"> {
  /** Removes what the platform applied earlier and has no more. Default: it is listed, and left. */
  readonly prune?: boolean;
}

/** What applying a platform would do, and what that means. */
export interface PlatformPlan {
  readonly objects: Plan;
  /** Paths that open and close, rights, names and URLs: the cluster before and after. */
  readonly meaning: ChangeOfMeaning;
  /** The platform's claims, proved on the cluster as it will be. */
  readonly proofs: readonly Proof[];
  /** What could not be read, so that claims and meaning are unknown there. */
  readonly unread: readonly Unread[];
  readonly prune: boolean;
}

const MODELS = ["network", "access", "dns", "routes", "pulls"] as const satisfies readonly Question[];

/**
 * What applying a platform to a cluster would do: objects, fields, what it means and which claims would break. Nothing is stored.
 *
 * @throws {LiveError} when the cluster cannot be asked
 * @example
 * const cluster = await connectCluster({ context: "prod" })
 * const planned = await plan(platform, cluster)
 * for await (const event of apply(planned)) console.log(event)
 */
export async function plan(
  platform: Platform,
  cluster: Cluster,
  { prune = false, ...options }: PlatformPlanOptions = {},
): Promise<PlatformPlan> {
  const { block, given, name } = platform;
  const desired = { name, ...block, given };
  // While the cluster is read: models take longer to load than all the rest.
  const models = import("./models.ts");
  const found = await withRequests(cluster, (ending) => readCluster(ending, MODELS, namespacesOf(platform)));
  const known = { kinds: found.whole, objects: found.resources };
  const objects = await planObjects(cluster, desired, { ...options, known });
  const { changeOfMeaning, liveSet, NO_CHANGE, prove } = await models;
  const around = objectsAround(objects, found.resources, { prune });
  const before = liveSet(platform, around.before, found);
  const after = liveSet(platform, around.after, {
    partial: withoutWritten(objects, found.partial),
    unread: found.unread,
  });
  // Models of thousands of objects take their time: not for what stays as it is.
  const isSame = objects.items.every(({ action }) => action === "none" || (action === "prune" && !prune));
  return {
    objects,
    meaning: isSame ? NO_CHANGE : changeOfMeaning(before, after),
    proofs: prove(after),
    unread: found.unread,
    prune,
  };
}

/** Of a Secret that the plan writes everything is known. */
function withoutWritten({ items }: Plan, partial: NonNullable<ObjectSet["partial"]>): readonly ResourceRef[] {
  const written = new Set(
    items.filter(({ what }) => what === "secret").map(({ ref }) => `${ref.namespace}/${ref.name}`),
  );
  return partial.filter(({ namespace, name }) => !written.has(`${namespace}/${name}`));
}

function namespacesOf({ environments, block }: Platform): string[] {
  const used = block.resources.flatMap(({ metadata }) => metadata.namespace ?? []);
  return [...new Set([...Object.values(environments).flat(), ...used])];
}

/** Claims that would not hold: contradicted, or about nothing. */
export function brokenClaims({ proofs }: PlatformPlan): readonly Proof[] {
  return proofs.filter(({ outcome }) => outcome === "broken" || outcome === "vacuous");
}

export interface ApplyOptions extends Omit<ApplyPlanOptions, "prune"> {
  /** Claims that may break, by their text. */
  readonly acceptBroken?: readonly string[];
}

/**
 * Does what a plan says, and tells it as it happens; see `applyPlan` of `@ashlar/core/live`.
 *
 * @throws {LiveError} `denied` when a claim would break that is not accepted; nothing was applied
 */
export async function* apply(
  planned: PlatformPlan,
  { acceptBroken = [], ...options }: ApplyOptions = {},
): AsyncGenerator<ApplyEvent> {
  const breaks = brokenClaims(planned).filter(({ claim }) => !acceptBroken.includes(claim.text));
  if (breaks.length > 0) {
    const [first] = sortFindings(breaks.flatMap(({ findings }) => findings));
    throw new LiveError(
      "denied",
      `nothing was applied: ${breaks.map(({ claim }) => `"${claim.text}"`).join(", ")} would not hold${first ? `: ${first.message}` : ""}`,
      `correct the platform, or accept it by its name: --accept-broken "${breaks[0]!.claim.text}"`,
    );
  }
  yield* applyPlan(planned.objects, { ...options, prune: planned.prune });
}

/**
 * The roles that applying a platform needs, and reading what its claims are proved with; see `permissionsOf` of `@ashlar/core/live`.
 *
 * @throws {LiveError} when the cluster cannot be asked
 */
export async function permissions(
  platform: Platform,
  cluster: Cluster,
  {
    prune = false,
    subject,
    onUndefined,
    ...options
  }: PlatformPlanOptions & Pick<PermissionOptions, "subject" | "onUndefined"> = {},
): Promise<Resource[]> {
  const objects = await planObjects(
    cluster,
    { ...platform.block, name: platform.name, given: platform.given },
    options,
  );
  const types = await cluster.apiTypes();
  const also = MODELS.flatMap((question) => KINDS_OF[question]).flatMap(
    ({ group, kind, namespace }): Right[] => {
      const type = types.find(group, kind);
      return type ? [{ namespace, group, resource: type.resource, verbs: ["list"] }] : [];
    },
  );
  return permissionsOf(objects, {
    also,
    prune,
    ...(subject && { subject }),
    ...(onUndefined && { onUndefined }),
  });
}
