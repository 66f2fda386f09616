import {
  type Block,
  type Environments,
  existing,
  isExisting,
  namespaceNames,
  type Patch,
  type Resource,
} from "@ashlar/core";
import type { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1";
import { type Cni, isOlder, parseCni } from "../cni/cni.ts";
import { type PortRange, parsePorts } from "../policy/ports.ts";
import { blockWithout } from "./block-without.ts";
import { firewallClaims } from "./claims.ts";
import { type Arrow, parseDiagram } from "./diagram.ts";
import type { FirewallIntent, OutsidePeer } from "./intent.ts";

type Spec = NonNullable<INetworkPolicy["spec"]>;
type IngressRule = NonNullable<Spec["ingress"]>[number];
type Peer = NonNullable<IngressRule["from"]>[number];
type Port = NonNullable<IngressRule["ports"]>[number];

/** What the builder knows of one environment. */
interface Environment {
  readonly name: string;
  readonly namespaces: readonly string[];
  readonly isExisting: boolean;
  readonly enters: readonly Arrow[];
  readonly leaves: readonly Arrow[];
  readonly isolated: boolean;
  readonly egressIsolated: boolean;
}

/** Namespaces with labels, policies, and a claim for every ordered pair of environments. Total on a valid intent. */
export function buildFirewall(intent: FirewallIntent): Block {
  const environments = readEnvironments(intent);
  const policies = environments.flatMap((environment) =>
    environment.namespaces.flatMap((namespace) => [
      ...(environment.isolated ? [ingressPolicy(intent, environment, namespace)] : []),
      ...(environment.egressIsolated ? [egressPolicy(intent, environment, namespace)] : []),
    ]),
  );
  return {
    resources: [
      ...createdNamespaces(intent, environments),
      ...policies,
      ...intent.defaultDeny.map(denyPolicy),
    ],
    patches: labelPatches(intent, environments),
    documents: [],
    steps: [],
    claims: firewallClaims(environments, intent.peers),
  };
}

function readEnvironments(intent: FirewallIntent): Environment[] {
  const names = Object.keys(intent.environments);
  const { arrows } = parseDiagram(intent.diagram, names);
  return names.map((name) => {
    const value = (intent.environments as Environments)[name] ?? existing();
    const enters = withSelf(
      name,
      names,
      arrows.filter((a) => a.to === name),
      (a) => a.from,
    );
    const leaves = withSelf(
      name,
      names,
      arrows.filter((a) => a.from === name),
      (a) => a.to,
    );
    const openToAll = enters.length === names.length && enters.every((a) => a.ports === undefined);
    return {
      name,
      namespaces: namespaceNames(value),
      isExisting: isExisting(value),
      enters,
      leaves,
      isolated:
        !(isExisting(value) && openToAll) ||
        intent.isolate.includes(name) ||
        intent.peers[name] !== undefined,
      egressIsolated: intent.egress?.isolate.includes(name) ?? false,
    };
  });
}

/** An environment reaches itself on every port; it comes first, the others in the order of their declaration. */
function withSelf(
  name: string,
  names: readonly string[],
  arrows: readonly Arrow[],
  other: (a: Arrow) => string,
): Arrow[] {
  const rest = arrows.filter((a) => other(a) !== name);
  return [
    { from: name, to: name },
    ...rest.sort((a, b) => names.indexOf(other(a)) - names.indexOf(other(b))),
  ];
}

function createdNamespaces(intent: FirewallIntent, environments: readonly Environment[]): Resource[] {
  return environments
    .filter((e) => !e.isExisting)
    .flatMap((e) => e.namespaces.map((name) => labelledNamespace(name, intent.label, e.name)));
}

function labelPatches(intent: FirewallIntent, environments: readonly Environment[]): Patch[] {
  return environments
    .filter((e) => e.isExisting)
    .flatMap((e) =>
      e.namespaces.map((name) => ({
        merge: labelledNamespace(name, intent.label, e.name),
        why: `The firewall knows the namespaces of ${e.name} by their label ${intent.label}=${e.name}.`,
      })),
    );
}

function labelledNamespace(name: string, label: string, environment: string): Resource {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { [label]: environment } } };
}

