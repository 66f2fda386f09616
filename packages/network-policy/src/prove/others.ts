import type { Labels, Place, ResourceRef } from "@ashlar/core";
import { resolveEndpoint } from "../reach/endpoints.ts";
import type { NetworkModel } from "../reach/model.ts";
import { routesTo } from "../reach/routes.ts";
import type { ServiceFacts } from "../reach/services.ts";
import { selects, YES } from "../reach/truth.ts";
import type { Unit } from "../reach/unit.ts";
import { evidenceFor } from "./evidence.ts";
import type { Target } from "./facts.ts";
import { factsOf } from "./facts-of.ts";
import {
  distinguished,
  type Group,
  groupPods,
  type NamespaceIndex,
  namespaceIndex,
  shape,
  usedByPolicies,
} from "./groups.ts";
import { ask, type Question } from "./question.ts";
import type { LabelValues } from "./reach-formula.ts";
import type { Budget } from "./satisfy.ts";
import { addressSpace, pairsOf, type Side } from "./sides.ts";
import { pickWitness, type ReachWitness } from "./witness.ts";

/** Who is meant to reach a Service. */
export interface OthersQuestion {
  /** `namespace/name` of the Service. */
  readonly service: string;
  /** A port of it (TCP). */
  readonly port: number;
  /** The pods and workloads that are meant to, as `namespace/Kind/name`. */
  readonly meant: readonly string[];
  /** Somebody else makes its pods: of them only the labels that it selects are known. */
  readonly assumePods?: boolean;
}

/** Pods that reach a Service's pods and are not meant to. */
export interface Other {
  /** Where they are. Sorted. */
  readonly namespaces: readonly string[];
  /** Pods and workloads of the set that carry a label of those that are meant. Absent: pods that could exist. */
  readonly pods?: readonly string[];
  /** Labels that a pod there needs for it; empty: any pod. */
  readonly labels: Labels;
  /** What they reach: a pod or workload of the set, and its port. Absent: a pod that somebody else makes. */
  readonly to?: string;
  readonly port: number;
  /** The rule, or the peer of it, that admits them. Absent: no policy isolates what they reach. */
  readonly admittedBy?: { readonly policy: ResourceRef; readonly path: string; readonly at?: Place };
}

/**
 * Who else surely reaches the pods behind a Service: pods that could exist in any namespace of the set, and those of the set. What hangs
 * on a fact that is missing is not told; a Service that is not there, or has no pods, is reached by nobody.
 *
 * Pods are told from those that are meant by their labels. So of pods that could exist, beside those that are meant and beside the
 * Service's own pods, only those are asked about that have no label in common with them; a pod of the set that has one is asked about
 * by itself.
 *
 * @example
 * othersReaching(networkModel(resources), [{ service: "default/kibana", port: 80, meant: ["default/Deployment/login"] }])
 */
export function othersReaching(model: NetworkModel, questions: readonly OthersQuestion[]): Other[][] {
  const facts = factsOf(model);
  const context = { model, index: namespaceIndex(facts), budget: { steps: MOST_STEPS } };
  return questions.map((question) => {
    const targets = targetsOf(model, question).filter(({ unit }) => isClear(unit));
    const meant = question.meant.flatMap((name) => resolveEndpoint(model, name).units);
    if (targets.length === 0 || meant.length < question.meant.length) return [];
    return askAll(context, targets, [...meant, ...targets.map(({ unit }) => unit)]);
  });
}

const MOST_STEPS = 30_000_000;

interface Context {
  readonly model: NetworkModel;
  readonly index: NamespaceIndex;
  readonly budget: Budget;
}

function isClear({ policed, broken, namespace }: Unit): boolean {
  return policed && broken === undefined && namespace !== undefined;
}

/** The pods surely behind a port of a Service, with the ports that it leads to. */
function targetsOf(model: NetworkModel, { service: name, port, assumePods }: OthersQuestion): Target[] {
  const service = model.services.get(name);
  if (service === undefined) return [];
  const party = resolveEndpoint(model, { service: name });
  const { routes } = routesTo(model, { service: name }, party, { port, protocol: "TCP" });
  const sure = routes.filter(({ to }) => selects(service.selector ?? [], to.labels) === YES);
  if (routes.length === 0 && assumePods) return assumedTarget(model, service, port);
  return sure.map(({ to, asked }) => ({ unit: to, ports: [{ protocol: "TCP", ...asked }] }));
}

/** A pod of which only the labels are known that a Service selects. */
function assumedTarget(model: NetworkModel, service: ServiceFacts, port: number): Target[] {
  const { target } = service.ports.find((p) => p.port === port && p.protocol === "TCP") ?? {};
  if (typeof target !== "number" || service.selector === undefined) return [];
  const labels = Object.fromEntries(service.selector.map(({ key, values }) => [key, values[0] ?? ""]));
  const unit: Unit = {
    kind: "workload",
    name: ASSUMED,
    namespace: service.namespace,
    labels: { labels, complete: false },
    policed: true,
    host: false,
    families: model.families,
    ports: [],
  };
  return [{ unit, ports: [{ protocol: "TCP", from: target, to: target }] }];
}

