import { type Mutation, mutation } from "./mutation.ts";

const evaluate = "reach/evaluate.ts";
const sides = "reach/sides.ts";
const matrix = "reach/matrix.ts";
const pods = "reach/pods.ts";
const routes = "reach/routes.ts";
const model = "reach/model.ts";

/** Pods, workloads, nodes, Services, and the matrix, which has its own engine. */
export const endpointMutations: readonly Mutation[] = [
  // Pods, workloads, nodes.
  mutation(evaluate, "a pod always reaches itself", "if (isSamePod(flow)) return", "if (false) return"),
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
    "!subject.policed || near === YES",
    "!subject.policed",
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
    "return portsAdmit(rule, classes.samples[of]!, protocol, port)",
    "return portsAdmit(rule, classes.samples.at(-1)!, protocol, port)",
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
  mutation(sides, "on egress, too, a name is of the receiving pod", "addBits(mask, declaring);", ""),
  mutation(
    sides,
    "ranges of several policies that meet make every port allowed",
    "open = open.filter(({ to }) => to >= port);",
    "open = [];",
  ),
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
    'unit.host ? "h" : ""',
    '""',
  ),
];
