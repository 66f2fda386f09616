import type { Requirement } from "../../labels.ts";
import type { Resource } from "../../resource.ts";
import { type LabelShelf, labelShelf, NEAR_TRIED } from "./label-shelf.ts";
import { namespaceOf } from "./namespace-of.ts";
import type { NearName } from "./near-names.ts";
import { type PodTemplate, podTemplateOf } from "./pod-templates.ts";
import { fieldsMeet, mightMeet } from "./selectors.ts";

/** The pods of a set by namespace and label. */
export interface PodIndex {
  /** Those that a selector selects in a namespace; `undefined` as namespace means kubectl's own, whichever that is. */
  readonly select: (namespace: string | undefined, requirements: readonly Requirement[]) => PodTemplate[];
  /** Whether a partial object may make pods that a selector selects, as far as it is known. */
  readonly mightSelect: (namespace: string | undefined, requirements: readonly Requirement[]) => boolean;
  /** How many there are in a namespace. */
  readonly count: (namespace: string | undefined) => number;
  /** Some that share a label with a selector, or have a value near to one that it names; at most `NEAR_TRIED`. */
  readonly nearTo: (
    namespace: string | undefined,
    requirements: readonly Requirement[],
    near: NearName,
  ) => PodTemplate[];
}

/** Labels that controllers add to the pods that they make, with values that templates do not tell (pkg/controller). */
const ADDED_LABELS: ReadonlySet<string> = new Set([
  "pod-template-hash",
  "controller-revision-hash",
  "pod-template-generation",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "controller-uid",
  "job-name",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-name",
  "batch.kubernetes.io/job-completion-index",
]);

/** Indexes pod templates; `partial`: the objects that make pods and do not tell all of them. */
export function podIndex(templates: readonly PodTemplate[], partial: readonly Resource[]): PodIndex {
  const shelves = new Map<string, LabelShelf<PodTemplate>>();
  let everywhere: LabelShelf<PodTemplate> | undefined;
  const all = (): LabelShelf<PodTemplate> => {
    if (everywhere) return everywhere;
    everywhere = labelShelf<PodTemplate>();
    for (const template of templates) everywhere.put(template);
    return everywhere;
  };
  for (const template of templates) {
    const namespace = template.namespace ?? "";
    const own = shelves.get(namespace) ?? labelShelf<PodTemplate>();
    shelves.set(namespace, own);
    own.put(template);
  }
  const unsaid = shelves.get("");
  const shelvesOf = (namespace: string | undefined): readonly LabelShelf<PodTemplate>[] =>
    namespace === undefined ? [all()] : [shelves.get(namespace), unsaid].filter((s) => s !== undefined);
  return {
    select: (namespace, requirements) =>
      shelvesOf(namespace).flatMap((shelf) =>
        shelf
          .candidates(requirements, ADDED_LABELS)
          .filter((template) => requirements.every((r) => podMeets(template, r))),
      ),
    mightSelect: (namespace, requirements) =>
      partial.some((owner) => {
        const own = namespaceOf(owner);
        if (namespace !== undefined && own !== undefined && own !== namespace) return false;
        const labels = podTemplateOf(owner)?.labels ?? {};
        return requirements.every((r) => mightMeet(labels, r));
      }),
    count: (namespace) => shelvesOf(namespace).reduce((sum, shelf) => sum + shelf.all.length, 0),
    nearTo: (namespace, requirements, near) =>
      shelvesOf(namespace)
        .flatMap((shelf) => shelf.near(requirements, near))
        .slice(0, NEAR_TRIED),
  };
}

/** Whether the template's pods meet a requirement, labels that only their controller knows taken as right. */
export function podMeets({ labels, owner }: PodTemplate, requirement: Requirement): boolean {
  if (owner.kind !== "Pod" && ADDED_LABELS.has(requirement.key)) return true;
  return fieldsMeet(labels, requirement);
}
