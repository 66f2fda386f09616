import {
  type Finding,
  formatRef,
  type Labels,
  type Related,
  type Resource,
  refKey,
  refOf,
} from "@ashlar/core";
import { hasAuthProxy, type ProxyUpstream, proxyUpstreams, type RoutesModel } from "@ashlar/ingress";
import { type NetworkModel, type Other, othersReaching } from "@ashlar/network-policy";
import type { ObjectSet } from "./check.ts";

/** The code of {@link findingsOfProxies}. */
export const NO_PROXY_BYPASS = "platform/no-proxy-bypass";

/** The models of a set, made when they are asked for. */
interface Models {
  readonly routes: () => RoutesModel;
  readonly network: () => NetworkModel;
}

/** Upstreams of auth proxies that other pods reach too: they come around the login. */
export function findingsOfProxies(set: ObjectSet, models: Models): Finding[] {
  // Models take time, and most sets have no proxy.
  if (!hasAuthProxy(set.resources)) return [];
  const proxied = Map.groupBy(proxyUpstreams(models.routes()), ({ service, port }) => `${service}:${port}`);
  // Without a label nothing tells a proxy's pods from others.
  const upstreams = [...proxied.values()].filter((proxies) =>
    proxies.every(({ labels }) => Object.keys(labels).length > 0),
  );
  if (upstreams.length === 0) return [];
  const network = models.network();
  const answers = othersReaching(
    network,
    upstreams.map(([first, ...more]) => ({
      service: first!.service,
      port: first!.port,
      meant: [first!, ...more].map(({ workload }) => nameOf(workload)),
      assumePods: set.assumeEndpoints?.includes(first!.service) === true,
    })),
  );
  return answers.flatMap((others, i) => {
    const proxies = upstreams[i]!;
    return others.length === 0 ? [] : [bypass(set, network, proxies, others)];
  });
}

function nameOf({ namespace, kind, name }: ProxyUpstream["workload"]): string {
  return `${namespace}/${kind}/${name}`;
}

function bypass(
  { resources, locate }: ObjectSet,
  network: NetworkModel,
  proxies: readonly ProxyUpstream[],
  others: readonly Other[],
): Finding {
  // A Deployment says more than the pods that it made.
  const { workload, proxy, path, service, port } =
    proxies.find((one) => one.workload.kind !== "Pod") ?? proxies[0]!;
  const find = (ref: typeof workload) =>
    resources.find((one) => refKey(inNamespace(one, network)) === refKey(ref));
  const deployment = find(workload);
  const upstream = network.services.get(service)!.resource;
  const admissions = [...new Map(others.map((other) => [admissionText(other), other])).values()];
  const at = deployment && locate?.(deployment, path);
  return {
    code: NO_PROXY_BYPASS,
    severity: "warning",
    message: `${formatRef(workload)} (${proxy}) is not the only way to port ${port} of Service ${service}: ${whoText(others)} ${reachText(others)} without a login; ${admissions.map(admissionText).join("; ")}`,
    hint: hintText(admissions, remedyOf(network, proxies, service)),
    path,
    subject: workload,
    ...(at && { at }),
    related: [serviceOf(upstream, port, locate), ...admissions.flatMap(relatedTo)],
  };
}

/** The name of an object, its namespace filled in. */
function inNamespace(resource: Resource, { defaultNamespace }: NetworkModel): ProxyUpstream["workload"] {
  return { namespace: defaultNamespace, ...refOf(resource) };
}

function serviceOf(service: Resource, port: number, locate: ObjectSet["locate"]): Related {
  const place = locate?.(service, "spec.ports");
  return {
    message: `port ${port} of ${formatRef(refOf(service))} is what it passes requests on to`,
    subject: refOf(service),
    path: "spec.ports",
    ...(place && { at: place }),
  };
}

function relatedTo({ admittedBy }: Other): Related[] {
  if (admittedBy === undefined) return [];
  const { policy, path, at } = admittedBy;
  return [{ message: `${formatRef(policy)} admits them`, subject: policy, path, ...(at && { at }) }];
}

const MOST_NAMES = 4;

/** Pods that could exist by their namespaces, pods of the set by their names. */
function whoText(others: readonly Other[]): string {
  const open = others.filter(({ pods, labels }) => pods === undefined && Object.keys(labels).length === 0);
  const any = [...new Set(open.flatMap(({ namespaces }) => namespaces))].sort();
  const labelled = others
    .filter(({ pods, labels }) => pods === undefined && Object.keys(labels).length > 0)
    .map(({ namespaces, labels }) => `pods with ${labelText(labels)} in ${listText(namespaces)}`);
  const named = [...new Set(others.flatMap(({ pods = [] }) => pods))].sort();
  return [
    ...(any.length > 0 ? [`any pod in ${listText(any)}`] : []),
    ...[...new Set(labelled)],
    ...(named.length > 0 ? [listText(named)] : []),
  ].join(", ");
}

function reachText(others: readonly Other[]): string {
  const ends = [
    ...new Set(others.flatMap(({ to, port }) => (to === undefined ? [] : [`${to} on ${port}/TCP`]))),
  ];
  return ends.length === 0 ? "may reach its pods" : `may reach ${listText(ends.sort())}`;
}

function listText(names: readonly string[]): string {
  const [shown, rest] = [names.slice(0, MOST_NAMES), names.length - MOST_NAMES];
  if (rest > 0) return `${shown.join(", ")} and ${rest} more`;
  return shown.join(", ").replace(/, ([^,]+)$/, " and $1");
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

function admissionText({ admittedBy, to }: Other): string {
  return admittedBy === undefined
    ? `no NetworkPolicy isolates ${to ?? "them"} for ingress`
    : `${formatRef(admittedBy.policy)} admits them by ${admittedBy.path}`;
}

/** What has to be written where: the pods behind, and the proxy as a peer. */
interface Remedy {
  readonly namespace: string;
  readonly pods: string;
  readonly peers: string;
}

function remedyOf(network: NetworkModel, proxies: readonly ProxyUpstream[], service: string): Remedy {
  const { namespace, selector = [] } = network.services.get(service)!;
  const pods = Object.fromEntries(selector.map(({ key, values }) => [key, values[0] ?? ""]));
  const peers = proxies.map(({ workload, labels }) => {
    const podSelector = `podSelector: { matchLabels: ${flowMap(labels)} }`;
    if (workload.namespace === namespace) return `{ ${podSelector} }`;
    const label = { "kubernetes.io/metadata.name": workload.namespace! };
    return `{ namespaceSelector: { matchLabels: ${flowMap(label)} }, ${podSelector} }`;
  });
  return { namespace, pods: flowMap(pods), peers: [...new Set(peers)].join(", ") };
}

function flowMap(labels: Labels): string {
  const entries = Object.entries(labels).map(([key, value]) => `${key}: ${value}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** Policies add up: what admits others has to go, and somebody has to isolate the pods. */
function hintText(admissions: readonly Other[], { namespace, pods, peers }: Remedy): string {
  const only = `from: [${peers}]`;
  return admissions
    .map(({ admittedBy }) =>
      admittedBy === undefined
        ? `add a NetworkPolicy in ${namespace} with podSelector: { matchLabels: ${pods} }, policyTypes: [Ingress] and ingress: [{ ${only} }]`
        : `remove ${admittedBy.path} of ${formatRef(admittedBy.policy)}, or let it admit the proxy alone: ${only}`,
    )
    .join("; ");
}
