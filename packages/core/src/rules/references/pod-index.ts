import type { Requirement } from "../../labels.ts";
import type { Resource } from "../../resource.ts";
import { textOf } from "./json-values.ts";
import type { NearName } from "./near-names.ts";
import { type PodTemplate, podTemplates } from "./pod-templates.ts";
import { fieldsMeet } from "./selectors.ts";

/** The pods of a set by namespace and label. */
export interface PodIndex {
  /** Those that a selector selects in a namespace; `undefined` as namespace means kubectl's own, whichever that is. */
  readonly select: (namespace: string | undefined, requirements: readonly Requirement[]) => PodTemplate[];
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
const NEAR_TRIED = 50;

interface Shelf {
  readonly all: PodTemplate[];
  readonly byLabel: Map<string, PodTemplate[]>;
  readonly valuesOf: Map<string, Set<string>>;
}

/** Indexes the pod templates of a set: a selector then looks at the pods of its rarest label alone. */
export function podIndex(resources: readonly Resource[]): PodIndex {
  const shelves = new Map<string, Shelf>();
  const everywhere = shelf();
  for (const template of podTemplates(resources)) {
    const namespace = template.namespace ?? "";
    const own = shelves.get(namespace) ?? shelf();
    shelves.set(namespace, own);
    for (const to of [own, everywhere]) put(to, template);
  }
  const unsaid = shelves.get("");
  const shelvesOf = (namespace: string | undefined): readonly Shelf[] =>
    namespace === undefined ? [everywhere] : [shelves.get(namespace), unsaid].filter((s) => s !== undefined);
  return {
    select: (namespace, requirements) => shelvesOf(namespace).flatMap((s) => selectFrom(s, requirements)),
    count: (namespace) => shelvesOf(namespace).reduce((sum, s) => sum + s.all.length, 0),
    nearTo: (namespace, requirements, near) =>
      shelvesOf(namespace)
        .flatMap((s) => nearIn(s, requirements, near))
        .slice(0, NEAR_TRIED),
  };
}

/** Whether the template's pods meet a requirement, labels that only their controller knows taken as right. */
export function podMeets({ labels, owner }: PodTemplate, requirement: Requirement): boolean {
  if (owner.kind !== "Pod" && ADDED_LABELS.has(requirement.key)) return true;
  return fieldsMeet(labels, requirement);
}

function shelf(): Shelf {
  return { all: [], byLabel: new Map(), valuesOf: new Map() };
}

function put(to: Shelf, template: PodTemplate): void {
  to.all.push(template);
  for (const [key, value] of Object.entries(template.labels)) {
    push(to.byLabel, `${key}=${textOf(value)}`, template);
    const values = to.valuesOf.get(key) ?? new Set();
    to.valuesOf.set(key, values.add(textOf(value)));
  }
}

function push(map: Map<string, PodTemplate[]>, key: string, template: PodTemplate): void {
  const list = map.get(key);
  if (list) list.push(template);
  else map.set(key, [template]);
}

function selectFrom(from: Shelf, requirements: readonly Requirement[]): PodTemplate[] {
  let candidates = from.all;
  for (const { key, operator, values } of requirements) {
    if (operator !== "In" || values.length !== 1 || ADDED_LABELS.has(key)) continue;
    const labelled = from.byLabel.get(`${key}=${values[0]}`) ?? [];
    if (labelled.length < candidates.length) candidates = labelled;
  }
  return candidates.filter((template) => requirements.every((r) => podMeets(template, r)));
}

/** First those that share a label, then those whose value is a near word. */
function nearIn(from: Shelf, requirements: readonly Requirement[], near: NearName): PodTemplate[] {
  const found = new Set<PodTemplate>();
  const take = (list: readonly PodTemplate[] = []) => {
    for (const template of list.slice(0, NEAR_TRIED)) found.add(template);
  };
  for (const { key, values } of requirements)
    for (const value of values.slice(0, NEAR_TRIED)) take(from.byLabel.get(`${key}=${value}`));
  for (const { key, values } of requirements) {
    const known = from.valuesOf.get(key);
    const [value] = values;
    if (known === undefined || value === undefined || known.has(value)) continue;
    const nearValue = near(value, { count: known.size, list: () => known });
    if (nearValue !== undefined) take(from.byLabel.get(`${key}=${nearValue}`));
  }
  return [...found];
}
