import type { Resource, Severity } from "@ashlar/core";
import { type IpRange, parseIpRange } from "../policy/ip.ts";
import { type Cni, type CniName, isOlder } from "./cni.ts";
import { asList, type Part, type RuleParts, ruleParts, selectorParts } from "./policy-parts.ts";

/** Something that a network plugin does otherwise than the NetworkPolicy API says. */
export interface Deviation {
  readonly id: string;
  readonly cni: CniName;
  /** First version that is right; absent: every version known so far deviates. */
  readonly fixedIn?: Cni["version"];
  readonly severity: Severity;
  /** What the plugin does with it. */
  readonly effect: string;
  readonly hint: string;
  /** Where the knowledge comes from. */
  readonly source: string;
  /** The paths at which a policy relies on it. */
  readonly find: (policy: Resource) => readonly string[];
}

/** The deviations that a policy meets on a plugin. */
export function deviationsOf(
  cni: Cni,
  policy: Resource,
): { readonly deviation: Deviation; readonly path: string }[] {
  return DEVIATIONS.filter(
    (d) => d.cni === cni.name && (d.fixedIn === undefined || isOlder(cni, d.fixedIn)),
  ).flatMap((deviation) => deviation.find(policy).map((path) => ({ deviation, path })));
}

const rulesWhere = (test: (rule: RuleParts) => boolean) => (policy: Resource) =>
  ruleParts(policy)
    .filter(test)
    .map((rule) => rule.path);

const portsWhere = (test: (port: Part["value"], rule: RuleParts) => boolean) => (policy: Resource) =>
  ruleParts(policy).flatMap((rule) => rule.ports.filter((p) => test(p.value, rule)).map((p) => p.path));

const isName = (port: Part["value"]): boolean => typeof port.port === "string";

const MEASURED = "measured on kube-router 2.1.0 and 2.5.0 enforcing between pods as network namespaces";

