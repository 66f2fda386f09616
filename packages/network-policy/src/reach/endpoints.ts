import { formatRef, refOf, suggest } from "@ashlar/core";
import { formatIp, type IpRange, parseIp } from "../policy/ip.ts";
import type { NetworkModel } from "./model.ts";
import { bareNamespace, type NamespaceFacts } from "./namespaces.ts";
import { familiesIn, type NamedUnits } from "./pods.ts";
import type { ServiceFacts } from "./services.ts";
import type { Unit } from "./unit.ts";

/**
 * One side of a question: `"prod/web"` (a pod, a workload, or a Service where nothing else has the name),
 * `"prod/Deployment/web"` where several kinds share a name, an address (of a pod in the set: that pod, unless `outside`),
 * a Service, a node.
 */
export type Endpoint =
  | string
  | { readonly ip: string; readonly outside?: boolean }
  | { readonly service: string }
  | { readonly node: string };

/** What an endpoint stands for. */
export interface Party {
  /** For people: `prod/web`. */
  readonly name: string;
  readonly units: readonly Unit[];
  /** Any of several pods (a workload's), so that two of them are never the same pod. */
  readonly replicas: boolean;
  /** The Service that was asked for. */
  readonly service?: ServiceFacts;
  /** Why nobody is meant, or more than one. */
  readonly problem?: string;
}

/** Finds the units that an endpoint names. */
export function resolveEndpoint(model: NetworkModel, endpoint: Endpoint): Party {
  if (typeof endpoint === "string") return resolveName(model, endpoint);
  if (typeof endpoint === "object" && endpoint !== null) {
    if ("ip" in endpoint) return resolveIp(model, String(endpoint.ip), endpoint.outside === true);
    if ("service" in endpoint) return resolveService(model, String(endpoint.service));
    if ("node" in endpoint) return resolveNode(model, String(endpoint.node));
  }
  return nobody("(no endpoint)", 'expected "namespace/name", { ip }, { service } or { node }');
}

/**
 * Why an endpoint stands for nobody, or for more than one: a name that nothing in the set has (with a did-you-mean), text
 * that is no endpoint. `undefined`: it can be asked about.
 */
export function endpointProblem(model: NetworkModel, endpoint: Endpoint): string | undefined {
  const { name, problem } = resolveEndpoint(model, endpoint);
  return problem === undefined || problem.startsWith(name) ? problem : `${name}: ${problem}`;
}

function resolveName(model: NetworkModel, text: string): Party {
  if (parseIp(text) !== undefined) return resolveIp(model, text, false);
  const parts = text.split("/");
  const [namespace, name] = [parts[0]!, parts.at(-1)!];
  if (parts.length < 2 || parts.length > 3 || parts.includes(""))
    return nobody(text, `expected "namespace/name", got ${JSON.stringify(text)}`);
  const kind = parts.length === 3 ? parts[1] : undefined;
  const short = `${namespace}/${name}`;
  const service = model.services.get(short);
  if (kind === "Service") return resolveService(model, short);
  const candidates = (model.named.get(short) ?? []).filter((c) => kind === undefined || c.kind === kind);
  const [only, ...others] = candidates;
  if (others.length > 0)
    return nobody(
      text,
      `several have this name: write ${candidates.map((c) => `${namespace}/${c.kind}/${name}`).join(" or ")}`,
    );
  if (only !== undefined) return partyOf(text, only);
  if (model.finished.has(short)) return nobody(text, "the pod has finished: it has no address any more");
  if (service !== undefined && kind === undefined) return resolveService(model, short);
  const known = new Set([...model.named.keys(), ...model.services.keys()]);
  const wanted = kind === undefined ? "pod, workload or Service" : kind;
  return nobody(text, `no ${wanted} has this name in the set: ${suggest(short, known)}`);
}

function partyOf(name: string, { kind, units }: NamedUnits): Party {
  return { name, units, replicas: kind !== "Pod" };
}

