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
    "result = or(result, and(egress, directionAllows",
    "result = or(result, or(egress, directionAllows",
  ),
  mutation(
    evaluate,
    "pods of two families talk when one family gets through on both sides",
    "for (const family of commonFamilies(flow)) {",
    "for (const family of commonFamilies(flow).slice(0, 1)) {",
  ),
  mutation(
    evaluate,
    "policies add up: what one admits is allowed",
    "isolated ? certain.includes(YES)",
    "isolated ? certain.every((t) => t === YES)",
  ),
  mutation(
    evaluate,
    "without any policy everything is allowed",
    "const isolated = certain.length > 0;",
    "const isolated = true;",
  ),
  mutation(
    evaluate,
    "where a policy only may select a pod, its rules count when it does",
    "possible.every((answer) => answer === YES)",
    "possible.length === 0",
  ),
  mutation(
    evaluate,
    "labels of a namespace that is not in the set are unknown, whatever the operator",
    "return !isolated || certain.includes(MAYBE) ||",
    "return !isolated ||",
  ),
  mutation(
    evaluate,
    "a policy that cannot be interpreted does not undo what another admits",
    "...selecting.invalid.map(() => MAYBE as Truth),",
    "",
  ),
  mutation(
    evaluate,
    "a podSelector selects by labels, in its own namespace only",
    "const answer = selected(policy.podSelector);",
    "const answer: Truth = YES as Truth;",
  ),
  // Ports.
  mutation(
    evaluate,
    "a port entry admits its own number only",
    "if (entry.protocol !== protocol) return false;",
    "",
  ),
  mutation(
    evaluate,
    "a range includes both ends",
    "entry.from <= port && port <= entry.to",
    "entry.from <= port && port < entry.to",
  ),
  mutation(
    "reach/unit.ts",
    "a name is looked up in its own protocol",
    "p.name === name && p.protocol === protocol",
    "p.name === name",
  ),
  mutation(
    evaluate,
    "on egress, too, a name is of the receiving pod",
    "return ports === undefined || ports.some((entry) => portMatches(entry, to, protocol, port));",
    "return ports === undefined || ports.some((entry) => portMatches(entry, arguments[1].from, protocol, port));",
  ),
  mutation(
    "reach/workloads.ts",
    "several containers may declare one name",
    'c.restartPolicy === "Always"',
    "c",
  ),
  mutation(evaluate, "without a port every port is asked for", "cut(to + 1);", "cut(to);"),
];