export const DEVIATIONS: readonly Deviation[] = [
  {
    id: "match-expressions-ignored",
    cni: "kube-router",
    fixedIn: [1, 0, 0],
    severity: "error",
    effect: "matchExpressions are not read, and a selector of nothing else selects everything (fail-open)",
    hint: "write the selector with matchLabels",
    source: "cloudnativelabs/kube-router issue 614, pull request 881 (v1.0.0)",
    find: (policy) =>
      selectorParts(policy)
        .filter((s) => asList(s.value.matchExpressions).length > 0)
        .map((s) => `${s.path}.matchExpressions`),
  },
  {
    id: "except-ignored",
    cni: "kube-router",
    fixedIn: [0, 2, 1],
    severity: "error",
    effect: "ipBlock.except is not read: the exceptions stay open (fail-open)",
    hint: "write the rest of the block as CIDRs of their own",
    source: "cloudnativelabs/kube-router pull request 543 (v0.2.1)",
    find: (policy) =>
      blocks(policy)
        .filter((b) => asList(b.value.except).length > 0)
        .map((b) => `${b.path}.except`),
  },
  {
    id: "port-name-unsupported",
    cni: "kube-router",
    fixedIn: [0, 3, 0],
    severity: "error",
    effect: "a port name reaches iptables as it is, which refuses it",
    hint: "write the port's number",
    source: "cloudnativelabs/kube-router pull requests 648 (v0.2.5) and 679 (v0.3.0)",
    find: portsWhere(isName),
  },
  {
    id: "end-port-ignored",
    cni: "kube-router",
    fixedIn: [1, 3, 0],
    severity: "error",
    effect: "endPort is not read: only the first port of the range is open",
    hint: "write each port of the range",
    source: "cloudnativelabs/kube-router pull request 1080 (v1.3.0)",
    find: portsWhere((port) => port.endPort !== undefined),
  },
  {
    id: "port-left-out",
    cni: "kube-router",
    fixedIn: [0, 2, 1],
    severity: "error",
    effect: "a port entry without a port is dereferenced as nil",
    hint: "write the port's number, or leave `ports` out",
    source: "kube-router v0.2.0, read from its source",
    find: portsWhere((port) => port.port === undefined),
  },
  {
    id: "both-is-or",
    cni: "kube-router",
    severity: "error",
    effect:
      "between two pods that one policy of both types selects, the rules of either direction suffice (fail-open)",
    hint: "write ingress and egress as two policies",
    source: MEASURED,
    find: (policy) => (isolatesBoth(policy) ? ["spec.policyTypes"] : []),
  },
  {
    id: "egress-name-without-to",
    cni: "kube-router",
    severity: "error",
    effect: "the number behind the name is open towards everything",
    hint: "write the port's number, or say to whom",
    source: MEASURED,
    find: portsWhere((port, rule) => isName(port) && rule.direction === "egress" && rule.peers.length === 0),
  },
  {
    id: "egress-name-to-block",
    cni: "kube-router",
    severity: "warning",
    effect: "egress to an ipBlock by port name stays closed, also to pods inside the block",
    hint: "write the port's number",
    source: MEASURED,
    find: portsWhere(
      (port, rule) =>
        isName(port) && rule.direction === "egress" && rule.peers.some((p) => "ipBlock" in p.value),
    ),
  },
  {
    id: "unresolved-name-opens",
    cni: "kube-router",
    severity: "warning",
    effect:
      "where no pod declares the name (a typo, another protocol), the peers get every port and protocol (fail-open)",
    hint: "write the port's number, alone or beside the name",
    source: MEASURED,
    find: rulesWhere(
      (rule) =>
        rule.ports.length > 0 &&
        rule.ports.every((p) => isName(p.value)) &&
        rule.peers.some((p) => !("ipBlock" in p.value)),
    ),
  },
  {
    id: "block-sets-mix",
    cni: "kube-router",
    severity: "error",
    effect:
      "the ipBlocks of one rule are one set, longest prefix wins: an except cuts the other block too (fail-closed)",
    hint: "write a rule for each ipBlock",
    source: MEASURED,
    find: rulesWhere(exceptCutsOther),
  },
  {
    id: "enforces-nothing",
    cni: "flannel",
    severity: "error",
    effect: "flannel enforces no NetworkPolicy at all",
    hint: "run a plugin that does beside it, and name that one as the cni",
    source: "flannel documentation; its helm chart can add kube-network-policies",
    find: () => ["spec"],
  },
];

function blocks(policy: Resource): Part[] {
  return ruleParts(policy).flatMap(blocksOf);
}

function blocksOf(rule: RuleParts): Part[] {
  return rule.peers
    .filter((peer) => typeof peer.value.ipBlock === "object" && peer.value.ipBlock !== null)
    .map((peer) => ({ path: `${peer.path}.ipBlock`, value: peer.value.ipBlock as Part["value"] }));
}

function isolatesBoth(policy: Resource): boolean {
  const spec = policy.spec as Part["value"] | undefined;
  const types = asList(spec?.policyTypes);
  if (types.length > 0) return types.includes("Ingress") && types.includes("Egress");
  return asList(spec?.egress).length > 0;
}

/** Whether an except of one block of a rule overlaps another block of it. */
function exceptCutsOther(rule: RuleParts): boolean {
  const own = blocksOf(rule).map((b) => ({
    cidr: range(b.value.cidr),
    except: asList(b.value.except).map(range),
  }));
  return own.some((a) => a.except.some((cut) => own.some((b) => b !== a && overlaps(cut, b.cidr))));
}

function range(text: unknown): IpRange | undefined {
  return typeof text === "string" ? parseIpRange(text) : undefined;
}

function overlaps(a: IpRange | undefined, b: IpRange | undefined): boolean {
  return (
    a !== undefined && b !== undefined && a.family === b.family && a.first <= b.last && b.first <= a.last
  );
}
