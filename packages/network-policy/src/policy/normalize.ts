import {
  isLabelKey,
  isLabelValue,
  isPortName,
  type LabelRequirement,
  type Requirement,
  type Resource,
  type ResourceRef,
  refOf,
  requirementsOf,
} from "@ashlar/core";
import { type IpRange, parseIpRange } from "./ip.ts";
import type { Direction, NormalPeer, NormalPolicy, NormalPort, NormalRule, Protocol } from "./normal.ts";

/** Why a policy cannot be interpreted, and what can still be said of it. */
export interface InvalidPolicy {
  readonly resource: Resource;
  readonly ref: ResourceRef;
  readonly namespace: string;
  /** Path of the first field that cannot be read. */
  readonly path: string;
  readonly message: string;
  /** Which pods it would select; `undefined` when its own podSelector is what cannot be read. */
  readonly podSelector?: readonly Requirement[];
  /** The directions that it would isolate; both when policyTypes cannot be read. */
  readonly directions: readonly Direction[];
}

export interface NormalizeOptions {
  /** Namespace of policies that name none; default `default`. */
  readonly defaultNamespace?: string;
}

/**
 * Reads a NetworkPolicy (networking.k8s.io/v1) with the API's defaults applied: no policyTypes means Ingress, plus Egress
 * when there are egress rules; no protocol means TCP; no podSelector selects every pod; JSON null is an absent field, as
 * in Go. Any JSON shape is safe to pass: what cannot be interpreted comes back as `invalid`. What the API server would
 * refuse but has one meaning (host bits in a CIDR, an except outside of its block) is interpreted.
 *
 * @example
 * normalizePolicy({ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { name: "deny" }, spec: {} });
 * // { policy: { namespace: "default", podSelector: [], ingress: [], … } }
 */
export function normalizePolicy(
  resource: Resource,
  options: NormalizeOptions = {},
): { readonly policy: NormalPolicy } | { readonly invalid: InvalidPolicy } {
  const problems: Problem[] = [];
  const ref = refOf(resource);
  const namespace = ref.namespace || (options.defaultNamespace ?? "default");
  const spec = readObject(resource.spec, "spec", problems) ?? {};
  const policyTypes = readPolicyTypes(spec, problems);
  const typesAreRead = problems.length === 0;
  const podSelector = readSelector(spec.podSelector ?? {}, "spec.podSelector", problems);
  const selectorIsRead = problems.length === 0;
  const ingress = readRules(spec.ingress, "spec.ingress", "from", problems);
  const egress = readRules(spec.egress, "spec.egress", "to", problems);
  const [problem] = problems;
  if (problem !== undefined)
    return {
      invalid: {
        resource,
        ref,
        namespace,
        ...problem,
        directions: typesAreRead ? policyTypes : ["ingress", "egress"],
        ...(selectorIsRead && { podSelector }),
      },
    };
  return {
    policy: {
      resource,
      ref,
      namespace,
      podSelector,
      ...(policyTypes.includes("ingress") && { ingress }),
      ...(policyTypes.includes("egress") && { egress }),
    },
  };
}

interface Problem {
  readonly path: string;
  readonly message: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** SetDefaults_NetworkPolicy: no types at all means Ingress, plus Egress when `spec.egress` has elements. */
function readPolicyTypes(spec: Fields, problems: Problem[]): Direction[] {
  const types = readArray(spec.policyTypes, "spec.policyTypes", problems);
  if (types.length === 0)
    return Array.isArray(spec.egress) && spec.egress.length > 0 ? ["ingress", "egress"] : ["ingress"];
  return types.map((type, i) => {
    if (type !== "Ingress" && type !== "Egress")
      refuse(problems, `spec.policyTypes[${i}]`, `expected "Ingress" or "Egress", got ${show(type)}`);
    return type === "Egress" ? "egress" : "ingress";
  });
}

function readRules(value: unknown, path: string, peersField: string, problems: Problem[]): NormalRule[] {
  return readArray(value, path, problems).map((element, i) => {
    const rulePath = `${path}[${i}]`;
    const rule = readObject(element, rulePath, problems) ?? {};
    const peersPath = `${rulePath}.${peersField}`;
    const portsPath = `${rulePath}.ports`;
    const peers = readArray(rule[peersField], peersPath, problems).map((peer, j) =>
      readPeer(peer, `${peersPath}[${j}]`, problems),
    );
    const ports = readArray(rule.ports, portsPath, problems).map((port, j) =>
      readPort(port, `${portsPath}[${j}]`, problems),
    );
    return { path: rulePath, ...(peers.length > 0 && { peers }), ...(ports.length > 0 && { ports }) };
  });
}

function readPeer(value: unknown, path: string, problems: Problem[]): NormalPeer {
  const peer = readObject(value, path, problems) ?? {};
  const selects = isGiven(peer.podSelector) || isGiven(peer.namespaceSelector);
  if (isGiven(peer.ipBlock)) {
    if (selects) refuse(problems, path, "expected ipBlock or selectors, got both in one peer");
    const block = readObject(peer.ipBlock, `${path}.ipBlock`, problems) ?? {};
    const cidr = readCidr(block.cidr, `${path}.ipBlock.cidr`, problems);
    const except = readArray(block.except, `${path}.ipBlock.except`, problems).map((e, i) =>
      readCidr(e, `${path}.ipBlock.except[${i}]`, problems),
    );
    return { kind: "block", path, cidr, except };
  }
  if (!selects)
    refuse(problems, path, "expected podSelector, namespaceSelector or ipBlock, got an empty peer");
  const pods = readSelector(peer.podSelector ?? {}, `${path}.podSelector`, problems);
  if (!isGiven(peer.namespaceSelector)) return { kind: "pods", path, pods };
  const namespaces = readSelector(peer.namespaceSelector, `${path}.namespaceSelector`, problems);
  return { kind: "pods", path, namespaces, pods };
}

function readPort(value: unknown, path: string, problems: Problem[]): NormalPort {
  const entry = readObject(value, path, problems) ?? {};
  const { port, endPort } = entry;
  const protocol = (entry.protocol ?? "TCP") as Protocol;
  if (protocol !== "TCP" && protocol !== "UDP" && protocol !== "SCTP")
    refuse(problems, `${path}.protocol`, `expected "TCP", "UDP" or "SCTP", got ${show(protocol)}`);
  if (typeof port === "string") {
    if (!isPortName(port))
      refuse(problems, `${path}.port`, `expected a port name or a number without quotes, got ${show(port)}`);
    if (isGiven(endPort))
      refuse(problems, `${path}.endPort`, "expected a number in port beside it, got a name");
    return { kind: "name", path, protocol, name: port };
  }
  if (!isGiven(port)) {
    if (isGiven(endPort))
      refuse(problems, `${path}.endPort`, "expected a number in port beside it, got none");
    return { kind: "range", path, protocol, from: 1, to: 65535 };
  }
  const from = readPortNumber(port, `${path}.port`, problems);
  const to = isGiven(endPort) ? readPortNumber(endPort, `${path}.endPort`, problems) : from;
  if (to < from) refuse(problems, `${path}.endPort`, `expected at least ${from}, the port, got ${to}`);
  return { kind: "range", path, protocol, from, to };
}

function readPortNumber(value: unknown, path: string, problems: Problem[]): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 65535) return value;
  return refuse(problems, path, `expected a port from 1 to 65535, got ${show(value)}`) ?? 1;
}

