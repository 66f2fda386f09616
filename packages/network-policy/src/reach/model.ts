import type { Locate, Resource } from "@ashlar/core";
import { apiGroup } from "@ashlar/core";
import { type IpRange, parseIp } from "../policy/ip.ts";
import type { NormalPolicy } from "../policy/normal.ts";
import { type InvalidPolicy, normalizePolicy } from "../policy/normalize.ts";
import { type NamespaceFacts, readNamespaces } from "./namespaces.ts";
import { type NamedUnits, readPods } from "./pods.ts";
import { asFields, asObjects, asText, flattenLists, scopedName } from "./resources.ts";
import { type Backends, readBackends, readService, type ServiceFacts } from "./services.ts";
import type { Family, Unit } from "./unit.ts";

export interface NetworkModelOptions {
  /** Where fields were written, for the evidence of verdicts. */
  readonly locate?: Locate;
  /** Namespace of objects that name none; default `default`. */
  readonly defaultNamespace?: string;
  /**
   * `node` (default, what most network plugins do): policies do not select hostNetwork pods, and their traffic is their
   * node's, so that of all peers only ipBlocks match it. `pod`: they are pods like others.
   */
  readonly hostNetwork?: "node" | "pod";
  /**
   * Families that pods without known addresses have; default: those of the pods in the set, else IPv4, and IPv6 too where a
   * policy speaks of it.
   */
  readonly ipFamilies?: readonly ("IPv4" | "IPv6")[];
  /** Ranges that pods get their addresses from (`10.0.0.0/8`): what is known of pods whose address is not. Default: nothing. */
  readonly podCidrs?: readonly string[];
  /** Namespaces whose labels are only known as far as the set names them: made of a patch on an existing namespace. */
  readonly partialNamespaces?: readonly string[];
}

/**
 * Who can talk to whom by NetworkPolicies, ready for questions: `reach`, `reachMatrix`, `reachDiff`. Built by
 * `networkModel`; the fields are facts read from the set, not a format to store.
 */
export interface NetworkModel {
  /** Live pods, and templates of workloads that have no live pod in the set; in order of names. */
  readonly units: readonly Unit[];
  /** What `namespace/name` stands for: pods and workloads, also those only known as owners of pods. */
  readonly named: ReadonlyMap<string, readonly NamedUnits[]>;
  /** Finished pods (Succeeded, Failed) by `namespace/name`: they have no address any more. */
  readonly finished: ReadonlySet<string>;
  /** Every namespace that an object of the set is in or is. */
  readonly namespaces: ReadonlyMap<string, NamespaceFacts>;
  /** In order of namespaces and names. */
  readonly policies: readonly NormalPolicy[];
  /** Policies that cannot be interpreted; what they might select is unknown, never allowed. */
  readonly invalid: readonly InvalidPolicy[];
  readonly policiesIn: ReadonlyMap<string, PoliciesOf>;
  /** Services by `namespace/name`. */
  readonly services: ReadonlyMap<string, ServiceFacts>;
  readonly backends: readonly Backends[];
  /** Addresses of nodes by name, from Node objects and the hostIPs of pods. */
  readonly nodes: ReadonlyMap<string, readonly IpRange[]>;
  /** Families of pods whose addresses are not known. */
  readonly families: readonly Family[];
  /** Where those addresses lie, when that is known. */
  readonly podRanges?: readonly IpRange[];
  readonly locate?: Locate;
  readonly defaultNamespace: string;
}

/** The policies of one namespace. */
export interface PoliciesOf {
  readonly valid: readonly NormalPolicy[];
  readonly invalid: readonly InvalidPolicy[];
}

/**
 * Reads any set of Kubernetes objects: from files, `kubectl get -o json` or a builder. Lists are opened; kinds without
 * part in the network are passed over; broken objects never throw.
 *
 * @example
 * const model = networkModel(resources);
 * reach(model, { from: "prod/busybox", to: "dev/busybox", port: 80 }).allowed;
 */
