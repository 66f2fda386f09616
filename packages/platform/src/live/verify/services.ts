import { fieldsOf, listOf, type Resource, textOf } from "@ashlar/core";
import { formatPort, type ReachClaim } from "@ashlar/network-policy";
import type { LivePod, NamespacePods } from "./pods.ts";

/** A Service, as far as it decides where a connection ends. */
export interface LiveService {
  readonly name: string;
  /** Ready pods behind it; absent: it has no selector. */
  readonly pods?: readonly LivePod[];
  /** Clients connect to the pods themselves: ports are not translated. */
  readonly headless: boolean;
  /** TCP ports, and what they are at each pod. */
  readonly ports: readonly { readonly port: number; readonly targets: ReadonlyMap<LivePod, number> }[];
}

/** A ready pod, with what Services find it and its ports by. */
export interface ServedPod {
  readonly pod: LivePod;
  readonly labels: Readonly<Record<string, string>>;
  readonly numberOf: (port: unknown) => readonly number[];
}

export function liveService({ metadata, spec }: Resource, ready: readonly ServedPod[]): LiveService {
  const { selector, ports, clusterIP, type } = fieldsOf(spec);
  const hasSelector = Object.keys(fieldsOf(selector)).length > 0 && type !== "ExternalName";
  const behind = ready.filter(({ labels }) => isBehind(selector, labels));
  return {
    name: metadata.name,
    headless: clusterIP === "None",
    ...(hasSelector && { pods: behind.map(({ pod }) => pod) }),
    ports: tcpPorts(ports).flatMap(({ port, targetPort }) => {
      if (typeof port !== "number") return [];
      const targets = behind.flatMap(({ pod, numberOf }) =>
        numberOf(targetPort ?? port)
          .slice(0, 1)
          .map((number) => [pod, number] as const),
      );
      return [{ port, targets: new Map(targets) }];
    }),
  };
}

/** Whether a Service's selector selects a pod; one without selects none. */
export function isBehind(selector: unknown, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(fieldsOf(selector));
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

/** The TCP ports of a Service, as it writes them. */
export function tcpPorts(ports: unknown): Readonly<Record<string, unknown>>[] {
  return listOf(ports)
    .map(fieldsOf)
    .filter(({ protocol }) => (textOf(protocol) || "TCP") === "TCP");
}

type Ranges = NonNullable<ReachClaim["ports"]>;

/** Whom a name of a claim means. */
export interface Named {
  readonly pods: readonly LivePod[];
  /** What the claim's ports are at each pod; absent: it names none. */
  readonly ports?: ReadonlyMap<LivePod, Ranges>;
  readonly notes: readonly string[];
  readonly problem?: string;
}

/**
 * Whom a name means, as `ashlar check` reads it: a pod or workload, else a Service. A port that a Service of the name declares
 * and the pods do not is the Service's: connections to it end at the port behind it.
 *
 * @param isWorkload the platform has a workload of this name, so that no Service is meant where it has no pod
 */
export function namedBy(
  ref: string,
  asked: ReachClaim["ports"],
  { pods, services }: NamespacePods,
  isWorkload: boolean,
): Named {
  const [namespace = "", ...rest] = ref.split("/");
  const isBare = rest.length === 1;
  const own = pods.filter(({ owners }) => owners.some((owner) => isMeant(owner, rest)));
  const found = services?.find(({ name }) => name === rest.at(-1));
  const service = isBare || rest[0] === "Service" ? found : undefined;
  const title = `Service ${namespace}/${service?.name}`;
  if (own.length === 0) {
    const problem = noPod(ref, namespace, isWorkload ? undefined : service, services === undefined);
    if (problem !== undefined) return { pods: [], notes: [], problem };
  }
  const meant = own.length > 0 ? own : (service?.pods ?? []);
  if (asked === undefined) return { pods: meant, notes: [] };
  const isDeclared = (port: number) => own.some(({ declared }) => declared.includes(port));
  const reached = new Map<LivePod, Ranges>();
  const notes: string[] = [];
  for (const range of asked.filter(({ protocol }) => protocol === "TCP")) {
    const { from, to } = range;
    const isOne = from === to && !isDeclared(from);
    const isServices =
      own.length === 0 || (isBare && isOne && service?.ports.some(({ port }) => port === from));
    const route = isServices && service ? behind(service, title, range) : straight(meant, range);
    if (route.problem !== undefined) return { pods: [], notes: [], problem: route.problem };
    for (const [pod, ports] of route.ends) reached.set(pod, [...(reached.get(pod) ?? []), ports]);
    notes.push(...(route.notes ?? []));
    if (services === undefined && isOne)
      notes.push(`Services of ${namespace} may not be listed: ${from} is taken for the pods' own port`);
  }
  return { pods: [...reached.keys()], ports: reached, notes };
}

/** Where connections to a range of ports end. */
interface Route {
  readonly ends: readonly (readonly [LivePod, Ranges[number]])[];
  readonly notes?: readonly string[];
  readonly problem?: string;
}

function straight(pods: readonly LivePod[], range: Ranges[number]): Route {
  return { ends: pods.map((pod) => [pod, range] as const) };
}

function behind(service: LiveService, title: string, range: Ranges[number]): Route {
  const { from, to } = range;
  if (service.headless) return straight(service.pods ?? [], range);
  const asked = service.ports.filter(({ port }) => from <= port && port <= to);
  if (asked.length === 0) {
    const has = service.ports.map(({ port }) => port).join(", ") || "none";
    return { ends: [], problem: `${title} declares no port ${formatPort(range)}, it has ${has}` };
  }
  const dead = asked.find(({ targets }) => targets.size === 0);
  if (dead !== undefined)
    return { ends: [], problem: `no ready pod behind ${title} has the target of its port ${dead.port}` };
  const ends = asked.flatMap(({ port, targets }) =>
    [...targets].map(([pod, number]) => ({ port, pod, number })),
  );
  return {
    ends: ends.map(({ pod, number }) => [pod, { protocol: "TCP", from: number, to: number }] as const),
    notes: ends
      .filter(({ port, number }) => port !== number)
      .map(({ port, number }) => `port ${port} of ${title} is ${number} of its pods`),
  };
}

/** Why neither a pod nor a Service of the name can be asked. */
function noPod(
  ref: string,
  namespace: string,
  service: LiveService | undefined,
  isUnlisted: boolean,
): string | undefined {
  const unlisted = isUnlisted ? `, and Services of ${namespace} may not be listed` : "";
  if (service === undefined) return `${ref} has no ready pod${unlisted}`;
  const title = `Service ${namespace}/${service.name}`;
  if (service.pods === undefined) return `${title} has no selector: who is behind it is not known`;
  return service.pods.length === 0 ? `no ready pod is behind ${title}` : undefined;
}

/** `web` is a workload or pod of any kind, `StatefulSet/db` one of that kind. */
function isMeant(owner: string, [kindOrName = "", name]: readonly string[]): boolean {
  if (name !== undefined) return owner === `${kindOrName}/${name}`;
  return owner.slice(owner.indexOf("/") + 1) === kindOrName;
}
