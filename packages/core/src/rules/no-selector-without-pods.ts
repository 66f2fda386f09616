import { nearest } from "../did-you-mean.ts";
import { formatPath } from "../field-path.ts";
import { type Finding, findingAbout, type Severity } from "../finding.ts";
import type { Inventory, Rule } from "../inventory.ts";
import type { Requirement } from "../labels.ts";
import { apiGroup, formatRef, type Resource, refOf } from "../resource.ts";
import { fieldsOf, textOf } from "./references/json-values.ts";
import { relatedTo } from "./references/missing-object.ts";
import { namespaceOf } from "./references/namespace-of.ts";
import { nearNames } from "./references/near-names.ts";
import { podIndex, podMeets } from "./references/pod-index.ts";
import type { PodTemplate } from "./references/pod-templates.ts";
import { formatRequirement, mapRequirements, selectorRequirements } from "./references/selectors.ts";

const CODE = "core/no-selector-without-pods";

/** A Service, PodDisruptionBudget or NetworkPolicy whose selector selects no pod of the set. */
export const noSelectorWithoutPods: Rule = {
  code: CODE,
  check(inventory) {
    const pods = podIndex(inventory.resources);
    const near = nearNames();
    const nearTo = (resource: Resource, { requirements }: Selection) =>
      nearMiss(pods.nearTo(namespaceOf(resource), requirements, near), requirements);
    const operated = operatedNamespaces(inventory.resources);
    return inventory.resources.flatMap((resource): Finding[] => {
      const selection = selectionOf(resource);
      if (selection === undefined) return [];
      const namespace = namespaceOf(resource);
      if (pods.select(namespace, selection.requirements).length > 0) return [];
      const isOperated = operated.has(namespace ?? "") || operated.has("");
      const severity = severityOf(inventory, selection, pods.count(namespace), isOperated);
      return severity ? [finding(inventory, resource, selection, severity, nearTo(resource, selection))] : [];
    });
  },
};

interface Selection {
  readonly requirements: readonly Requirement[];
  readonly path: readonly string[];
  readonly effect: string;
  /** Whether the object does nothing at all without pods: a policy may be there for pods to come. */
  readonly isFutile: boolean;
}

function selectionOf(resource: Resource): Selection | undefined {
  const spec = fieldsOf(resource.spec);
  switch (`${apiGroup(textOf(resource.apiVersion))}/${textOf(resource.kind)}`) {
    case "/Service": {
      const requirements = spec.type === "ExternalName" ? undefined : mapRequirements(spec.selector);
      const path = ["spec", "selector"];
      return requirements && { requirements, path, effect: "it has no endpoints", isFutile: true };
    }
    case "policy/PodDisruptionBudget": {
      const requirements = selectorRequirements(spec.selector);
      const path = ["spec", "selector"];
      return requirements && { requirements, path, effect: "it protects nothing", isFutile: true };
    }
    case "networking.k8s.io/NetworkPolicy": {
      const requirements = selectorRequirements(spec.podSelector);
      const path = ["spec", "podSelector"];
      return requirements && { requirements, path, effect: "it isolates nothing", isFutile: false };
    }
    default:
      return undefined;
  }
}

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
  { isFutile }: Selection,
  podCount: number,
  isOperated: boolean,
): Severity | undefined {
  if (whole) return isFutile && !isOperated ? "error" : "warning";
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
}

/** The template that misses the fewest requirements; of those with as many, one whose values are near words. */
function nearMiss(
  candidates: readonly PodTemplate[],
  requirements: readonly Requirement[],
): NearMiss | undefined {
  let best: (NearMiss & { readonly score: number }) | undefined;
  for (const template of candidates) {
    const missed = requirements.filter((r) => !podMeets(template, r));
    const areNear = missed.every(
      ({ key, values }) => nearest(textOf(template.labels[key]), values) !== undefined,
    );
    const score = missed.length * 2 - (areNear ? 1 : 0);
    if (best === undefined || score < best.score) best = { template, missed, score };
  }
  return best;
}
