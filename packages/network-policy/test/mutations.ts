/** One edit of the model's source that breaks one semantic rule. */
export interface Mutation {
  /** Below `src/`. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** The rule whose check must notice. */
  readonly breaks: string;
}

const normalize = "policy/normalize.ts";
const ip = "policy/ip.ts";
const evaluate = "reach/evaluate.ts";
const truth = "reach/truth.ts";
const sides = "reach/sides.ts";
const matrix = "reach/matrix.ts";
const pods = "reach/pods.ts";
const routes = "reach/routes.ts";
const model = "reach/model.ts";
const mutation = (file: string, breaks: string, find: string, replace: string): Mutation => ({
  file,
  find,
  replace,
  breaks,
});

export const mutations: readonly Mutation[] = [
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
  // Pods, workloads, nodes.
  mutation(evaluate, "a pod always reaches itself", "if (isSamePod(flow)) return YES;", ""),
  mutation(
    evaluate,
    "replicas of a workload are different pods",
    ' && from.kind !== "workload" && replicas !== true',
    "",
  ),
  mutation(
    pods,
    "hostNetwork pods are beyond policies, and only blocks match them",
    "policed: !host,",
    "policed: true,",
  ),
  mutation(
    evaluate,
    "a node always reaches the pods on it",
    "or(decided, sameNode(other, subject))",
    "decided",
  ),
  mutation(
    evaluate,
    "whether a pod is on a node is unknown for templates",
    "pod.node === undefined ? MAYBE",
    "pod.node === undefined ? NO",
  ),
  mutation(pods, "finished pods are no endpoints", '"Succeeded" || phase === "Failed"', '"Succeeded"'),
  mutation(
    pods,
    "pods that a workload owns stand for it",
    "members.has(key) || isFinishedJob",
    "isFinishedJob",
  ),
  mutation("reach/workloads.ts", "the template of every workload kind is a pod", '"CronJob",', '"Cronjob",'),
  mutation(
    "reach/workloads.ts",
    "pods that the API server would refuse are unknown, to themselves too",
    "labels === undefined)",
    "false)",
  ),
  mutation(
    "reach/resources.ts",
    "Lists are opened, and items of typed lists take their kind from it",
    'kind === "" && next.list !== undefined',
    "false && next.list !== undefined",
  ),
  mutation(
    model,
    "only NetworkPolicies of Kubernetes count",
    '(group === "networking.k8s.io" || group === "extensions")',
    "group !== undefined",
  ),
  mutation(
    model,
    "policies of one name that differ are unknown, equal ones are one",
    "new Set(same.map(meaningOf)).size === 1",
    "same.length > 1",
  ),
  mutation(
    "reach/endpoints.ts",
    "an address of a pod is that pod, unless it is asked for as outside",
    "const pod = outside ? undefined : pods.get(key);",
    "const pod = pods.get(key);",
  ),
  // Services.
  mutation(
    routes,
    "a Service's port is translated to the pod's",
    "asked: { from: number, to: number },\n    servicePort",
    "asked: { from: port.port, to: port.port },\n    servicePort",
  ),
  mutation(
    routes,
    "a headless Service does not translate",
    'if (service.headless && typeof port !== "string") {',
    "if (false) {",
  ),
  mutation(
    routes,
    "a name that pods and a Service share means the Service where the pods do not declare the port",
    "return declared ? undefined : service;",
    "return undefined;",
  ),
  mutation(routes, "an ExternalName is unknown", "if (service.externalName !== undefined)", "if (false)"),
  mutation(
    routes,
    "a selector of a Service speaks of its own namespace",
    "u.namespace === service.namespace && ",
    "",
  ),
  mutation(
    "reach/services.ts",
    "a Service's port without target is the pod's",
    "given : fields.port",
    "given : 1",
  ),
  mutation(
    "reach/verdict.ts",
    "all pods behind a Service must be reached",
    "if (truths.every((t) => t === YES))",
    "if (truths.some((t) => t === YES))",
  ),
  // The matrix, which has its own engine.
  mutation(
    sides,
    "egress of the sender and ingress of the receiver must both admit",
    'return { egress: side("egress"), ingress: side("ingress") };',
    'return { egress: side("egress"), ingress: side("egress") };',
  ),
  mutation(
    sides,
    "a name means what the receiving pod declares",
    "peers.numbersIn(entry.name, of).includes(port)",
    "peers.numbersOf(entry.name).includes(port)",
  ),
  mutation(
    sides,
    "a policy that cannot be interpreted leaves what it may select unknown",
    "const yes = invalid.length > 0 ? noBits(size) : allBits(size);",
    "const yes = allBits(size);",
  ),
  mutation(
    sides,
    "whether a pod is on a node is unknown for templates",
    "subject.unplaced ? masks.hosts : masks.unplacedHosts",
    "masks.unplacedHosts",
  ),
  mutation(sides, "without a port every port is asked for", "cuts.add(from).add(to + 1)", "cuts.add(from)"),
  mutation(
    "reach/peer-rows.ts",
    "a peer with podSelector alone means its own namespace",
    "inNamespace.get(policy.namespace) ?? []",
    "pods",
  ),
  mutation(matrix, "a pod always reaches itself", "if (from === to && single[from] === 1) return YES;", ""),
  mutation(
    matrix,
    "a node always reaches the pods on it",
    "nodeOf[from]! >= 0 && nodeOf[from] === nodeOf[to]",
    "false",
  ),
  mutation(
    "reach/classes.ts",
    "hostNetwork pods are beyond policies, and only blocks match them",
    '${unit.policed ? "p" : ""}${unit.host ? "h" : ""}',
    "",
  ),
];