const ASSUMED = "";

function askAll(context: Context, targets: readonly Target[], known: readonly Unit[]): Other[] {
  const { model, index } = context;
  const lacking = labelsOf(known);
  const to = side(groupPods(targets, index));
  const from = [
    ...groupSenders(context, targets[0]!.unit.namespace!, lacking),
    ...groupPods(alike(model, known, lacking), index),
  ];
  return from.flatMap((group) => {
    const found = firstFlow(context, side([group]), to);
    if (found === undefined) return [];
    const { policy, path, isAdmitted } = admissionOf(found, index);
    // Nobody knows whether somebody else's policies isolate what somebody else makes.
    if (found.to.name === ASSUMED && !isAdmitted) return [];
    const at = policy && model.locate?.(policy.resource, path);
    return [
      {
        namespaces: [...group.namespaces].sort(),
        ...(group.pods && { pods: group.pods.map(({ name }) => name).sort() }),
        labels: group.pods ? {} : (found.from.labels ?? {}),
        ...(found.to.name !== ASSUMED && { to: found.to.name! }),
        port: found.port,
        ...(policy && { admittedBy: { policy: policy.ref, path, ...(at && { at }) } }),
      },
    ];
  });
}

/** By namespace, the values that its pods among these have. */
function labelsOf(units: readonly Unit[]): ReadonlyMap<string, Map<string, Set<string>>> {
  const found = new Map<string, Map<string, Set<string>>>();
  for (const { namespace = "", labels } of units) {
    const own = found.get(namespace) ?? new Map<string, Set<string>>();
    found.set(namespace, own);
    for (const [key, value] of Object.entries(labels.labels))
      own.set(key, (own.get(key) ?? new Set()).add(value));
  }
  return found;
}

/** Other pods of the set that have one of these labels. */
function alike(
  model: NetworkModel,
  known: readonly Unit[],
  lacking: ReadonlyMap<string, LabelValues>,
): Target[] {
  const meant = new Set(known);
  return model.units
    .filter((unit) => {
      const own = lacking.get(unit.namespace ?? "");
      if (own === undefined || meant.has(unit) || !isClear(unit)) return false;
      return Object.entries(unit.labels.labels).some(([key, value]) => own.get(key)?.has(value));
    })
    .map((unit) => ({ unit }));
}

/**
 * Pods that could exist, by namespaces that the policies of the receiver's cannot tell apart; the receiver's own, and one with pods that
 * are meant, by itself.
 */
function groupSenders(
  { model, index }: Context,
  receiver: string,
  lacking: ReadonlyMap<string, LabelValues>,
): Group[] {
  const used = usedByPolicies(index.view(receiver).ingress).namespaceLabels;
  const groups = new Map<string, Set<string>>();
  const single: Group[] = [];
  for (const name of model.namespaces.keys()) {
    const own = lacking.get(name);
    if (own !== undefined || name === receiver) {
      single.push({ key: name, namespaces: new Set([name]), ...(own && { lacking: own }) });
      continue;
    }
    const { facts, egress, invalid } = index.view(name);
    const closed = [...egress.map(shape), ...invalid.map(({ podSelector }) => podSelector ?? null)];
    const key = JSON.stringify([facts.complete, distinguished(facts, used), closed]);
    const members = groups.get(key);
    if (members) members.add(name);
    else groups.set(key, new Set([name]));
  }
  return [...single, ...[...groups].map(([key, namespaces]) => ({ key, namespaces }))];
}

function side(groups: readonly Group[]): Side {
  return {
    party: { kind: "namespaces", name: "", namespaces: [] },
    groups,
    block: [],
    missing: [],
    unclear: [],
  };
}

/** A flow that surely goes through, whatever the missing facts are. */
function firstFlow({ model, index, budget }: Context, from: Side, to: Side): ReachWitness | undefined {
  const space = addressSpace({}, [from, to], factsOf(model), index);
  for (const { ports = [], ...pair } of pairsOf(from, to, space, index)) {
    const question: Question = { search: "allowed", ...pair, ports };
    const answer = ask(question, budget);
    if (answer.outcome === "exists") return pickWitness(question, answer.box, answer.family);
  }
  return undefined;
}

function admissionOf(witness: ReachWitness, index: NamespaceIndex) {
  const evidence = evidenceFor("ingress", witness, index.view(witness.to.namespace!));
  if (evidence.kind !== "admitted") return { isAdmitted: false, path: "" };
  return { isAdmitted: true, path: evidence.path, policy: evidence.policy };
}
