import { BlockList, isIP } from "node:net";
import { podTemplateOf } from "@ashlar/core";
import { type Party, type ReachClaim, symptomOf } from "@ashlar/network-policy";
import { type Answered, broken, held, unknown } from "./answer.ts";
import type { Asking } from "./asking.ts";
import type { InPods, Seen } from "./in-pod.ts";
import { type Listening, listening } from "./listening.ts";
import { judgeWay, type WayVerdict } from "./network-verdict.ts";
import { pairOf, type Target, targetsOf, unaskedPorts, type Way, waysOf } from "./network-ways.ts";
import { onePerKind } from "./pods.ts";
import { type Named, namedBy } from "./services.ts";

/** Asks claims about the network by connections from the pods that they speak of to the pods that they speak of. */
export function networkAsker(asking: Asking, pods: InPods): (claim: ReachClaim) => Promise<Answered> {
  const listens = listening(asking, pods);
  const seen = new Map<string, Promise<Seen>>();
  const connect = ({ from, to }: Way): Promise<Seen> => {
    const key = `${from.namespace}/${from.name} ${to.ip} ${to.port}`;
    const known = seen.get(key) ?? pods.connect(from, to);
    seen.set(key, known);
    return known;
  };
  return (claim) => askReach(claim, asking, listens, connect);
}

async function askReach(
  claim: ReachClaim,
  asking: Asking,
  listens: Listening,
  connect: (way: Way) => Promise<Seen>,
): Promise<Answered> {
  const { from, to, ports } = claim;
  if (from.kind === "block")
    return unknown("nothing", `nobody asks from ${from.cidr}: its addresses are not in the cluster`);
  const unasked = unaskedPorts(ports);
  if (ports?.every(({ protocol }) => protocol !== "TCP"))
    return unknown(
      "nothing",
      `${unasked.join(", ")} cannot be tried: only TCP says whether a connection came about`,
    );
  const sources = await endOf(from, asking);
  if (sources.problem !== undefined) return unknown("nothing", sources.problem, sources.notes);
  const receivers = to.kind === "block" ? outside(to.cidr, claim, asking) : await inside(to, claim, asking);
  const notes = [...sources.notes, ...receivers.notes];
  if (receivers.targets.length === 0) return unknown("nothing", receivers.problem, notes);
  const { most = 24 } = asking.options.probes ?? {};
  const { ways, count, pairs } = waysOf(sources.pods, receivers.targets, most);
  if (ways.length === 0) return unknown("nothing", "its sides have no two distinct pods", notes);
  const verdicts = await Promise.all(ways.map((way) => judge(way, asking, listens, connect)));
  const asked = `${plural(ways.length, "connection")} over TCP, from ${plural(
    distinct(ways, ({ from: pod }) => pod.name),
    "pod",
  )} to ${plural(
    distinct(ways, ({ to: target }) => target.text),
    "port",
  )}${count > ways.length ? `; of ${count} that there are` : ""}`;
  return conclude(asked, { ways, pairs }, verdicts, unasked, notes);
}

async function judge(
  way: Way,
  { set }: Asking,
  listens: Listening,
  connect: (way: Way) => Promise<Seen>,
): Promise<WayVerdict> {
  const cni = set.versions?.cni;
  const seen = clear(await connect(way), way.to);
  if (seen.what === "open") listens.saw(way.to, `${way.from.namespace}/${way.from.name} connected`);
  const isInDoubt = seen.what === "timeout" || seen.what === "refused";
  const open = isInDoubt ? await listens.how(way.to) : undefined;
  const verdict = judgeWay(way.to.expect, seen, open, symptomOf(cni));
  const text = `${way.from.namespace}/${way.from.name} → ${way.to.text}: ${verdict.text}`;
  return { outcome: verdict.outcome, text };
}

/** An answer that does not come of a port that is known to answer HTTP is a connection that did not come about. */
function clear(seen: Seen, { pod, port }: Target): Seen {
  const isSilent = seen.what === "unclear" && seen.tool === "wget" && pod?.http.includes(port) === true;
  return isSilent ? { what: "timeout", tool: "wget" } : seen;
}

/** A connection that contradicts breaks a claim; it is held when something of every pair of namespaces was seen to hold. */
function conclude(
  asked: string,
  { ways, pairs }: { readonly ways: readonly Way[]; readonly pairs: readonly string[] },
  verdicts: readonly WayVerdict[],
  unasked: readonly string[],
  notes: readonly string[],
): Answered {
  const texts = (outcome: WayVerdict["outcome"]) =>
    verdicts.filter((verdict) => verdict.outcome === outcome).map(({ text }) => text);
  const wrong = ways.findIndex((_, i) => verdicts[i]?.outcome === "broken");
  if (wrong >= 0) {
    const because = ways[wrong]?.to.expect === "reach" ? "a connection fails" : "a connection gets through";
    return broken(asked, because, [...texts("broken"), ...notes]);
  }
  const heldPairs = new Set(ways.filter((_, i) => verdicts[i]?.outcome === "held").map(pairOf));
  const open = pairs.filter((pair) => !heldPairs.has(pair));
  const doubts = texts("unknown");
  if (open.length > 0) return unknown(asked, `no connection shows ${open[0]}`, [...doubts, ...notes]);
  if (unasked.length > 0) return unknown(asked, `${unasked.join(", ")} cannot be tried`, notes);
  const rest = doubts.length > 0 ? [`${doubts.length} of them show nothing: ${doubts[0]}`] : [];
  return held(asked, [...rest, ...notes]);
}

