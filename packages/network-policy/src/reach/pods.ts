import { apiGroup, type Resource } from "@ashlar/core";
import { type IpRange, parseIp, parseIpRange } from "../policy/ip.ts";
import type { NormalPolicy } from "../policy/normal.ts";
import { controllerOf, type Owner, ownersOf } from "./owners.ts";
import { asFields, asObjects, asText, scopedName } from "./resources.ts";
import type { Family, Unit } from "./unit.ts";
import { isFinishedJob, isWorkload, type PodFacts, podFacts, templateFacts } from "./workloads.ts";

/** What a name stands for: a pod, or a workload's live pods when any is in the set, else its template. */
export interface NamedUnits {
  /** `Pod`, `Deployment`, … */
  readonly kind: string;
  readonly units: readonly Unit[];
}

interface PodOptions {
  readonly defaultNamespace?: string;
  readonly hostNetwork?: "node" | "pod";
  readonly ipFamilies?: readonly ("IPv4" | "IPv6")[];
  readonly podCidrs?: readonly string[];
  readonly policies?: readonly NormalPolicy[];
}

/** Reads the pods and workloads of a set. Objects of one name that differ in what policies see are kept, as broken. */
export function readPods(
  resources: readonly Resource[],
  nodes: ReadonlyMap<string, readonly IpRange[]>,
  options: PodOptions,
): {
  readonly units: readonly Unit[];
  readonly named: ReadonlyMap<string, readonly NamedUnits[]>;
  readonly finished: ReadonlySet<string>;
  readonly families: readonly Family[];
  readonly podRanges?: readonly IpRange[];
} {
  const { live, finished } = readObjects(resources, options.defaultNamespace ?? "default");
  const podRanges = readRanges(options.podCidrs);
  const known = familiesOf(live, podRanges, options);
  const families = known ?? (options.policies?.some(namesIpv6) ? [4, 6] : [4]);
  const { chosen, members } = standIns(live);
  const names = distinctNames(chosen);
  const context = {
    nodes,
    families,
    supposed: known === undefined,
    podRanges,
    asPods: options.hostNetwork === "pod",
  };
  const unitOf = new Map(chosen.map((object) => [object, makeUnit(object, names.get(object)!, context)]));
  const named = new Map<string, NamedUnits[]>();
  for (const pod of chosen)
    if (pod.kind === "Pod")
      push(named, `${pod.namespace}/${pod.name}`, { kind: "Pod", units: [unitOf.get(pod)!] });
  for (const { owner, namespace, objects } of members.values())
    push(named, `${namespace}/${owner.name}`, {
      kind: owner.kind,
      units: objects.map((o) => unitOf.get(o)!),
    });
  const units = [...unitOf.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return { units, named, finished, families, ...(podRanges && { podRanges }) };
}

/**
 * Which objects stand for all: every live pod, and each workload that has none, unless another workload makes it (a
 * ReplicaSet's Deployment stands for it). `members`: by workload, the objects that stand for it.
 */
function standIns(live: ReadonlyMap<string, PodObject>) {
  const chosen: PodObject[] = [];
  const members = new Map<string, { owner: Owner; namespace: string; objects: PodObject[] }>();
  const join = (namespace: string, owner: Owner, object: PodObject) => {
    const group = members.get(keyOf(namespace, owner)) ?? { owner, namespace, objects: [] };
    group.objects.push(object);
    members.set(keyOf(namespace, owner), group);
  };
  for (const pod of live.values()) {
    if (pod.kind !== "Pod") continue;
    chosen.push(pod);
    const find = (owner: Owner) => live.get(keyOf(pod.namespace, owner))?.resource;
    for (const owner of ownersOf(pod.resource, find)) join(pod.namespace, owner, pod);
  }
  const owned: [PodObject, string][] = [];
  for (const [key, workload] of live) {
    if (workload.kind === "Pod" || members.has(key) || isFinishedJob(workload.resource)) continue;
    const owner = controllerOf(workload.resource);
    const ownerKey = owner && keyOf(workload.namespace, owner);
    if (ownerKey !== undefined && live.has(ownerKey)) owned.push([workload, ownerKey]);
    else {
      chosen.push(workload);
      join(workload.namespace, workload, workload);
    }
  }
  for (const [workload, ownerKey] of owned)
    for (const object of members.get(ownerKey)?.objects ?? [])
      if (object.kind !== "Pod") join(workload.namespace, workload, object);
  return { chosen, members };
}

/** A Pod or a workload, with what is read of it. */
interface PodObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly resource: Resource;
  readonly facts: PodFacts;
  readonly addresses: readonly IpRange[];
  readonly broken?: string;
}

function readObjects(resources: readonly Resource[], defaultNamespace: string) {
  const live = new Map<string, PodObject>();
  const finished = new Set<string>();
  for (const resource of resources) {
    const isPod = resource.kind === "Pod" && apiGroup(asText(resource.apiVersion)) === "";
    if (!isPod && !isWorkload(resource)) continue;
    const { namespace, name } = scopedName(resource, defaultNamespace);
    const phase = isPod ? asFields(resource.status)?.phase : undefined;
    if (phase === "Succeeded" || phase === "Failed") {
      finished.add(`${namespace}/${name}`);
      continue;
    }
    const read = readObject(resource, namespace, name, isPod);
    const key = keyOf(namespace, read);
    const other = live.get(key);
    const differs = other !== undefined && factsText(other) !== factsText(read);
    live.set(key, differs ? { ...read, broken: "several objects have this name and differ" } : read);
  }
  return { live, finished };
}

