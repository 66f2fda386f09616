import { isPortName, type LabelSelector, suggest } from "@ashlar/core";
import { ipBlockProblems } from "./ip-block.ts";
import { labelSelectorProblems } from "./label-selector.ts";
import { type Problem, quoted } from "./problem.ts";

/** `spec` of a NetworkPolicy after decoding: right types, no nulls, nothing else promised. */
export interface PolicySpec {
  readonly podSelector?: LabelSelector;
  readonly ingress?: readonly PolicyRule[];
  readonly egress?: readonly PolicyRule[];
  readonly policyTypes?: readonly string[];
}

interface PolicyRule {
  readonly ports?: readonly PolicyPort[];
  readonly from?: readonly PolicyPeer[];
  readonly to?: readonly PolicyPeer[];
}

interface PolicyPort {
  readonly protocol?: string;
  readonly port?: number | string;
  readonly endPort?: number;
}

interface PolicyPeer {
  readonly podSelector?: LabelSelector;
  readonly namespaceSelector?: LabelSelector;
  readonly ipBlock?: { readonly cidr?: string; readonly except?: readonly string[] };
}

const PROTOCOLS = ["TCP", "UDP", "SCTP"];
const POLICY_TYPES = ["Ingress", "Egress"];

/** What the API server refuses in the spec (networking ValidateNetworkPolicySpec of Kubernetes 1.36). */
export function policySpecProblems(spec: PolicySpec): Problem[] {
  return [
    ...labelSelectorProblems(spec.podSelector ?? {}, "spec.podSelector"),
    ...rulesProblems(spec.ingress ?? [], "spec.ingress", "from"),
    ...rulesProblems(spec.egress ?? [], "spec.egress", "to"),
    ...policyTypesProblems(spec.policyTypes ?? []),
  ];
}

function rulesProblems(rules: readonly PolicyRule[], path: string, peers: "from" | "to"): Problem[] {
  return rules.flatMap((rule, i) => [
    ...(rule.ports ?? []).flatMap((port, j) => portProblems(port, `${path}[${i}].ports[${j}]`)),
    ...(rule[peers] ?? []).flatMap((peer, j) => peerProblems(peer, `${path}[${i}].${peers}[${j}]`)),
  ]);
}

/** A port entry: a protocol, and a port by number, by name or as a range from `port` to `endPort`. */
function portProblems({ protocol, port, endPort }: PolicyPort, path: string): Problem[] {
  const problems: Problem[] = [];
  if (protocol !== undefined && !PROTOCOLS.includes(protocol))
    problems.push({
      path: `${path}.protocol`,
      message: `${quoted(protocol)} is not a protocol: expected ${PROTOCOLS.join(", ")}`,
      hint: PROTOCOLS.includes(protocol.toUpperCase())
        ? `write ${protocol.toUpperCase()} in capitals`
        : suggest(protocol, PROTOCOLS),
    });
  if (typeof port === "number" && !isPortNumber(port))
    problems.push({
      path: `${path}.port`,
      message: `port must be 1 to 65535, not ${port}`,
      hint: "write a port of the pod (not a node port); leave port out for every port of the protocol",
    });
  if (typeof port === "string" && !isPortName(port))
    problems.push({
      path: `${path}.port`,
      message: `${quoted(port)} is not a port name: expected at most 15 of a-z, 0-9 and '-', with a letter, no "--", no '-' at an end`,
      hint: /^[0-9]{1,5}$/.test(port)
        ? `write ${port} without quotes: a string is the name of a port`
        : "write the name that the container gives to its port, or the number",
    });
  if (endPort !== undefined) problems.push(...endPortProblems(endPort, port, `${path}.endPort`));
  return problems;
}

function endPortProblems(endPort: number, port: number | string | undefined, path: string): Problem[] {
  if (typeof port !== "number")
    return [
      {
        path,
        message: `endPort ${endPort} needs a port by number to start from, and ${port === undefined ? "there is no port" : `port is the name ${quoted(port)}`}`,
        hint: "write the first port of the range as a number in port, or remove endPort",
      },
    ];
  const problems: Problem[] = [];
  if (endPort < port)
    problems.push({
      path,
      message: `endPort must be at least port (${port}), not ${endPort}`,
      hint: isPortNumber(endPort) ? "swap the two numbers" : "write the last port of the range",
    });
  if (!isPortNumber(endPort))
    problems.push({
      path,
      message: `endPort must be 1 to 65535, not ${endPort}`,
      hint: "write the last port of the range",
    });
  return problems;
}

function isPortNumber(port: number): boolean {
  return port >= 1 && port <= 65535;
}

/** A peer: pods by one or both selectors, or addresses; exactly one of the two. */
function peerProblems({ podSelector, namespaceSelector, ipBlock }: PolicyPeer, path: string): Problem[] {
  const problems: Problem[] = [];
  if (podSelector) problems.push(...labelSelectorProblems(podSelector, `${path}.podSelector`));
  if (namespaceSelector)
    problems.push(...labelSelectorProblems(namespaceSelector, `${path}.namespaceSelector`));
  if (ipBlock) problems.push(...ipBlockProblems(ipBlock, `${path}.ipBlock`));
  if (!podSelector && !namespaceSelector && !ipBlock)
    problems.push({
      path,
      message: "the peer is empty: expected podSelector, namespaceSelector or ipBlock",
      hint: "write podSelector: {} for all pods of this namespace, namespaceSelector: {} for all pods of the cluster, or remove the whole list for everyone",
    });
  if (ipBlock && (podSelector || namespaceSelector))
    problems.push({
      path,
      message: `ipBlock cannot stand beside ${podSelector ? "podSelector" : "namespaceSelector"} in one peer`,
      hint: 'put ipBlock into a peer of its own, with its own "- ": the two are then alternatives',
    });
  return problems;
}

function policyTypesProblems(types: readonly string[]): Problem[] {
  if (types.length > POLICY_TYPES.length)
    return [
      {
        path: "spec.policyTypes",
        message: `policyTypes can hold at most Ingress and Egress, not ${types.length} entries`,
        hint: "write each of Ingress and Egress once at most",
      },
    ];
  return types.flatMap((type, i) =>
    POLICY_TYPES.includes(type)
      ? []
      : [
          {
            path: `spec.policyTypes[${i}]`,
            message: `${quoted(type)} is not a policy type: expected ${POLICY_TYPES.join(" or ")}`,
            hint: suggest(type, POLICY_TYPES),
          },
        ],
  );
}