function ingressPolicy(intent: FirewallIntent, environment: Environment, namespace: string): Resource {
  const from = (arrow: Arrow): Peer => ({
    namespaceSelector: { matchLabels: { [intent.label]: arrow.from } },
  });
  const rules: IngressRule[] = byPorts(environment.enters).map(({ arrows, ports }) => ({
    from: arrows.map(from),
    ...portList(intent, ports),
  }));
  for (const peer of intent.peers[environment.name]?.from ?? [])
    for (const ipBlock of ipBlocks(intent, peer))
      rules.push({ from: [{ ipBlock }], ...peerPorts(intent, peer) });
  return policy(namespace, "namespace-ingress", {
    podSelector: {},
    policyTypes: ["Ingress"],
    ingress: rules,
  });
}

function egressPolicy(intent: FirewallIntent, environment: Environment, namespace: string): Resource {
  const to = (arrow: Arrow): Peer => ({ namespaceSelector: { matchLabels: { [intent.label]: arrow.to } } });
  const rules: NonNullable<Spec["egress"]> = byPorts(environment.leaves).map(({ arrows, ports }) => ({
    to: arrows.map(to),
    ...portList(intent, ports),
  }));
  const dns = intent.egress?.dns;
  if (dns)
    rules.push({
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": dns.namespace } },
          podSelector: { matchLabels: dns.podLabels },
        },
      ],
      ports: [
        { protocol: "UDP", port: 53 },
        { protocol: "TCP", port: 53 },
      ],
    });
  for (const peer of intent.peers[environment.name]?.to ?? [])
    for (const ipBlock of ipBlocks(intent, peer))
      rules.push({ to: [{ ipBlock }], ...peerPorts(intent, peer) });
  return policy(namespace, "namespace-egress", { podSelector: {}, policyTypes: ["Egress"], egress: rules });
}

function denyPolicy(namespace: string): Resource {
  return policy(namespace, "default-deny", { podSelector: {}, policyTypes: ["Ingress"] });
}

function policy(namespace: string, name: string, spec: Spec): Resource {
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name, namespace }, spec };
}

/** Arrows of equal ports share a rule; those of every port come first. */
function byPorts(arrows: readonly Arrow[]): { arrows: Arrow[]; ports: readonly PortRange[] | undefined }[] {
  const groups = new Map<string, { arrows: Arrow[]; ports: readonly PortRange[] | undefined }>();
  for (const arrow of arrows) {
    const key = JSON.stringify(arrow.ports ?? null);
    const group = groups.get(key);
    if (group) group.arrows.push(arrow);
    else groups.set(key, { arrows: [arrow], ports: arrow.ports });
  }
  return [...groups.values()];
}

function peerPorts(intent: FirewallIntent, peer: OutsidePeer): { ports?: Port[] } {
  return portList(
    intent,
    peer.ports?.flatMap((text) => parsePorts(text, () => undefined)),
  );
}

function portList(intent: FirewallIntent, ranges: readonly PortRange[] | undefined): { ports?: Port[] } {
  return ranges ? { ports: ranges.flatMap((range) => portEntries(range, cniOf(intent))) } : {};
}

/** A range as one entry, or as single ports where the plugin does not read endPort; the intent bounds their number. */
function portEntries({ protocol, from, to }: PortRange, cni: Cni | undefined): Port[] {
  if (from === 1 && to === 65535) return [{ protocol }];
  if (from === to) return [{ protocol, port: from }];
  if (!ignoresEndPort(cni)) return [{ protocol, port: from, endPort: to }];
  return Array.from({ length: to - from + 1 }, (_, i) => ({ protocol, port: from + i }));
}

function ipBlocks(intent: FirewallIntent, { cidr, except }: OutsidePeer): NonNullable<Peer["ipBlock"]>[] {
  if (!except || except.length === 0) return [{ cidr }];
  return ignoresExcept(cniOf(intent))
    ? blockWithout(cidr, except).map((part) => ({ cidr: part }))
    : [{ cidr, except: [...except] }];
}

function cniOf(intent: { readonly cni?: string | undefined }): Cni | undefined {
  const parsed = intent.cni === undefined ? undefined : parseCni(intent.cni);
  return parsed?.ok ? parsed.value : undefined;
}

function ignoresEndPort(cni: Cni | undefined): boolean {
  return cni?.name === "kube-router" && isOlder(cni, [1, 3, 0]);
}

function ignoresExcept(cni: Cni | undefined): boolean {
  return cni?.name === "kube-router" && isOlder(cni, [0, 2, 1]);
}
