import { nearest } from "../did-you-mean.ts";
import { formatPath, type PathSegment } from "../field-path.ts";
import { type Finding, findingAbout, type Severity } from "../finding.ts";
import type { Inventory, Rule } from "../inventory.ts";
import { isRecord } from "../json.ts";
import { meets, type Requirement } from "../labels.ts";
import { apiGroup, formatRef, type Resource, refOf } from "../resource.ts";
import { type Fields, fieldsOf, listOf, textOf } from "./references/json-values.ts";
import { relatedTo } from "./references/missing-object.ts";
import { namespaceOf } from "./references/namespace-of.ts";
import { nearNames } from "./references/near-names.ts";
import { podMeets } from "./references/pod-index.ts";
import type { PodTemplate } from "./references/pod-templates.ts";
import { formatRequirement, mapRequirements, selectorRequirements } from "./references/selectors.ts";
import { setIndex } from "./references/set-index.ts";

const CODE = "core/no-selector-without-pods";

/** A selector of a Service, PodDisruptionBudget or NetworkPolicy that selects no pod of the set. */
export const noSelectorWithoutPods: Rule = {
  code: CODE,
  check(inventory) {
    const { ofKind } = setIndex(inventory);
    const pods = setIndex(inventory).pods();
    const nearWord = nearNames();
    const operated = operatedNamespaces(inventory.resources);
    return KINDS.flatMap(ofKind).flatMap((resource) =>
      selectionsOf(resource).flatMap((selection): Finding[] => {
        const { namespace, requirements } = selection;
        if (pods.select(namespace, requirements).length > 0) return [];
        if (areAssumed(inventory, namespace, requirements)) return [];
        const near = nearMiss(pods.nearTo(namespace, requirements, nearWord), requirements);
        const isOperated = operated.has(namespace ?? "") || operated.has("");
        const severity = pods.mightSelect(namespace, requirements)
          ? near?.isNearWord && "warning"
          : severityOf(inventory, selection, pods.count(namespace), isOperated, near);
        return severity ? [finding(inventory, resource, selection, severity, near)] : [];
      }),
    );
  },
};

/** Whether pods that somebody else runs have what a selector asks for. */
function areAssumed(
  { assumePods = [] }: Inventory,
  namespace: string | undefined,
  requirements: readonly Requirement[],
): boolean {
  return assumePods.some(
    (pods) =>
      (namespace === undefined || namespace === pods.namespace) &&
      requirements.every((requirement) => meets(pods.labels, requirement)),
  );
}

const KINDS = ["Service", "PodDisruptionBudget", "NetworkPolicy"] as const;

interface Selection {
  readonly requirements: readonly Requirement[];
  readonly path: readonly PathSegment[];
  /** Where it selects; `undefined`: anywhere. */
  readonly namespace: string | undefined;
  readonly effect: string;
  /**
   * `own`: the object does nothing at all without pods. `policy`: it may be there for pods to come. `peer`: pods of others,
   * which are often in no set.
   */
  readonly of: "own" | "policy" | "peer";
}

function selectionsOf(resource: Resource): Selection[] {
  const spec = fieldsOf(resource.spec);
  const namespace = namespaceOf(resource);
  switch (`${apiGroup(textOf(resource.apiVersion))}/${textOf(resource.kind)}`) {
    case "/Service": {
      const requirements = spec.type === "ExternalName" ? undefined : mapRequirements(spec.selector);
      const path = ["spec", "selector"];
      return requirements
        ? [{ requirements, path, namespace, effect: "it has no endpoints", of: "own" }]
        : [];
    }
    case "policy/PodDisruptionBudget": {
      const requirements = selectorRequirements(spec.selector);
      const path = ["spec", "selector"];
      return requirements
        ? [{ requirements, path, namespace, effect: "it protects nothing", of: "own" }]
        : [];
    }
    case "networking.k8s.io/NetworkPolicy": {
      const requirements = selectorRequirements(spec.podSelector);
      const path = ["spec", "podSelector"];
      const effect = "it isolates nothing";
      return [
        ...(requirements ? [{ requirements, path, namespace, effect, of: "policy" } as const] : []),
        ...peerSelections(spec, namespace),
      ];
    }
    default:
      return [];
  }
}