function readCidr(value: unknown, path: string, problems: Problem[]): IpRange {
  const range = typeof value === "string" ? parseIpRange(value) : undefined;
  if (range !== undefined) return range;
  refuse(problems, path, `expected a CIDR such as 10.0.0.0/8 or 2001:db8::/32, got ${show(value)}`);
  return { family: 4, first: 0n, last: 0n };
}

function readSelector(value: unknown, path: string, problems: Problem[]): Requirement[] {
  const selector = readObject(value, path, problems) ?? {};
  const labels = readObject(selector.matchLabels, `${path}.matchLabels`, problems) ?? {};
  const matchLabels: [string, string][] = Object.entries(labels).map(([key, label]) => {
    const text = label ?? "";
    if (!isLabelKey(key)) refuse(problems, `${path}.matchLabels`, `expected a label key, got ${show(key)}`);
    if (typeof text !== "string" || !isLabelValue(text))
      refuse(problems, `${path}.matchLabels`, `expected a label value for ${key}, got ${show(label)}`);
    return [key, String(text)];
  });
  const matchExpressions = readArray(selector.matchExpressions, `${path}.matchExpressions`, problems).map(
    (e, i) => readRequirement(e, `${path}.matchExpressions[${i}]`, problems),
  );
  return requirementsOf({ matchLabels: Object.fromEntries(matchLabels), matchExpressions });
}

/** apimachinery's labels.NewRequirement: the operators, and which of them take values. */
function readRequirement(value: unknown, path: string, problems: Problem[]): LabelRequirement {
  const expression = readObject(value, path, problems) ?? {};
  const { key, operator } = expression;
  const values = readArray(expression.values, `${path}.values`, problems).map((v) => v ?? "");
  if (typeof key !== "string" || !isLabelKey(key))
    refuse(problems, `${path}.key`, `expected a label key, got ${show(key)}`);
  if (operator === "In" || operator === "NotIn") {
    if (values.length === 0) refuse(problems, `${path}.values`, `expected values for ${operator}, got none`);
  } else if (operator === "Exists" || operator === "DoesNotExist") {
    if (values.length > 0) refuse(problems, `${path}.values`, `expected no values for ${operator}, got some`);
  } else
    refuse(problems, `${path}.operator`, `expected In, NotIn, Exists or DoesNotExist, got ${show(operator)}`);
  for (const [i, v] of values.entries())
    if (typeof v !== "string" || !isLabelValue(v))
      refuse(problems, `${path}.values[${i}]`, `expected a label value, got ${show(v)}`);
  return { key: String(key), operator: String(operator), values: values.map(String) };
}

function readObject(value: unknown, path: string, problems: Problem[]): Fields | undefined {
  if (!isGiven(value)) return undefined;
  if (typeof value === "object" && !Array.isArray(value)) return value as Fields;
  return refuse(problems, path, `expected an object, got ${show(value)}`);
}

function readArray(value: unknown, path: string, problems: Problem[]): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isGiven(value)) refuse(problems, path, `expected a list, got ${show(value)}`);
  return [];
}

function refuse(problems: Problem[], path: string, message: string): undefined {
  problems.push({ path, message });
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** A value in a message; long or nested ones are only named, so that no input is too deep to report. */
function show(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" && value !== null ? "an object" : String(value ?? "nothing");
}