/** One end of a claim, as it is in the cluster. */
async function endOf(party: Party, { podsOf, set }: Asking, ports?: ReachClaim["ports"]): Promise<Named> {
  if (party.kind === "workload") {
    const [namespace = ""] = party.ref.split("/");
    const there = await podsOf(namespace);
    const { problem } = there;
    if (problem !== undefined) return { pods: [], notes: [], problem };
    const isWorkload = set.resources.some(
      (one) =>
        `${one.metadata.namespace ?? "default"}/${one.metadata.name}` === party.ref &&
        podTemplateOf(one) !== undefined,
    );
    return namedBy(party.ref, ports, there, isWorkload);
  }
  const namespaces = party.kind === "namespaces" ? party.namespaces : [];
  const found = await Promise.all(namespaces.map(async (name) => ({ name, ...(await podsOf(name)) })));
  const denied = found.find(({ problem }) => problem !== undefined);
  if (denied?.problem !== undefined) return { pods: [], notes: [], problem: denied.problem };
  const empty = found.filter(({ pods }) => pods.length === 0);
  const notes = empty.map(({ name, others }) =>
    others === 0
      ? `not asked: ${name} has no pod`
      : `not asked: ${name} has no ready pod with an address of its own`,
  );
  const pods = found.flatMap((one) => one.pods);
  // Pods that are not ready are there, and were not asked.
  const unready = empty.find(({ others }) => others > 0);
  if (pods.length > 0 && unready === undefined) return { pods, notes };
  const problem =
    pods.length > 0
      ? `${unready?.name} has pods, and none that can be asked`
      : `${partyText(party)} has no pod that can be asked`;
  return { pods: [], notes, problem };
}

function partyText(party: Party): string {
  return party.kind === "namespaces" ? party.name : party.kind === "workload" ? party.ref : party.cidr;
}

interface Receivers {
  readonly targets: readonly Target[];
  readonly notes: readonly string[];
  /** Why there is none. */
  readonly problem: string;
}

async function inside(to: Party, claim: ReachClaim, asking: Asking): Promise<Receivers> {
  const { pods, ports, notes, problem } = await endOf(to, asking, claim.ports);
  if (problem !== undefined) return { targets: [], notes, problem };
  const found = onePerKind(pods).map((pod) => {
    const own = ports === undefined ? claim : { ...claim, ports: ports.get(pod) };
    const alike = pods.filter(({ kind }) => kind === pod.kind);
    return { pod, targets: targetsOf(own, alike) };
  });
  const silent = found
    .filter(({ targets }) => targets.length === 0)
    .map(({ pod: { namespace, name } }) => `not asked: ${namespace}/${name} names no port of the claim`);
  const why = `no pod of ${partyText(to)} says that it listens on a port of the claim`;
  return { targets: found.flatMap(({ targets }) => targets), notes: [...notes, ...silent], problem: why };
}

/** Addresses of the block that something is told to listen at, and the one that the claim names itself. */
function outside(cidr: string, { expect, ports }: ReachClaim, { options }: Asking): Receivers {
  const problem = `nothing is known to listen in ${cidr}: name an address and port there (--outside)`;
  const own =
    isIP(cidr) > 0 ? (ports ?? []).filter(({ from, to }) => from === to).map(({ from }) => from) : [];
  const isMeant = (port: number) =>
    ports === undefined ||
    ports.some(({ protocol, from, to }) => protocol === "TCP" && from <= port && port <= to);
  const told = (options.outside ?? []).filter(({ address }) => isInCidr(address, cidr));
  const all = [...own.map((port) => ({ address: cidr, port })), ...told];
  const targets = all.flatMap(({ address, port }): Target[] => {
    const meant = isMeant(port) ? expect : expect === "only" ? "no-reach" : undefined;
    if (meant === undefined) return [];
    const text = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
    return [{ text, ip: address, port, expect: meant === "no-reach" ? "no-reach" : "reach" }];
  });
  return {
    targets: [...new Map(targets.map((target) => [target.text, target])).values()],
    notes: [],
    problem,
  };
}

/** Whether an address is one of a block, or of the whole internet. */
export function isInCidr(address: string, cidr: string): boolean {
  if (cidr === "internet") return isIP(address) > 0;
  const [base = "", size] = cidr.split("/");
  const family = isIP(base) === 6 ? "ipv6" : "ipv4";
  if (isIP(address) !== isIP(base)) return false;
  const list = new BlockList();
  list.addSubnet(base, size === undefined ? (family === "ipv6" ? 128 : 32) : Number(size), family);
  return list.check(address, family);
}

function distinct(ways: readonly Way[], keyOf: (way: Way) => string): number {
  return new Set(ways.map(keyOf)).size;
}

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? "" : "s"}`;
}
