import type { Protocol } from "../policy/normal.ts";
import { type Endpoint, type Party, resolveEndpoint } from "./endpoints.ts";
import { commonFamilies, directionAllows, type Flow, flowByPort } from "./evaluate.ts";
import { type Evidence, evidenceOf } from "./evidence.ts";
import type { NetworkModel } from "./model.ts";
import { cutRanges, inRanges, joinRanges } from "./ranges.ts";
import { representatives } from "./representatives.ts";
import { type Routes, routesTo, unitsBehind, type Via } from "./routes.ts";
import { readProtocol } from "./services.ts";
import { and, MAYBE, NO, type Truth, YES } from "./truth.ts";
import type { Family, PortRange, Unit } from "./unit.ts";
import { isPortNumber } from "./workloads.ts";

/** A question: may `from` open a connection to `to`? */
export interface ReachQuery {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** A number, a name (of a port of the pod, or of the Service), or absent: every port of the protocol. */
  readonly port?: number | string;
  /** Default TCP. */
  readonly protocol?: Protocol;
}

/** `partial`: some of the ports or pods that were asked for, not all. `unknown`: a fact is missing that decides. */
export type Outcome = "allowed" | "denied" | "partial" | "unknown";

/** The answer to a question, with its evidence. Plain JSON. */
export interface Verdict {
  /** `outcome === "allowed"` */
  readonly allowed: boolean;
  readonly outcome: Outcome;
  readonly from: string;
  readonly to: string;
  readonly port?: number | string;
  readonly protocol: Protocol;
  /** Where no number was asked for (every port, or a name): those that get through for all pods that were asked for. */
  readonly allowedPorts?: readonly PortRange[];
  /** The pods and the port that the evidence speaks of: the first that do not get through, where there are several. */
  readonly about?: { readonly from: string; readonly to: string; readonly port: number };
  /** What the policies of the sender say. */
  readonly egress: Evidence;
  /** What the policies of the receiver say. */
  readonly ingress: Evidence;
  /** One sentence: what decides. */
  readonly reason: string;
  /** The Service on the way. */
  readonly via?: Via;
  /** The facts that are missing. */
  readonly unknown?: readonly string[];
}

/**
 * Whether a connection is allowed by the NetworkPolicies of a model (networking.k8s.io/v1, evaluated at the receiving
 * pod's address and port, as the API specifies; a Service is translated to the pods behind it first). Never throws: what
 * nobody knows, an unknown name or a missing fact, is `outcome: "unknown"` with the reason.
 *
 * @example
 * reach(model, { from: "dev/busybox", to: "prod/busybox", port: 80 });
 * // { allowed: false, outcome: "denied", ingress: { policies: [{ ref: … "namespace-ingress" }], misses: […] }, … }
 */
export function reach(model: NetworkModel, query: ReachQuery): Verdict {
  const from = resolveEndpoint(model, query.from);
  const to = resolveEndpoint(model, query.to);
  const protocol = readProtocol(query.protocol);
  const asked = {
    from: from.name,
    to: to.name,
    ...(query.port !== undefined && { port: query.port }),
    protocol: protocol ?? "TCP",
  };
  const problem = problemOf(query, protocol) ?? from.problem ?? to.problem;
  if (problem !== undefined) return unanswered(asked, problem);
  const senders = from.service === undefined ? from.units : unitsBehind(model, from.service);
  if (senders.length === 0) return unanswered(asked, `no pod of the set is behind ${from.name}`);
  const routes = routesTo(model, query.to, to, asked);
  const flows = flowsOf(model, from, senders, to, routes, asked.protocol);
  const via = routes.via && { via: routes.via };
  if (flows.length === 0)
    return { ...unanswered(asked, routes.problem ?? "there is nothing to ask"), ...via };
  return { ...answer(model, { ...asked, ...via }, flows, routes.problem) };
}

interface AskedFlow {
  readonly flow: Flow;
  readonly pieces: readonly Piece[];
}

/** A part of the ports that were asked for, as the sender sees them, and the answer there. */
interface Piece extends PortRange {
  readonly allowed: Truth;
  /** A port of the receiver in this part. */
  readonly at: number;
}

function problemOf({ port }: ReachQuery, protocol: Protocol | undefined): string | undefined {
  if (protocol === undefined) return "expected protocol TCP, UDP or SCTP: policies speak of no other";
  if (port === undefined || isPortNumber(port) || (typeof port === "string" && port !== "")) return undefined;
  return `expected a port from 1 to 65535 or a port name, got ${JSON.stringify(port)}`;
}

function unanswered(asked: Pick<Verdict, "from" | "to" | "port" | "protocol">, problem: string): Verdict {
  return { allowed: false, outcome: "unknown", ...asked, ...unasked(asked.from, asked.to, problem) };
}

/** Both directions without evidence: nobody was asked. */
function unasked(from: string, to: string, reason: string, outcome: "denied" | "unknown" = "unknown") {
  const unknown = outcome === "unknown" ? [reason] : [];
  const base = { outcome, policies: [], misses: [], unknown, reason };
  const egress: Evidence = { direction: "egress", subject: from, ...base };
  const ingress: Evidence = { direction: "ingress", subject: to, ...base };
  return { egress, ingress, reason, ...(unknown.length > 0 && { unknown }) };
}

