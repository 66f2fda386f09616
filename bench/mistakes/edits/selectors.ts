import { at, copy, type Mistake, mistakes, set } from "../mistake.ts";

const API = "prod/Deployment/api";
const POD = "spec.template.spec";
const CONTAINER = `${POD}.containers[0]`;

const selectors = mistakes("selector that does not fit", [
  [
    "selector-template",
    "a Deployment selects other labels than those of its pods",
    at(
      set("dev/Deployment/web", "spec.selector.matchLabels.app", "website"),
      "spec.selector",
      "spec.template.metadata.labels",
    ),
  ],
  [
    "selector-label",
    "a pod template loses the label that its DaemonSet selects",
    at(
      set("kube-system/DaemonSet/fluent-bit", "spec.template.metadata.labels", { application: "fluent-bit" }),
      "spec.template.metadata.labels",
      "spec.selector",
    ),
  ],
  [
    "selector-service",
    "a Service selects a label that no pod has",
    at(set("prod/Service/api", "spec.selector.app", "apis"), "spec.selector"),
  ],
  [
    "selector-budget",
    "a budget selects a label that no pod has",
    at(set("prod/PodDisruptionBudget/api", "spec.selector.matchLabels.app", "apis"), "spec.selector"),
  ],
  [
    "selector-policy",
    "a policy selects a label that no pod has: it protects nothing",
    at(set("kubeapps/NetworkPolicy/redis", "spec.podSelector.matchLabels.app", "reddis"), "spec.podSelector"),
  ],
  [
    "selector-namespace",
    "a policy lets in namespaces by a label that none has",
    at(
      set(
        "kubeapps/NetworkPolicy/redis",
        "spec.ingress[0].from[0].namespaceSelector.matchLabels.env",
        "comon",
      ),
      "spec.ingress[0].from[0]",
    ),
  ],
  [
    "selector-peer",
    "a policy lets in pods by a label that none has",
    at(
      set("kubeapps/NetworkPolicy/redis", "spec.ingress[0].from[1].podSelector.matchLabels.app", "kubeaps"),
      "spec.ingress[0].from[1]",
      "spec.ingress[0]",
    ),
  ],
]);

const ports = mistakes("port that no container has", [
  [
    "target-name",
    "a Service's target port is a name that no container has",
    set("prod/Service/api", "spec.ports[0].targetPort", "htpp"),
  ],
  [
    "target-number",
    "a Service's target port is a number that no container has",
    set("dev/Service/web", "spec.ports[0].targetPort", 8081),
  ],
  [
    "probe-name",
    "a probe asks a port name that its container does not have",
    set(API, `${CONTAINER}.readinessProbe.httpGet.port`, "htpp"),
  ],
  [
    "probe-tcp",
    "a TCP probe asks a port name that its container does not have",
    set("prod/StatefulSet/db", `${CONTAINER}.readinessProbe.tcpSocket.port`, "postgress"),
  ],
  [
    "target-renamed",
    "a container's port is renamed, its Service is not",
    at(set("kubeapps/Deployment/kubeapps", `${CONTAINER}.ports[0].name`, "web"), [
      "kubeapps/Service/kubeapps",
      "spec.ports[0].targetPort",
    ]),
  ],
  [
    "target-protocol",
    "a container's named port has another protocol than its Service",
    at(set("kube-system/Deployment/coredns", `${CONTAINER}.ports[0].protocol`, "TCP"), [
      "kube-system/Service/kube-dns",
      "spec.ports[0]",
    ]),
  ],
  [
    "policy-port-name",
    "a policy opens a port name that no pod has",
    at(set("kubeapps/NetworkPolicy/redis", "spec.ingress[0].ports[0].port", "reddis"), "spec.ingress[0]"),
  ],
]);

const duplicates = mistakes("object that is there twice", [
  ["twice", "an object is in the set twice", copy("prod/ConfigMap/api", () => undefined)],
  [
    "twice-other",
    "an object is in the set twice, with other content",
    copy("dev/Service/web", (object) => {
      object.spec = { selector: { app: "web" }, ports: [{ port: 8080 }] };
    }),
  ],
  [
    "twice-route",
    "two Ingresses take one host and path",
    at(
      copy("prod/Ingress/api", (object) => {
        (object.metadata as Record<string, unknown>).name = "api-2";
      }),
      ["prod/Ingress/api-2", "spec.rules[0]"],
      ["prod/Ingress/api", "spec.rules[0]"],
    ),
  ],
]);

const edge = mistakes("TLS host that is in no rule", [
  [
    "tls-host",
    "the certificate is for a host that no rule has",
    set("prod/Ingress/api", "spec.tls[0].hosts[0]", "www.example.com"),
  ],
]);

export const selectorsAndPorts: readonly Mistake[] = [...selectors, ...ports, ...duplicates, ...edge];
