import { type Mutation, mutation } from "./mutation.ts";

const normalize = "policy/normalize.ts";
const ip = "policy/ip.ts";
const evaluate = "reach/evaluate.ts";

/** What a policy says, and addresses. */
export const policyMutations: readonly Mutation[] = [
  // What a policy says.
  mutation(
    normalize,
    "policyTypes left out: Ingress alone when there is no egress rule",
    '? ["ingress", "egress"] : ["ingress"]',
    '? ["ingress", "egress"] : ["ingress", "egress"]',
  ),
  mutation(
    normalize,
    "policyTypes left out: egress rules isolate egress, and ingress all the same",
    '? ["ingress", "egress"] : ["ingress"]',
    '? ["egress"] : ["ingress"]',
  ),
  mutation(
    normalize,
    "policyTypes left out: an empty egress list does not isolate egress",
    "spec.egress.length > 0 ?",
    "spec.egress.length >= 0 ?",
  ),
  mutation(
    normalize,
    "an empty policyTypes list is one left out",
    "if (types.length === 0)",
    "if (!isGiven(spec.policyTypes))",
  ),
  mutation(
    normalize,
    "policyTypes decide, whatever rules there are",
    'policyTypes.includes("ingress") && { ingress }',
    "{ ingress }",
  ),
  mutation(
    normalize,
    "empty lists of peers and ports are lists left out",
    "...(peers.length > 0 && { peers })",
    "...(isGiven(rule[peersField]) && { peers })",
  ),
  mutation(
    normalize,
    "JSON null is a field left out",
    "return value !== undefined && value !== null;",
    "return value !== undefined;",
  ),
  mutation(
    normalize,
    "a port is of TCP unless it says otherwise",
    'entry.protocol ?? "TCP"',
    'entry.protocol ?? "UDP"',
  ),
  mutation(
    normalize,
    "an entry without port means every port of its protocol",
    "from: 1, to: 65535",
    "from: 1, to: 65534",
  ),
  mutation(
    normalize,
    "a range includes both ends",
    "isGiven(endPort) ? readPortNumber",
    "!isGiven(endPort) ? readPortNumber",
  ),
  mutation(
    normalize,
    "an empty namespaceSelector means every namespace, and no outside address",
    'if (!isGiven(peer.namespaceSelector)) return { kind: "pods", path, pods };',
    'if (!isGiven(peer.namespaceSelector) || Object.keys(peer.namespaceSelector as object).length === 0) return { kind: "pods", path, pods };',
  ),
  mutation(
    normalize,
    "a policy that cannot be interpreted leaves what it may select unknown",
    "...(selectorIsRead && { podSelector })",
    "...(false && { podSelector })",
  ),
  mutation(
    normalize,
    "objects without namespace are in the default one",
    "ref.namespace || (options.defaultNamespace",
    "ref.namespace || (undefined",
  ),
  // Addresses.
  mutation(ip, "an IPv4-mapped address or block is IPv4", "if (prefix < 96 ||", "if (prefix <= 128 ||"),
  mutation(
    ip,
    "stored blocks with host bits and leading zeros are read as Go read them",
    "parsed & ~hostMask",
    "parsed",
  ),
  mutation(
    ip,
    "a block holds its first and last address",
    "last: first + (1n << BigInt(32 - prefix)) - 1n",
    "last: first + (1n << BigInt(32 - prefix)) - 2n",
  ),
  mutation(
    evaluate,
    "an except is taken out of its own block only",
    "const cuts = except\n",
    "const cuts = except.slice(0, 0)\n",
  ),
  mutation(
    evaluate,
    "a pod without address is unknown to a block that holds only a part",
    "return first === range.first && last === range.last ? YES : MAYBE;",
    "return YES;",
  ),
  mutation(
    evaluate,
    "podCidrs tell where unknown addresses lie",
    "within.length > 0 ? within : [wholeFamily(family)]",
    "[wholeFamily(family)]",
  ),
  mutation(
    evaluate,
    "the whole of one family is none of the other",
    "if (cidr.family !== range.family || ",
    "if (",
  ),
  mutation(
    evaluate,
    "blocks match pods, too",
    'if (peer.kind === "block") return blockMatches(peer, other, family);',
    'if (peer.kind === "block") return other.policed ? NO : blockMatches(peer, other, family);',
  ),
  mutation(
    evaluate,
    "a flow has one family: pods that share none do not talk",
    "from.families.filter((f) => to.families.includes(f)",
    "from.families.filter((f) => f",
  ),
  mutation(
    evaluate,
    "a Service of one family translates within it",
    "&& families?.includes(f) !== false",
    "",
  ),
];
