import { append, at, leaveOut, type Mistake, mistakes, remove, set } from "../mistake.ts";

const PROD = "prod/NetworkPolicy/namespace-ingress";
const DEV = "dev/NetworkPolicy/namespace-ingress";
const REDIS = "kubeapps/NetworkPolicy/redis";
const EGRESS = "kubeapps/NetworkPolicy/kubeapps-egress";
const BLOCK = "spec.egress[2].to[0].ipBlock";
const env = (value: string) => ({ namespaceSelector: { matchLabels: { env: value } } });
const app = (value: string) => ({ podSelector: { matchLabels: { app: value } } });

const invalid = mistakes(
  "NetworkPolicy that the API refuses",
  [
    ["cidr-length", "a CIDR is longer than an address", set(EGRESS, `${BLOCK}.cidr`, "10.20.0.0/33")],
    ["cidr-octet", "a CIDR has a number above 255", set(EGRESS, `${BLOCK}.cidr`, "10.200.256.0/16")],
    ["cidr-missing", "an address stands for a CIDR", set(EGRESS, `${BLOCK}.cidr`, "10.20.0.0")],
    [
      "except-outside",
      "an exception is outside of its block",
      set(EGRESS, `${BLOCK}.except[0]`, "10.21.1.0/24"),
    ],
    [
      "block-and-pods",
      "one peer is a block and pods",
      at(set(EGRESS, "spec.egress[2].to[0].podSelector", {}), "spec.egress[2].to[0]"),
    ],
    ["peer-empty", "a peer is empty", set(DEV, "spec.ingress[0].from[1]", {})],
    [
      "end-port-order",
      "a range of ports ends before it begins",
      set(EGRESS, "spec.egress[2].ports[0].endPort", 29_999),
    ],
    [
      "end-port-name",
      "a range of ports begins with a name",
      at(set(EGRESS, "spec.egress[2].ports[0].port", "nodeports"), "spec.egress[2].ports[0]"),
    ],
    ["policy-port", "a port is 70000", set(EGRESS, "spec.egress[0].ports[0].port", 70_000)],
    [
      "policy-protocol",
      "a protocol is written in small letters",
      set(EGRESS, "spec.egress[1].ports[0].protocol", "udp"),
    ],
    [
      "policy-types",
      "a policy type is written in small letters",
      set(PROD, "spec.policyTypes[0]", "ingress"),
    ],
    [
      "operator-values",
      "In has no values",
      at(
        set(DEV, "spec.podSelector", { matchExpressions: [{ key: "app", operator: "In" }] }),
        "spec.podSelector.matchExpressions[0].values",
      ),
    ],
    [
      "operator-word",
      "an operator is Equals",
      at(
        set(DEV, "spec.podSelector", {
          matchExpressions: [{ key: "app", operator: "Equals", values: ["web"] }],
        }),
        "spec.podSelector.matchExpressions[0].operator",
      ),
    ],
    [
      "selector-value",
      "a selector's value has a blank",
      set(DEV, "spec.ingress[0].from[0].namespaceSelector.matchLabels.env", "dev "),
    ],
  ],
  "network-policy/valid-network-policy",
);

