/** What a platform file loads: builders, the words of claims, and the model that the probe's expectations come from. */
export { parseCni } from "./cni/cni.ts";
export type { CheckDiagram, Trim } from "./firewall/diagram-type.ts";
export { firewall } from "./firewall/firewall.ts";
export type { firewallIntent } from "./firewall/intent.ts";
export type { probeIntent } from "./probe/intent.ts";
export { probe } from "./probe/probe.ts";
export { formatReachClaim, type ReachClaim } from "./prove/claim.ts";
export { parseReachClaim } from "./prove/parse-claim.ts";
export { networkModel } from "./reach/model.ts";
export { reach } from "./reach/verdict.ts";