function readObject(resource: Resource, namespace: string, name: string, isPod: boolean): PodObject {
  const facts = isPod
    ? podFacts(asFields(resource.metadata) ?? {}, asFields(resource.spec) ?? {})
    : templateFacts(resource);
  const { addresses, ...read } = isPod ? readAddresses(resource) : { addresses: [] };
  const broken = facts.broken ?? read.broken;
  return {
    ...{ kind: asText(resource.kind), namespace, name, resource, facts, addresses },
    ...(broken !== undefined && { broken }),
  };
}

/** podIP and podIPs, which repeats it: at most one address of each family. */
function readAddresses(pod: Resource): { readonly addresses: readonly IpRange[]; readonly broken?: string } {
  const status = asFields(pod.status);
  const texts = new Set([status?.podIP, ...asObjects(status?.podIPs).map((p) => p.ip)].map(asText));
  texts.delete("");
  const addresses = new Map<string, IpRange>();
  for (const text of texts) {
    const ip = parseIp(text);
    if (ip === undefined) return { addresses: [], broken: `its IP ${JSON.stringify(text)} is no address` };
    addresses.set(`${ip.family}:${ip.first}`, ip);
  }
  const found = [...addresses.values()];
  if (found.length === familiesIn(found).length) return { addresses: found };
  return { addresses: [], broken: "it has several IPs of one family" };
}

/** What policies see of an object, to compare two of one name. */
function factsText({ facts, addresses, broken }: PodObject): string {
  const ips = addresses.map((a) => `${a.family}:${a.first}`).sort();
  return JSON.stringify([
    Object.entries(facts.labels).sort(),
    facts.hostNetwork,
    facts.node,
    facts.ports,
    ips,
    broken,
  ]);
}

interface UnitContext {
  readonly nodes: ReadonlyMap<string, readonly IpRange[]>;
  readonly families: readonly Family[];
  /** Nothing tells the families. */
  readonly supposed: boolean;
  readonly podRanges: readonly IpRange[] | undefined;
  /** hostNetwork pods are modelled as pods. */
  readonly asPods: boolean;
}

function makeUnit(object: PodObject, name: string, context: UnitContext): Unit {
  const { kind, namespace, resource, facts, ...read } = object;
  const host = facts.hostNetwork && !context.asPods;
  const ofNode = facts.hostNetwork && facts.node !== undefined ? context.nodes.get(facts.node) : undefined;
  const addresses = read.addresses.length > 0 ? read.addresses : (ofNode ?? []);
  return {
    kind: kind === "Pod" ? "pod" : "workload",
    name,
    namespace,
    labels: {
      labels: facts.labels,
      complete: true,
      ...(facts.opaque.length > 0 && { opaque: facts.opaque }),
    },
    policed: !host,
    host,
    ...(facts.node !== undefined && { node: facts.node }),
    families: addresses.length > 0 ? familiesIn(addresses) : context.families,
    ...(addresses.length === 0 && context.supposed && { supposed: true }),
    ...(addresses.length > 0 && { addresses }),
    ...(addresses.length === 0 && !facts.hostNetwork && context.podRanges && { within: context.podRanges }),
    ports: facts.ports,
    ...(read.broken !== undefined && { broken: read.broken }),
    resource,
  };
}

/** `undefined` when none is given, or one cannot be read: then nothing is known of all. */
function readRanges(cidrs: readonly string[] = []): IpRange[] | undefined {
  const ranges = cidrs.map((cidr) => parseIpRange(cidr)).filter((range) => range !== undefined);
  return ranges.length > 0 && ranges.length === cidrs.length ? ranges : undefined;
}

/** Families of pods without known address: as told, else those of their ranges or of the pods in the set. */
function familiesOf(
  live: ReadonlyMap<string, PodObject>,
  podRanges: readonly IpRange[] | undefined,
  { ipFamilies }: PodOptions,
): Family[] | undefined {
  if (ipFamilies !== undefined && ipFamilies.length > 0) return ipFamilies.map((f) => (f === "IPv6" ? 6 : 4));
  if (podRanges !== undefined) return familiesIn(podRanges);
  const seen = familiesIn([...live.values()].flatMap((o) => (o.facts.hostNetwork ? [] : o.addresses)));
  return seen.length > 0 ? seen : undefined;
}

function namesIpv6({ ingress = [], egress = [] }: NormalPolicy): boolean {
  const peers = [...ingress, ...egress].flatMap((rule) => rule.peers ?? []);
  return peers.some((peer) => peer.kind === "block" && peer.cidr.family === 6);
}

export function familiesIn(addresses: readonly IpRange[]): Family[] {
  return ([4, 6] as const).filter((family) => addresses.some((a) => a.family === family));
}

/** `namespace/name`, and `namespace/Kind/name` for those that share it. */
function distinctNames(objects: readonly PodObject[]): Map<PodObject, string> {
  const count = new Map<string, number>();
  for (const { namespace, name } of objects) {
    const short = `${namespace}/${name}`;
    count.set(short, (count.get(short) ?? 0) + 1);
  }
  return new Map(
    objects.map((object) => {
      const short = `${object.namespace}/${object.name}`;
      return [object, count.get(short) === 1 ? short : keyOf(object.namespace, object)];
    }),
  );
}

function keyOf(namespace: string, { kind, name }: Owner): string {
  return `${namespace}/${kind}/${name}`;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}
