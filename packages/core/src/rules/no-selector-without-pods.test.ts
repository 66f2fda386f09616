import { expect, test } from "vitest";
import { noSelectorWithoutPods } from "./no-selector-without-pods.ts";
import { deployment, found, foundInWhole, object, service } from "./references/sets.test-support.ts";

const budget = (selector: object) => object("policy/v1", "PodDisruptionBudget", "b", { spec: { selector } });
const policy = (podSelector: object) =>
  object("networking.k8s.io/v1", "NetworkPolicy", "p", { spec: { podSelector } });
const web = deployment("web");

test("selectors that select pods of their own namespace", () => {
  const all = [
    service("s", { app: "web" }),
    budget({ matchLabels: { app: "web" } }),
    budget({ matchExpressions: [{ key: "app", operator: "In", values: ["web", "x"] }] }),
    budget({ matchExpressions: [{ key: "canary", operator: "DoesNotExist" }] }),
    policy({ matchLabels: { app: "web" } }),
  ];
  expect(foundInWhole(noSelectorWithoutPods, web, ...all)).toEqual([]);
  expect(foundInWhole(noSelectorWithoutPods, deployment("dev/web"), ...all)).toEqual([
    "error spec.selector",
    "error spec.selector",
    "error spec.selector",
    "error spec.selector",
    "warning spec.podSelector",
  ]);
});

test("empty selectors, Services without one and ExternalName are not meant to select here", () => {
  const external = object("v1", "Service", "s", { spec: { type: "ExternalName", selector: { app: "x" } } });
  const none = object("v1", "Service", "s", { spec: {} });
  expect(foundInWhole(noSelectorWithoutPods, external, none, policy({}), budget({}))).toEqual([]);
});

test("labels that controllers add are taken as right", () => {
  const db = object("apps/v1", "StatefulSet", "db", {
    spec: { template: { metadata: { labels: { app: "db" } }, spec: {} } },
  });
  const one = service("s", { app: "db", "statefulset.kubernetes.io/pod-name": "db-0" });
  expect(foundInWhole(noSelectorWithoutPods, db, one)).toEqual([]);
});

test("a partial set warns where it holds pods", () => {
  const wrong = service("s", { app: "wbe" });
  expect(found(noSelectorWithoutPods, [wrong])).toEqual([]);
  expect(found(noSelectorWithoutPods, [wrong, deployment("dev/web")])).toEqual([]);
  expect(found(noSelectorWithoutPods, [wrong, web])).toEqual(["warning spec.selector"]);
});

test("where custom resources may make pods, nothing is certain", () => {
  const wrong = service("s", { app: "rabbit" });
  const cluster = object("rabbitmq.com/v1beta1", "RabbitmqCluster", "rabbit");
  expect(foundInWhole(noSelectorWithoutPods, wrong, web, cluster)).toEqual(["warning spec.selector"]);
  expect(found(noSelectorWithoutPods, [wrong, web, cluster])).toEqual([]);
});

test("the near miss is named: which pods, which label", () => {
  const many = Array.from({ length: 300 }, (_, i) => deployment(`other-${i}`));
  const check = (selector: object) =>
    noSelectorWithoutPods.check({ resources: [...many, web, service("s", { ...selector })], whole: true })[0];
  expect(check({ app: "wbe" })).toMatchObject({
    hint: "the pods of Deployment prod/web are nearest: they have app=web, the selector wants app=wbe",
    related: [{ subject: { kind: "Deployment", name: "web" }, path: "spec.template.metadata.labels" }],
  });
  expect(check({ app: "web", tier: "front" })?.hint).toBe(
    "the pods of Deployment prod/web are nearest: they have no label tier, the selector wants tier=front",
  );
  expect(check({ quite: "different" })).not.toHaveProperty("related");
});

test("the peers of a policy, of its own namespace or of any", () => {
  const peer = (app: string, namespaceSelector?: object) =>
    object("networking.k8s.io/v1", "NetworkPolicy", "p", {
      spec: {
        podSelector: {},
        egress: [{ to: [{ podSelector: { matchLabels: { app } }, namespaceSelector }] }],
      },
    });
  const at = "spec.egress[0].to[0].podSelector";
  expect(foundInWhole(noSelectorWithoutPods, web, peer("web"))).toEqual([]);
  expect(foundInWhole(noSelectorWithoutPods, deployment("dev/web"), peer("web", {}))).toEqual([]);
  expect(foundInWhole(noSelectorWithoutPods, deployment("dev/web"), peer("web"))).toEqual([`warning ${at}`]);
  // Pods of others are often in no set: only a near word tells a mistake.
  expect(found(noSelectorWithoutPods, [web, peer("client")])).toEqual([]);
  expect(found(noSelectorWithoutPods, [web, peer("wbe")])).toEqual([`warning ${at}`]);
});
