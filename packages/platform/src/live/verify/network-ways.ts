import { formatPort, type ReachClaim } from "@ashlar/network-policy";
import { type LivePod, onePerKind } from "./pods.ts";

/** Where a connection goes. */
export interface Target {
  /** `prod/web-1:8080`, `203.0.113.7:443` */
  readonly text: string;
  readonly ip: string;
  readonly port: number;
  /** Absent: an address outside of the cluster. */
  readonly pod?: LivePod;
  readonly expect: "reach" | "no-reach";
  /** The same of another pod of the same kind: for a sender that is the pod itself. */
  readonly twin?: Target;
}

/** One connection that a claim speaks of. */
export interface Way {
  readonly from: LivePod;
  readonly to: Target;
}

type Ranges = ReachClaim["ports"] | undefined;

/**
 * The ports of pods that a claim speaks of. Of a range those that pods say they listen on; a port that the claim names by itself
 * always. TCP alone.
 */
export function targetsOf(
  { expect, ports }: { readonly expect: ReachClaim["expect"]; readonly ports?: Ranges },
  pods: readonly LivePod[],
): Target[] {
  const ranges = (ports ?? EVERY).filter(({ protocol }) => protocol === "TCP");
  const single = ranges.filter(({ from, to }) => from === to).map(({ from }) => from);
  return onePerKind(pods).flatMap((pod) => {
    const twin = pods.find((other) => other.kind === pod.kind && other !== pod);
    const target = (port: number, meant: Target["expect"]): Target => ({
      ...targetOf(pod, port, meant),
      ...(twin && { twin: targetOf(twin, port, meant) }),
    });
    const isMeant = (port: number) => ranges.some(({ from, to }) => from <= port && port <= to);
    const inside = [...new Set([...pod.ports.filter(isMeant), ...single])];
    const outside = expect === "only" ? pod.ports.filter((port) => !isMeant(port)) : [];
    return [
      ...inside.map((port) => target(port, expect === "no-reach" ? "no-reach" : "reach")),
      ...outside.map((port) => target(port, "no-reach")),
    ];
  });
}

function targetOf(pod: LivePod, port: number, expect: Target["expect"]): Target {
  return { text: `${pod.namespace}/${pod.name}:${port}`, ip: pod.ip, port, pod, expect };
}

const EVERY: NonNullable<Ranges> = [{ protocol: "TCP", from: 1, to: 65535 }];

/** What of the ports no connection can be tried on. */
export function unaskedPorts(ports: Ranges): string[] {
  return (ports ?? []).filter(({ protocol }) => protocol !== "TCP").map(formatPort);
}

/** Ways from one pod of each kind to each target, but to itself; as many of each pair of namespaces as of any other. */
export function waysOf(sources: readonly LivePod[], targets: readonly Target[], most: number) {
  const pairs = new Map<string, Way[]>();
  for (const from of onePerKind(sources))
    for (const first of targets) {
      const isSelf = first.pod?.name === from.name && first.pod.namespace === from.namespace;
      const to = isSelf ? first.twin : first;
      if (to === undefined) continue;
      const key = pairOf({ from, to });
      pairs.set(key, [...(pairs.get(key) ?? []), { from, to }]);
    }
  const queues = [...pairs.values()];
  const count = queues.reduce((sum, queue) => sum + queue.length, 0);
  const ways: Way[] = [];
  for (let i = 0; ways.length < Math.min(most, count); i++)
    for (const queue of queues) {
      const way = queue[i];
      if (way !== undefined && ways.length < most) ways.push(way);
    }
  return { ways, count, pairs: [...pairs.keys()] };
}

/** Both namespaces, and what is promised: each of these has to be seen. */
export function pairOf({ from, to }: Way): string {
  return `${from.namespace} ${to.expect === "reach" ? "->" : "-/->"} ${to.pod?.namespace ?? to.text}`;
}
