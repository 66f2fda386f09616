import { type Mutation, mutation } from "./mutation.ts";

const evaluate = "reach/evaluate.ts";
const truth = "reach/truth.ts";

/** Selectors, peers, directions and ports. */
export const peerMutations: readonly Mutation[] = [
  // Selectors.
  mutation(
    truth,
    "requirements must all hold",
    "result = and(result, holds(requirement, facts));",
    "result = or(result, holds(requirement, facts));",
  ),
  mutation(
    truth,
    "labels of a namespace that is not in the set are unknown, whatever the operator",
    "if (!complete && ",
    'if (!complete && requirement.operator === "In" && ',
  ),
  mutation(
    truth,
    "labels that controllers add are unknown on templates, not absent",
    "if (opaque?.includes(requirement.key)) {",
    "if (false) {",
  ),
  mutation(
    "reach/namespaces.ts",
    "kubernetes.io/metadata.name is always known",
    "labels: { ...labels, [nameLabel]: name }",
    "labels: { [nameLabel]: name, ...labels }",
  ),
  mutation(
    "reach/namespaces.ts",
    "of a partial namespace only the labels in the set are known",
    "&& !partial.has(name)",
    "",
  ),
  mutation(
    "reach/namespaces.ts",
    "namespaces of one name are known as far as they agree",
    "known === undefined ? facts : agreement(known, facts)",
    "facts",
  ),
  // Peers and directions.
  mutation(
    evaluate,
    "a peer with podSelector alone means its own namespace",
    "truth(other.namespace === policy.namespace)",
    "YES",
  ),
  mutation(
    evaluate,
    "both selectors in one peer must hold",
    "and(inNamespace, selects(peer.pods, other.labels))",
    "or(inNamespace, selects(peer.pods, other.labels))",
  ),
  mutation(
    evaluate,
    "a peer with namespaceSelector alone means all pods of those namespaces",
    ": selects(peer.namespaces, namespaceFacts(model, other.namespace));",
    ": YES;",
  ),
  mutation(
    evaluate,
    "egress of the sender and ingress of the receiver must both admit",
    "return { yes: commonRanges(egress.yes, ingress.yes), ",
    "return { yes: egress.yes, ",
  ),
  mutation(
    evaluate,
    "pods of two families talk when one family gets through on both sides",
    "const byFamily = commonFamilies(flow).map(",
    "const byFamily = commonFamilies(flow).slice(0, 1).map(",
  ),
  mutation(
    evaluate,
    "policies add up: what one admits is allowed",
    "yes: joinRanges(certain.flatMap((open) => open.yes))",
    "yes: certain.map((open) => open.yes).reduce(commonRanges)",
  ),
  mutation(
    evaluate,
    "without any policy everything is allowed",
    "if (certain.length === 0) {",
    "if (certain.length === 0 && possible.length > 0) {",
  ),
  mutation(
    evaluate,
    "where a policy only may select a pod, its rules count when it does",
    "possible.reduce((sofar, open) => commonRanges(sofar, open.yes), asked)",
    "possible.length > 0 ? [] : asked",
  ),
  mutation(
    evaluate,
    "labels of a namespace that is not in the set are unknown, whatever the operator",
    "else if (matches === MAYBE) maybe.push(...ports);",
    "",
  ),
  mutation(
    evaluate,
    "a policy that cannot be interpreted does not undo what another admits",
    "maybe: invalid > 0 ? asked : maybe",
    "maybe",
  ),
  mutation(
    evaluate,
    "a podSelector selects by labels, in its own namespace only",
    "const answer = selected(policy.podSelector);",
    "const answer: Truth = YES as Truth;",
  ),
  // Ports.
  mutation(
    "reach/rule-ports.ts",
    "a port entry admits its own number only",
    "rule.ports.filter((entry) => entry.protocol === protocol)",
    "rule.ports",
  ),
  mutation(
    "reach/ranges.ts",
    "a range includes both ends",
    "ranges[middle]!.to < port",
    "ranges[middle]!.to <= port",
  ),
  mutation(
    "reach/rule-ports.ts",
    "a name is looked up in its own protocol",
    "p.protocol === protocol && p.name !== undefined",
    "p.name !== undefined",
  ),
  mutation(
    evaluate,
    "on egress, too, a name is of the receiving pod",
    "portsOf(rule, flow.to, flow.protocol, asked)",
    'portsOf(rule, direction === "egress" ? flow.from : flow.to, flow.protocol, asked)',
  ),
  mutation(
    "reach/workloads.ts",
    "several containers may declare one name",
    'c.restartPolicy === "Always"',
    "c",
  ),
  mutation(
    "reach/ranges.ts",
    "without a port every port is asked for",
    "cuts.add(from).add(to + 1)",
    "cuts.add(from).add(to)",
  ),
];
