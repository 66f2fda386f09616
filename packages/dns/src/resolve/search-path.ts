import type { Client } from "./ask.ts";
import { asFields, asObjects, asText } from "./cluster/fields.ts";
import type { PodFacts } from "./cluster/objects.ts";
import type { DnsModel } from "./model.ts";
import { emptyReply, type Reply } from "./record.ts";
import type { ResolveOptions } from "./resolve-name.ts";

export interface Searches {
  /** The names that are asked for, in order. */
  readonly names: readonly string[];
  readonly client: Client;
  /** Servers that the pod asks instead of the cluster's. */
  readonly nameservers?: readonly string[];
}

const NDOTS = 5;

/** What a pod's resolv.conf makes of a name (kubelet's dns.go of Kubernetes 1.36, and glibc's res_search). */
export function searchesOf(
  model: DnsModel,
  name: string,
  { fromNamespace, fromPod }: ResolveOptions,
): Searches {
  const [podNamespace = "default", podName = ""] = fromPod?.split("/") ?? [];
  const namespace = fromNamespace ?? podNamespace;
  const pod = model.cluster.pods.find((one) => one.name === podName && one.namespace === podNamespace);
  const client: Client = { namespace, ...(pod?.ips[0] !== undefined && { address: pod.ips[0] }) };
  const node = model.resolvConf ?? { nameservers: ["/etc/resolv.conf"], search: [] };
  const domain = model.clusterDomain.replace(/\.$/, "");
  const policy = policyOf(pod);
  const config = asFields(pod?.spec.dnsConfig) ?? {};
  const own = [`${namespace}.svc.${domain}`, `svc.${domain}`, domain];
  const base = policy === "ClusterFirst" ? [...own, ...node.search] : policy === "Default" ? node.search : [];
  const search = [...new Set([...base, ...texts(config.searches)])];
  const ndots = asObjects(config.options).findLast((option) => option.name === "ndots")?.value;
  const nameservers =
    policy === "Default" ? node.nameservers : policy === "None" ? texts(config.nameservers) : undefined;
  const usual = policy === "ClusterFirst" ? NDOTS : 1;
  return {
    names: expansions(name, search, /^[0-9]{1,2}$/.test(asText(ndots)) ? Number(ndots) : usual),
    client,
    ...(nameservers && !isCluster(model, nameservers) && { nameservers }),
  };
}

function policyOf(pod: PodFacts | undefined): "ClusterFirst" | "Default" | "None" {
  const policy = asText(pod?.spec.dnsPolicy) || "ClusterFirst";
  if (policy === "None" || policy === "Default") return policy;
  return policy === "ClusterFirst" && pod?.spec.hostNetwork === true ? "Default" : "ClusterFirst";
}

/** Whether the first of the servers is a Service of the set that leads to CoreDNS. */
function isCluster({ cluster }: DnsModel, nameservers: readonly string[]): boolean {
  const services = cluster.servicesByIp.get(nameservers[0] ?? "") ?? [];
  return services.some(({ selector }) => selector?.["k8s-app"] === "kube-dns");
}

function expansions(name: string, search: readonly string[], ndots: number): string[] {
  if (name.endsWith(".")) return [name];
  const absolute = `${name}.`;
  const dots = name.split(".").length - 1;
  const longer = search.map((suffix) =>
    suffix === "." || suffix === "" ? absolute : `${name}.${suffix.replace(/\.$/, "")}.`,
  );
  return [...new Set(dots >= ndots ? [absolute, ...longer] : [...longer, absolute])];
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A question that goes to other servers than CoreDNS. */
export function answerNodes(name: string, type: string, upstream: readonly string[]): Reply {
  return { ...emptyReply("NOERROR", ""), kind: "forwarded", forwarded: [{ name, type, upstream }] };
}
