import { ask, type EdgeCase } from "./edge-case.ts";
import { aggregated, allow, bind, bindCluster, clusterRole, labelled, role, urls } from "./make-rbac.ts";
import type { Ask } from "./rbac-authorizer.ts";

const SUBJECTS: readonly EdgeCase[] = [
  {
    title: "* is a name as any other; user and group are apart",
    resources: [
      clusterRole("edge-subjects", allow("get", "edges")),
      bindCluster("edge-subjects", "edge-subjects", "User/*", "Group/edge-group", 'User/edge "quoted"\nline'),
    ],
    asks: [
      [ask("someone", "get edges dev"), false],
      [ask("*", "get edges dev"), true],
      [ask("edge-group", "get edges dev"), false],
      [ask("someone", "get edges dev", ["edge-group"]), true],
      [ask("someone", "get edges dev", ["Edge-group", "x", "*"]), false],
      [ask('edge "quoted"\nline', "get edges dev"), true],
    ],
  },
  {
    title: "a ServiceAccount without a namespace is of the RoleBinding's",
    resources: [
      role("dev", "edge-account", allow("get", "accounts")),
      bind("dev", "edge-account", "Role/edge-account", "ServiceAccount/edge", "ServiceAccount/other@prod"),
    ],
    asks: [
      [ask("system:serviceaccount:dev:edge", "get accounts dev"), true],
      [ask("system:serviceaccount:prod:edge", "get accounts dev"), false],
      [ask("system:serviceaccount:prod:other", "get accounts dev"), true],
      [ask("system:serviceaccount:dev:other", "get accounts dev"), false],
      [ask("system:serviceaccount:dev:edge", "get accounts prod"), false],
      [ask("edge", "get accounts dev"), false],
    ],
  },
  {
    title: "RBAC derives no groups from a user",
    resources: [
      clusterRole("edge-derived", allow("get", "derived")),
      bindCluster("edge-derived", "edge-derived", "Group/system:serviceaccounts:dev"),
    ],
    asks: [
      [ask("system:serviceaccount:dev:edge", "get derived dev"), false],
      [ask("system:serviceaccount:dev:edge", "get derived dev", ["system:serviceaccounts:dev"]), true],
      [ask("anybody", "get derived prod", ["system:serviceaccounts:dev"]), true],
    ],
  },
  {
    title: "system:masters is allowed before RBAC is asked; no other name is",
    resources: [],
    asks: [
      [ask("anybody", "get secrets kube-system", ["system:masters"]), true],
      [ask("anybody", "frobnicate /x", ["x", "system:masters"]), true],
      [ask("system:masters", "get secrets kube-system"), false],
      [ask("anybody", "get secrets kube-system", ["System:masters"]), false],
    ],
  },
];

const BINDINGS: readonly EdgeCase[] = [
  {
    title: "a binding whose role is missing is an error that does not stop others",
    resources: [
      bind("dev", "edge-missing-1", "Role/edge-no-role", "User/edge-missing"),
      bind("dev", "edge-missing-2", 'ClusterRole/edge "no" role', "User/edge-missing"),
      bind("dev", "edge-missing-3", "Role/edge-no-role", "User/edge-missing"),
      bindCluster("edge-missing", "edge-no-cluster-role", "User/edge-missing"),
      bind("dev", "edge-present", "Role/edge-present", "User/edge-missing"),
      role("dev", "edge-present", allow("get", "pods")),
      role("prod", "edge-no-role", allow("*", "*", "*")),
    ],
    asks: [
      [ask("edge-missing", "get pods dev"), true],
      [ask("edge-missing", "list pods dev"), false],
      [ask("edge-missing", "get pods prod"), false],
      [ask("edge-missing", "get pods -"), false],
    ],
  },
  {
    title: "a request for a namespace itself carries its name as namespace",
    resources: [
      role("dev", "edge-namespace", allow("get", "namespaces")),
      bind("dev", "edge-namespace", "Role/edge-namespace", "User/edge-namespace"),
    ],
    asks: [
      [ask("edge-namespace", "get namespaces dev dev"), true],
      [ask("edge-namespace", "get namespaces - dev"), false],
      [ask("edge-namespace", "get namespaces prod prod"), false],
      [ask("edge-namespace", "list namespaces -"), false],
    ],
  },
  {
    title: "ClusterRoleBindings come before RoleBindings",
    resources: [
      clusterRole("edge-order", allow("get", "orders")),
      bind("dev", "a-edge-order", "ClusterRole/edge-order", "User/edge-order"),
      bindCluster("z-edge-order", "edge-order", "User/edge-order"),
    ],
    asks: [
      [ask("edge-order", "get orders dev"), true],
      [ask("edge-order", "get orders prod"), true],
      [ask("edge-order", "list orders dev"), false],
    ],
  },
];