function resolveIp(model: NetworkModel, text: string, outside: boolean): Party {
  const ip = parseIp(text);
  if (ip === undefined) return nobody(text, `expected an IPv4 or IPv6 address, got ${JSON.stringify(text)}`);
  const { pods, nodes, services } = addressBook(model);
  const key = addressKey(ip);
  const pod = outside ? undefined : pods.get(key);
  if (pod !== undefined && pod.length > 1)
    return nobody(text, `several pods have this address: ${pod.map((p) => p.name).join(", ")}`);
  if (pod !== undefined) return { name: pod[0]!.name, units: pod, replicas: false };
  const node = outside ? undefined : nodes.get(key);
  if (node !== undefined) return { name: `node ${node}`, units: [nodeUnit(model, node)], replicas: false };
  const service = outside ? undefined : services.get(key);
  if (service !== undefined) return resolveService(model, service);
  return { name: formatIp(ip.family, ip.first), units: [outsideUnit(ip)], replicas: false };
}

function resolveNode(model: NetworkModel, name: string): Party {
  if (!model.nodes.has(name))
    return nobody(`node ${name}`, `no node has this name in the set: ${suggest(name, model.nodes.keys())}`);
  return { name: `node ${name}`, units: [nodeUnit(model, name)], replicas: false };
}

function resolveService(model: NetworkModel, name: string): Party {
  const service = model.services.get(name);
  if (service === undefined)
    return nobody(name, `no Service has this name in the set: ${suggest(name, model.services.keys())}`);
  return { name: formatRef(refOf(service.resource)), units: [], replicas: true, service };
}

function nobody(name: string, problem: string): Party {
  return { name, units: [], replicas: false, problem: `${name}: ${problem}` };
}

/** An address that is no pod's. */
export function outsideUnit(ip: IpRange): Unit {
  return {
    kind: "outside",
    name: formatIp(ip.family, ip.first),
    labels: { labels: {}, complete: true },
    policed: false,
    host: false,
    families: [ip.family],
    addresses: [ip],
    ports: [],
  };
}

function nodeUnit(model: NetworkModel, name: string): Unit {
  const addresses = model.nodes.get(name) ?? [];
  return {
    kind: "node",
    name: `node ${name}`,
    labels: { labels: {}, complete: true },
    policed: false,
    host: true,
    node: name,
    families: addresses.length > 0 ? familiesIn(addresses) : model.families,
    ...(addresses.length > 0 && { addresses }),
    ports: [],
  };
}

/** What is known of a namespace, also of one that no object of the set is in. */
export function namespaceFacts(model: NetworkModel, name: string): NamespaceFacts {
  return model.namespaces.get(name) ?? bareNamespace(name);
}

interface AddressBook {
  /** Pods with an address of their own, by `addressKey`. */
  readonly pods: ReadonlyMap<string, readonly Unit[]>;
  readonly nodes: ReadonlyMap<string, string>;
  readonly services: ReadonlyMap<string, string>;
}

const addressBooks = new WeakMap<NetworkModel, AddressBook>();

/** Who has which address; made at the first question about an address. */
function addressBook(model: NetworkModel): AddressBook {
  const made = addressBooks.get(model);
  if (made !== undefined) return made;
  const pods = new Map<string, Unit[]>();
  for (const unit of model.units)
    if (unit.kind === "pod" && unit.resource !== undefined && !isHostNetwork(unit))
      for (const ip of unit.addresses ?? [])
        pods.set(addressKey(ip), [...(pods.get(addressKey(ip)) ?? []), unit]);
  const nodes = new Map<string, string>();
  for (const [name, ips] of model.nodes) for (const ip of ips) nodes.set(addressKey(ip), name);
  const services = new Map<string, string>();
  for (const { name, clusterIps } of model.services.values())
    for (const ip of clusterIps) services.set(addressKey(ip), name);
  const book = { pods, nodes, services };
  addressBooks.set(model, book);
  return book;
}

function isHostNetwork(unit: Unit): boolean {
  return unit.host || (unit.resource?.spec as { hostNetwork?: unknown } | undefined)?.hostNetwork === true;
}

function addressKey({ family, first }: IpRange): string {
  return `${family}:${first}`;
}
