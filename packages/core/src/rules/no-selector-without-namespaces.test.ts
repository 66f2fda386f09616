import { expect, test } from "vitest";
import { noSelectorWithoutNamespaces } from "./no-selector-without-namespaces.ts";
import { found, foundInWhole, namespace, object } from "./references/sets.test-support.ts";

const from = (namespaceSelector: object) =>
  object("networking.k8s.io/v1", "NetworkPolicy", "p", {
    spec: { podSelector: {}, ingress: [{ from: [{ namespaceSelector }] }] },
  });
const prod = namespace("prod", { environment: "prod" });
const AT = "spec.ingress[0].from[0].namespaceSelector";

test("selectors that select a namespace, by label or by its name", () => {
  for (const matchLabels of [
    { environment: "prod" },
    { "kubernetes.io/metadata.name": "prod" },
    { "kubernetes.io/metadata.name": "kube-system" },
  ])
    expect(foundInWhole(noSelectorWithoutNamespaces, prod, from({ matchLabels }))).toEqual([]);
  expect(foundInWhole(noSelectorWithoutNamespaces, prod, from({}))).toEqual([]);
});

test("one that selects none, with the near value", () => {
  const wrong = from({ matchLabels: { environment: "prdo" } });
  expect(noSelectorWithoutNamespaces.check({ resources: [prod, wrong], whole: true })).toMatchObject([
    { severity: "error", path: AT, hint: "did you mean environment=prod?" },
  ]);
  expect(found(noSelectorWithoutNamespaces, [prod, wrong])).toEqual([`warning ${AT}`]);
  expect(found(noSelectorWithoutNamespaces, [wrong])).toEqual([]);
  const labelledElsewhere = from({ matchLabels: { environment: "common" } });
  expect(found(noSelectorWithoutNamespaces, [prod, labelledElsewhere])).toEqual([]);
  expect(foundInWhole(noSelectorWithoutNamespaces, prod, labelledElsewhere)).toEqual([`error ${AT}`]);
  expect(found(noSelectorWithoutNamespaces, [prod, wrong], { assume: ["Namespace/x"] })).toEqual([]);
});

test("egress and webhooks too", () => {
  const namespaceSelector = { matchLabels: { environment: "gone" } };
  const egress = object("networking.k8s.io/v1", "NetworkPolicy", "p", {
    spec: { egress: [{ to: [{ podSelector: {} }, { namespaceSelector }] }] },
  });
  expect(foundInWhole(noSelectorWithoutNamespaces, prod, egress)).toEqual([
    "error spec.egress[0].to[1].namespaceSelector",
  ]);
  const webhook = object("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "*/w", {
    webhooks: [{ name: "x", namespaceSelector }],
  });
  expect(foundInWhole(noSelectorWithoutNamespaces, prod, webhook)).toEqual([
    "error webhooks[0].namespaceSelector",
  ]);
});
