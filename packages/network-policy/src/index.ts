export { type Cni, type CniName, parseCni } from "./cni/cni.ts";
export { type Arrow, type ParsedDiagram, parseDiagram } from "./firewall/diagram.ts";
export type { CheckDiagram, DiagramWords, Trim } from "./firewall/diagram-type.ts";
export { firewall } from "./firewall/firewall.ts";
export { type FirewallIntent, firewallIntent } from "./firewall/intent.ts";
export type { Direction, NormalPolicy, Protocol } from "./policy/normal.ts";
export { normalizePolicy } from "./policy/normalize.ts";
export { formatPort, type PortRange, parsePorts } from "./policy/ports.ts";
export { PROBE_IMAGE, type ProbeIntent, probeIntent } from "./probe/intent.ts";
export { probe } from "./probe/probe.ts";
export { type Symptom, symptomOf } from "./probe/script.ts";
export { formatReachClaim, type Party, type ReachClaim } from "./prove/claim.ts";
export {
  type NamespaceMatrix,
  type NamespaceMatrixOptions,
  type NamespaceReach,
  namespaceMatrix,
} from "./prove/namespace-matrix.ts";
export { type Other, type OthersQuestion, othersReaching } from "./prove/others.ts";
export { parseReachClaim } from "./prove/parse-claim.ts";
export type { ReachProof } from "./prove/prove-claims.ts";
export { type ProveReachOptions, proveReach } from "./prove/prove-reach.ts";
export type { ReachWitness, WitnessEnd } from "./prove/witness.ts";
export { type ReachDiffOptions, reachDiff } from "./reach/diff.ts";
export type { ChangeKind, ChangeSide, ReachChange } from "./reach/diff-groups.ts";
export { type Endpoint, endpointProblem } from "./reach/endpoints.ts";
export type { Admission, Evidence, Miss, PolicyMention } from "./reach/evidence.ts";
export { explainReach, formatReachChange } from "./reach/explain.ts";
export {
  type MatrixCell,
  matrixCell,
  matrixReaches,
  type ReachMatrix,
  type ReachMatrixOptions,
  reachMatrix,
} from "./reach/matrix.ts";
export { type NetworkModel, type NetworkModelOptions, networkModel } from "./reach/model.ts";
export { type Outcome, type ReachQuery, reach, type Verdict } from "./reach/verdict.ts";
export { networkPolicyRules } from "./rules/index.ts";
export { validateNetworkPolicy } from "./validate/validate-network-policy.ts";