const claims = mistakes("firewall that says something else than it should", [
  [
    "or-for-and",
    "a dash too many: pods or namespaces instead of pods in namespaces",
    at(
      set(REDIS, "spec.ingress[0].from", [env("common"), app("backup"), app("kubeapps")]),
      "spec.ingress[0]",
    ),
  ],
  [
    "and-for-or",
    "a dash too few: pods in namespaces instead of either",
    at(set(REDIS, "spec.ingress[0].from", [{ ...env("common"), ...app("kubeapps") }]), "spec"),
  ],
  [
    "types-egress",
    "policyTypes is Egress, the rules are for ingress",
    at(set(PROD, "spec.policyTypes", ["Egress"]), "spec", ["Namespace/prod", ""]),
  ],
  ["rule-empty", "an empty rule lets everybody in", at(set(PROD, "spec.ingress", [{}]), "spec.ingress[0]")],
  [
    "from-empty",
    "an empty list of peers lets everybody in",
    at(set(PROD, "spec.ingress[0].from", []), "spec.ingress[0]"),
  ],
  [
    "selector-empty",
    "an empty namespaceSelector lets every namespace in",
    at(set(PROD, "spec.ingress[0].from[0].namespaceSelector", {}), "spec.ingress[0]"),
  ],
  [
    "env-label",
    "a Namespace has the label of another environment",
    at(
      set("Namespace/dev", "metadata.labels.env", "prod"),
      [PROD, "spec.ingress[0]"],
      ["Namespace/dev", "metadata.labels.env"],
    ),
  ],
  [
    "some-pods",
    "a firewall is for some pods only",
    at(set(PROD, "spec.podSelector", { matchLabels: { app: "api" } }), "spec", ["Namespace/prod", ""]),
  ],
  [
    "everybody-block",
    "a block of all addresses is let in",
    at(append(PROD, "spec.ingress[0].from", { ipBlock: { cidr: "0.0.0.0/0" } }), "spec.ingress[0]"),
  ],
  ["policy-gone", "a firewall is left out", at(leaveOut(PROD), ["Namespace/prod", ""])],
  ["dns-forgotten", "egress is closed for DNS", at(remove(EGRESS, "spec.egress[1]"), "spec")],
  [
    "dns-tcp-only",
    "egress is open for DNS over TCP only",
    at(remove(EGRESS, "spec.egress[1].ports[0]"), "spec"),
  ],
  [
    "wrong-env",
    "the firewall of prod lets dev in",
    at(set(PROD, "spec.ingress[0].from[1].namespaceSelector.matchLabels.env", "dev"), "spec.ingress[0]"),
  ],
  [
    "not-in",
    "a firewall lets in what is not dev, by a label that not every namespace has",
    at(
      set(PROD, "spec.ingress[0].from", [
        { namespaceSelector: { matchExpressions: [{ key: "env", operator: "NotIn", values: ["dev"] }] } },
      ]),
      "spec.ingress[0]",
    ),
  ],
]);

const plugins = mistakes(
  "policy that the network plugin enforces otherwise",
  [
    [
      "cni-both",
      "a policy is of both types: kube-router makes an or of them",
      at(set(DEV, "spec.policyTypes", ["Ingress", "Egress"]), "spec.policyTypes"),
    ],
    [
      "cni-name-everywhere",
      "egress to a port name without peers",
      at(append(EGRESS, "spec.egress", { ports: [{ port: "redis" }] }), "spec.egress[3].ports[0]"),
    ],
    [
      "cni-name-block",
      "egress to a block by port name",
      at(set(EGRESS, "spec.egress[2].ports", [{ port: "redis" }]), "spec.egress[2].ports[0]"),
    ],
    [
      "cni-blocks",
      "a block stands beside the exception of another",
      at(append(EGRESS, "spec.egress[2].to", { ipBlock: { cidr: "10.20.1.128/25" } }), "spec.egress[2]"),
    ],
  ],
  "network-policy/no-cni-deviation",
);

const PROXY = "kubeapps/Deployment/kubeapps-login";
const GUARD = "kubeapps/NetworkPolicy/kubeapps-behind-login";
const CONTAINER: readonly [string, string] = [PROXY, "spec.template.spec.containers[0]"];

const bypasses = mistakes(
  "way around a login",
  [
    [
      "login-everybody",
      "the policy behind a login lets every namespace in",
      at(append(GUARD, "spec.ingress[0].from", { namespaceSelector: {} }), CONTAINER),
    ],
    [
      "login-neighbours",
      "the policy behind a login lets every pod of its namespace in",
      at(set(GUARD, "spec.ingress[0].from[0].podSelector", {}), CONTAINER),
    ],
    [
      "login-unguarded",
      "a login is put before an app whose pods others reach",
      at(set(PROXY, "spec.template.spec.containers[0].args[1]", "--upstream=http://web.dev:80/"), CONTAINER),
    ],
  ],
  "platform/no-proxy-bypass",
);

export const network: readonly Mistake[] = [...invalid, ...claims, ...plugins, ...bypasses];