/** Every flow that the question is about, with its answers by port. A pod is not asked to stand for its own replica. */
function flowsOf(
  model: NetworkModel,
  from: Party,
  senders: readonly Unit[],
  to: Party,
  { routes, families }: Routes,
  protocol: Protocol,
): AskedFlow[] {
  const receivers = [...new Set(routes.map((r) => r.to))];
  const replicas = from.replicas && to.replicas;
  const several = senders.length * receivers.length > 1;
  const flows: AskedFlow[] = [];
  for (const [sender, receiver] of representatives(model, senders, receivers, protocol)) {
    if (replicas && several && sender === receiver) continue;
    const flow = { from: sender, to: receiver, protocol, replicas, ...(families && { families }) };
    const own = routes.filter((route) => route.to === receiver);
    const pieces = own.flatMap(({ asked, servicePort }) =>
      flowByPort(model, flow, [asked]).map((piece): Piece => {
        const shown = servicePort === undefined ? piece : { from: servicePort, to: servicePort };
        return { ...shown, allowed: piece.allowed, at: piece.from };
      }),
    );
    flows.push({ flow, pieces });
  }
  return flows;
}

function answer(
  model: NetworkModel,
  asked: Pick<Verdict, "from" | "to" | "port" | "protocol" | "via">,
  flows: readonly AskedFlow[],
  problem: string | undefined,
): Verdict {
  const truths = flows.flatMap((f) => f.pieces.map((p) => p.allowed));
  const outcome = outcomeOf(problem === undefined ? truths : [...truths, MAYBE]);
  const worst = [NO, MAYBE, YES].find((t) => truths.includes(t as Truth));
  const { flow, pieces } = flows.find((f) => f.pieces.some((p) => p.allowed === worst))!;
  const port = pieces.find((p) => p.allowed === worst)!.at;
  const about = { from: flow.from.name, to: flow.to.name, port };
  const verdict = {
    allowed: outcome === "allowed",
    outcome,
    ...asked,
    ...(typeof asked.port !== "number" && { allowedPorts: portsOfAll(flows) }),
    about,
  };
  const broken = [flow.from, flow.to].find((u) => u.broken !== undefined);
  if (broken !== undefined) {
    const reason = `${broken.name} cannot be judged: ${broken.broken}`;
    return { ...verdict, ...unasked(about.from, about.to, reason) };
  }
  const family = decidingFamily(model, flow, port);
  if (family === undefined) {
    const families = [flow.from, flow.to].map((u) => `${u.name} has IPv${u.families.join(" and IPv")}`);
    const reason = `they share no IP family: ${families.join(", ")}`;
    return { ...verdict, ...unasked(about.from, about.to, reason, "denied") };
  }
  const egress = evidenceOf(model, flow, "egress", family, port);
  const ingress = evidenceOf(model, flow, "ingress", family, port);
  const unknown = [...(problem === undefined ? [] : [problem]), ...egress.unknown, ...ingress.unknown];
  return {
    ...verdict,
    egress,
    ingress,
    reason: reasonOf(outcome, egress, ingress, problem),
    ...(unknown.length > 0 && outcome === "unknown" && { unknown }),
  };
}

/** Of answers that must all be yes. */
export function outcomeOf(truths: readonly Truth[]): Outcome {
  if (truths.every((t) => t === YES)) return "allowed";
  if (truths.every((t) => t === NO)) return "denied";
  return truths.includes(YES) && truths.includes(NO) ? "partial" : "unknown";
}

/** The family in which the flow fares best. */
function decidingFamily(model: NetworkModel, flow: Flow, port: number): Family | undefined {
  let best: { family: Family; allowed: Truth } | undefined;
  for (const family of commonFamilies(flow)) {
    const egress = directionAllows(model, flow, "egress", family, port);
    const allowed = and(egress, directionAllows(model, flow, "ingress", family, port));
    if (best === undefined || allowed > best.allowed) best = { family, allowed };
  }
  return best?.family;
}

/** The ports on which every flow gets through: those asked for less those on which some flow does not. */
function portsOfAll(flows: readonly AskedFlow[]): PortRange[] {
  const pieces = flows.flatMap((f) => f.pieces);
  const refused = joinRanges(pieces.filter((piece) => piece.allowed !== YES));
  const cut = cutRanges(joinRanges(pieces), refused);
  return joinRanges(cut.filter(({ from }) => !inRanges(refused, from)));
}

function reasonOf(
  outcome: Outcome,
  egress: Evidence,
  ingress: Evidence,
  problem: string | undefined,
): string {
  const sides = [egress, ingress];
  const denied = sides.find((side) => side.outcome === "denied");
  if (denied !== undefined) return denied.reason;
  const unknown = sides.find((side) => side.outcome === "unknown");
  if (outcome !== "allowed") return problem ?? unknown?.reason ?? ingress.reason;
  const [isolated] = sides.filter((side) => side.isolated === true).reverse();
  return (isolated ?? ingress).reason;
}