const AGGREGATED = "edge.example.test/into";

const AGGREGATION: readonly EdgeCase[] = [
  {
    title: "aggregation: chains, cycles, several selectors, expressions, hand-written rules overwritten",
    resources: [
      labelled({ [AGGREGATED]: "one" }, clusterRole("edge-part-1", allow("get", "parts"))),
      labelled(
        { [AGGREGATED]: "two" },
        clusterRole("edge-part-2", allow("list", "parts"), urls("get", "/edge-part")),
      ),
      aggregated("edge-whole-1", [{ matchLabels: { [AGGREGATED]: "one" } }], allow("delete", "parts")),
      labelled(
        { [AGGREGATED]: "one" },
        aggregated("edge-whole-2", [
          { matchLabels: { [AGGREGATED]: "two" } },
          { matchExpressions: [{ key: AGGREGATED, operator: "In", values: ["three", "one"] }] },
        ]),
      ),
      labelled(
        { [AGGREGATED]: "three" },
        aggregated("edge-whole-3", [{ matchLabels: { [AGGREGATED]: "four" } }]),
      ),
      labelled(
        { [AGGREGATED]: "four" },
        aggregated("edge-whole-4", [{ matchLabels: { [AGGREGATED]: "three" } }]),
      ),
      labelled({ [AGGREGATED]: "four" }, clusterRole("edge-part-4", allow("watch", "parts"))),
      ...[1, 2, 3, 4].map((n) => bindCluster(`edge-whole-${n}`, `edge-whole-${n}`, `User/edge-whole-${n}`)),
    ],
    asks: [
      [ask("edge-whole-1", "get parts dev"), true],
      [ask("edge-whole-1", "list parts dev"), true],
      [ask("edge-whole-1", "watch parts dev"), true],
      [ask("edge-whole-1", "delete parts dev"), false],
      [ask("edge-whole-1", "get /edge-part"), true],
      [ask("edge-whole-2", "get parts dev"), true],
      [ask("edge-whole-2", "watch parts dev"), true],
      [ask("edge-whole-3", "watch parts dev"), true],
      [ask("edge-whole-3", "get parts dev"), false],
      [ask("edge-whole-4", "watch parts dev"), true],
      [ask("edge-whole-4", "get parts dev"), false],
    ],
  },
  {
    title: "a label of an own ClusterRole widens view, and with it edit and admin",
    resources: [
      labelled(
        { "rbac.authorization.k8s.io/aggregate-to-view": "true" },
        clusterRole("edge-view", allow("get", "widgets", "edge.example.test")),
      ),
      ...["view", "edit", "admin"].map((name) =>
        bind("dev", `edge-${name}`, `ClusterRole/${name}`, `User/edge-${name}`),
      ),
    ],
    asks: ["view", "edit", "admin"].flatMap((name): [Ask, boolean][] => [
      [ask(`edge-${name}`, "get widgets.edge.example.test dev"), true],
      [ask(`edge-${name}`, "get widgets.edge.example.test prod"), false],
      [ask(`edge-${name}`, "delete widgets.edge.example.test dev"), false],
      [ask(`edge-${name}`, "get secrets dev"), name !== "view"],
      [ask(`edge-${name}`, "create pods dev"), name !== "view"],
      [ask(`edge-${name}`, "create rolebindings.rbac.authorization.k8s.io dev"), name === "admin"],
      [ask(`edge-${name}`, "impersonate serviceaccounts dev"), name !== "view"],
      [ask(`edge-${name}`, "create serviceaccounts/token dev builder"), name !== "view"],
    ]),
  },
];

/** Whom bindings reach, and what aggregated roles hold, one point at a time. */
export const EDGES_OF_BINDINGS: readonly EdgeCase[] = [...SUBJECTS, ...BINDINGS, ...AGGREGATION];