export function networkModel(
  resources: readonly Resource[],
  options: NetworkModelOptions = {},
): NetworkModel {
  const { defaultNamespace = "default" } = options;
  const flat = flattenLists(resources, options.locate);
  const core = new Map<string, Resource[]>();
  const policies: NormalPolicy[] = [];
  const invalid: InvalidPolicy[] = [];
  for (const resource of flat.resources) {
    const group = apiGroup(asText(resource.apiVersion));
    const kind = asText(resource.kind);
    if (kind === "NetworkPolicy" && (group === "networking.k8s.io" || group === "extensions")) {
      const normal = normalizePolicy(resource, { defaultNamespace });
      if ("policy" in normal) policies.push(normal.policy);
      else invalid.push(normal.invalid);
    } else if (group === "" || kind === "EndpointSlice") {
      const same = core.get(kind);
      if (same === undefined) core.set(kind, [resource]);
      else same.push(resource);
    }
  }
  const services = (core.get("Service") ?? []).map((s) => readService(s, defaultNamespace));
  const nodes = readNodes(core.get("Node") ?? [], core.get("Pod") ?? []);
  const pods = readPods(flat.resources, nodes, { ...options, policies });
  return {
    ...pods,
    namespaces: readNamespaces(flat.resources, options),
    ...splitPolicies(policies, invalid),
    services: new Map(services.map((s) => [s.name, s])),
    backends: [...(core.get("EndpointSlice") ?? []), ...(core.get("Endpoints") ?? [])].flatMap((b) =>
      readBackends(b, defaultNamespace),
    ),
    nodes,
    defaultNamespace,
    ...(flat.locate && { locate: flat.locate }),
  };
}

/** Sorts policies, and sets aside those of one name that differ: which of them holds is not known. */
function splitPolicies(policies: readonly NormalPolicy[], invalid: readonly InvalidPolicy[]) {
  const byName = new Map<string, NormalPolicy[]>();
  for (const policy of policies) {
    const key = `${policy.namespace}/${policy.ref.name}`;
    byName.set(key, [...(byName.get(key) ?? []), policy]);
  }
  const valid: NormalPolicy[] = [];
  const refused = [...invalid];
  for (const same of byName.values()) {
    const unnamed = same[0]!.ref.name === "";
    if (unnamed) valid.push(...same);
    else if (same.length === 1 || new Set(same.map(meaningOf)).size === 1) valid.push(same[0]!);
    else refused.push(...same.map(ambiguous));
  }
  valid.sort(byPlace);
  refused.sort(byPlace);
  const policiesIn = new Map<string, { valid: NormalPolicy[]; invalid: InvalidPolicy[] }>();
  const of = (namespace: string) => {
    const known = policiesIn.get(namespace) ?? { valid: [], invalid: [] };
    policiesIn.set(namespace, known);
    return known;
  };
  for (const policy of valid) of(policy.namespace).valid.push(policy);
  for (const policy of refused) of(policy.namespace).invalid.push(policy);
  return { policies: valid, invalid: refused, policiesIn };
}

/** What a policy says, to compare two of one name. */
function meaningOf({ podSelector, ingress, egress }: NormalPolicy): string {
  const facts = [podSelector, ingress, egress].map((part) => part ?? null);
  return JSON.stringify(facts, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
}

function ambiguous(policy: NormalPolicy): InvalidPolicy {
  const { resource, ref, namespace, podSelector } = policy;
  const directions = (["ingress", "egress"] as const).filter((d) => policy[d] !== undefined);
  const message = "several policies have this name and differ: which one holds is not known";
  return { resource, ref, namespace, podSelector, directions, path: "metadata.name", message };
}

function byPlace(a: NormalPolicy | InvalidPolicy, b: NormalPolicy | InvalidPolicy): number {
  return compareText(a.namespace, b.namespace) || compareText(a.ref.name, b.ref.name);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Addresses of nodes: what Node objects say, and what pods say of the node that they run on. */
function readNodes(nodes: readonly Resource[], pods: readonly Resource[]): Map<string, IpRange[]> {
  const found = new Map<string, Map<string, IpRange>>();
  const add = (name: string, address: unknown) => {
    const known = found.get(name) ?? new Map<string, IpRange>();
    found.set(name, known);
    const ip = parseIp(asText(address));
    if (ip !== undefined) known.set(`${ip.family}:${ip.first}`, ip);
  };
  for (const node of nodes) {
    const { name } = scopedName(node, "");
    if (name === "") continue;
    add(name, undefined);
    for (const { type, address } of asObjects(asFields(node.status)?.addresses))
      if (type === "InternalIP" || type === "ExternalIP") add(name, address);
  }
  for (const pod of pods) {
    const name = asText(asFields(pod.spec)?.nodeName);
    if (name === "") continue;
    const status = asFields(pod.status);
    for (const ip of [status?.hostIP, ...asObjects(status?.hostIPs).map((h) => h.ip)]) add(name, ip);
  }
  return new Map([...found].map(([name, ips]) => [name, [...ips.values()]]));
}