/** The pods that the rules of a policy speak of: of its own namespace, or of any that a namespaceSelector selects. */
function peerSelections(spec: Fields, own: string | undefined): Selection[] {
  return PEERS.flatMap(([direction, peers]) =>
    listOf(spec[direction]).flatMap((rule, i) =>
      listOf(fieldsOf(rule)[peers]).flatMap((peer, j): Selection[] => {
        const { podSelector, namespaceSelector } = fieldsOf(peer);
        const requirements = selectorRequirements(podSelector);
        if (requirements === undefined) return [];
        const namespace = isRecord(namespaceSelector) ? undefined : own;
        const path = ["spec", direction, i, peers, j, "podSelector"];
        return [{ requirements, path, namespace, effect: "this lets nobody through", of: "peer" }];
      }),
    ),
  );
}

const PEERS = [
  ["ingress", "from"],
  ["egress", "to"],
] as const;

/** Namespaces with custom resources, whose operators may start pods that no manifest shows. */
function operatedNamespaces(resources: readonly Resource[]): ReadonlySet<string> {
  const namespaces = new Set<string>();
  for (const resource of resources) {
    const group = apiGroup(textOf(resource.apiVersion));
    const isCustom = group.includes(".") && !group.endsWith(".k8s.io");
    if (isCustom) namespaces.add(namespaceOf(resource) ?? "");
  }
  return namespaces;
}

function severityOf(
  { whole = false }: Inventory,
  { of }: Selection,
  podCount: number,
  isOperated: boolean,
  near: NearMiss | undefined,
): Severity | undefined {
  if (whole) return of === "own" && !isOperated ? "error" : "warning";
  if (of === "peer" && !near?.isNearWord) return undefined;
  return podCount > 0 && !isOperated ? "warning" : undefined;
}

function finding(
  inventory: Inventory,
  resource: Resource,
  { requirements, path, effect }: Selection,
  severity: Severity,
  near: NearMiss | undefined,
): Finding {
  const selector = requirements.map(formatRequirement).join(",");
  const message = `${formatRef(refOf(resource))}: no pod of the set has the labels ${selector}: ${effect}`;
  const about = { code: CODE, severity, message, path: formatPath(path) };
  if (near === undefined)
    return findingAbout(resource, inventory.locate, { ...about, hint: "write the labels of a pod template" });
  const { template, missed } = near;
  const owner = formatRef(refOf(template.owner));
  const labelsPath = formatPath([...template.path, "metadata", "labels"]);
  return {
    ...findingAbout(resource, inventory.locate, {
      ...about,
      hint: `the pods of ${owner} are nearest: ${missed.map((r) => difference(template, r)).join("; ")}`,
    }),
    related: [relatedTo(inventory, template.owner, "its pods are nearest", labelsPath)],
  };
}

function difference({ labels }: PodTemplate, requirement: Requirement): string {
  const { key } = requirement;
  const has = Object.hasOwn(labels, key)
    ? `they have ${key}=${textOf(labels[key])}`
    : `they have no label ${key}`;
  return `${has}, the selector wants ${formatRequirement(requirement)}`;
}

interface NearMiss {
  readonly template: PodTemplate;
  readonly missed: readonly Requirement[];
  /** Whether each label that differs has a near word as its value. */
  readonly isNearWord: boolean;
}

/** The template that misses the fewest requirements; of those with as many, one whose values are near words. */
function nearMiss(
  candidates: readonly PodTemplate[],
  requirements: readonly Requirement[],
): NearMiss | undefined {
  let best: (NearMiss & { readonly score: number }) | undefined;
  for (const template of candidates) {
    const missed = requirements.filter((r) => !podMeets(template, r));
    const isNearWord = missed.every(
      ({ key, values }) => nearest(textOf(template.labels[key]), values) !== undefined,
    );
    const score = missed.length * 2 - (isNearWord ? 1 : 0);
    if (best === undefined || score < best.score) best = { template, missed, isNearWord, score };
  }
  return best;
}
