import { expect, test } from "vitest";
import type { Resource } from "../resource.ts";
import { noUnknownRight } from "./no-unknown-right.ts";
import { found, object } from "./references/sets.test-support.ts";

const API = "rbac.authorization.k8s.io/v1";
type Rights = readonly [groups: readonly string[], resources: readonly string[], verbs?: readonly string[]];

const role = (...rights: readonly Rights[]) =>
  object(API, "ClusterRole", "*/r", {
    rules: rights.map(([apiGroups, resources, verbs = ["get"]]) => ({ apiGroups, resources, verbs })),
  });
const urls = (...verbs: string[]) =>
  object(API, "ClusterRole", "*/r", { rules: [{ nonResourceURLs: ["/metrics"], verbs }] });
const check = (...rights: readonly Rights[]) => found(noUnknownRight, [role(...rights)]);
const hints = (...resources: readonly Resource[]) =>
  noUnknownRight.check({ resources }).map(({ path, hint }) => `${path}: ${hint}`);

test("rights that are asked about", () => {
  expect(
    check(
      [["*"], ["*"], ["*"]],
      [[""], ["pods", "pods/log", "pods/exec"], ["get", "create", "deletecollection"]],
      [
        ["", "apps"],
        ["pods", "deployments/scale", "*/scale", "deployments/finalizers"],
      ],
      [
        ["apps", "extensions"],
        ["deployments", "daemonsets/old"],
      ],
      [[""], ["nodes/metrics", "nodes/stats", "nodes/proxy"]],
      [["coordination.k8s.io"], ["leasecandidates"]],
    ),
  ).toEqual([]);
});

test("verbs that belong to no request", () => {
  expect(
    check(
      [[""], ["users", "groups", "serviceaccounts"], ["impersonate"]],
      [
        ["authentication.k8s.io"],
        ["userextras/scopes", "uids", "users"],
        ["impersonate", "impersonate:user-info"],
      ],
      [[API.split("/")[0]!], ["clusterroles"], ["bind", "escalate"]],
      [["certificates.k8s.io"], ["signers"], ["approve", "sign", "attest"]],
      [[""], ["my-audience"], ["request-serviceaccounts-token-audience"]],
    ),
  ).toEqual([]);
});

test("what others serve is left alone", () => {
  expect(
    check(
      [["cert-manager.io"], ["certificates"], ["sync"]],
      [["metrics.k8s.io"], ["pods", "nodes"]],
      [["gateway.networking.k8s.io", "networking.k8s.io"], ["httproutes"]],
      [["authorization.openshift.io"], ["subjectaccessreviews"]],
      [["", "metrics.k8s.io"], ["noodes"]],
      [["*"], ["widgets"], ["frob"]],
    ),
  ).toEqual([]);
});

test("a definition of the set adds to a built-in group", () => {
  const definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "*/x", {
    spec: {
      group: "policy",
      names: { plural: "budgets", kind: "Budget" },
      versions: [{ name: "v1", subresources: { status: {} } }],
    },
  });
  const right = role([["policy"], ["budgets", "budgets/status"]]);
  expect(found(noUnknownRight, [right, definition])).toEqual([]);
  expect(found(noUnknownRight, [right])).toEqual([
    "warning rules[0].resources[0]",
    "warning rules[0].resources[1]",
  ]);
});

test("resources, with what was meant", () => {
  expect(
    hints(
      role(
        [["apps"], ["deployment", "Deployments", "deploy", "statefulsetts"]],
        [["batch"], ["deployments"]],
        [[""], ["pods/logs", "configmaps/status", "ingresses"]],
        [["networking.k8s.io"], ["networkpolicy", "*/sacle"]],
      ),
    ),
  ).toEqual([
    "rules[0].resources[0]: write deployments: rules name resources in the plural, in lower case",
    "rules[0].resources[1]: write deployments: rules name resources in the plural, in lower case",
    "rules[0].resources[2]: write deployments: rules have no short names",
    'rules[0].resources[3]: did you mean "statefulsets"?',
    'rules[1].resources[0]: write apiGroups: ["apps"] for deployments',
    'rules[2].resources[0]: did you mean "log"?',
    "rules[2].resources[1]: configmaps has no subresources",
    'rules[2].resources[2]: write apiGroups: ["networking.k8s.io"] for ingresses',
    "rules[3].resources[0]: write networkpolicies: rules name resources in the plural, in lower case",
    'rules[3].resources[1]: write one of "status"',
  ]);
});

// kube-apiserver's RBAC knows * and */SUBRESOURCE (pkg/apis/rbac/v1/evaluation_helpers.go)
test("pods/* is no pattern, in any group", () => {
  expect(check([[""], ["pods/*"]], [["example.com"], ["widgets/*"]], [["*"], ["*/*"]])).toEqual([
    "warning rules[0].resources[0]",
    "warning rules[1].resources[0]",
    "warning rules[2].resources[0]",
  ]);
});

test("groups that are near to a built-in one that has the resource", () => {
  expect(
    hints(
      role(
        [["app"], ["deployments"]],
        [["rbac.authorization.k8s.oi"], ["roles"]],
        [["core"], ["pods"]],
        [["apps/v1"], ["deployments"]],
        [["networking"], ["ingresses"]],
        [["app"], ["widgets"]],
      ),
    ),
  ).toEqual([
    'rules[0].apiGroups[0]: did you mean "apps"?',
    'rules[1].apiGroups[0]: did you mean "rbac.authorization.k8s.io"?',
    'rules[2].apiGroups[0]: write "" for the core group',
    'rules[3].apiGroups[0]: did you mean "apps"?',
    'rules[4].apiGroups[0]: did you mean "networking.k8s.io"?',
  ]);
});

test("verbs of resources and of URLs", () => {
  expect(hints(role([[""], ["pods"], ["gett", "List", "*"]]), urls("get", "*", "head", "list"))).toEqual([
    'rules[0].verbs[0]: did you mean "get"?',
    'rules[0].verbs[1]: did you mean "list"?',
    "rules[0].verbs[3]: write get, the method of HTTP",
  ]);
});

test("broken rules and other kinds give nothing and do not crash", () => {
  const broken = [null, "x", { verbs: 1, resources: {} }, { apiGroups: [1], resources: [null], verbs: [{}] }];
  expect(() =>
    noUnknownRight.check({ resources: [object(API, "Role", "r", { rules: broken })] }),
  ).not.toThrow();
  expect(
    found(noUnknownRight, [object("example.com/v1", "Role", "r", { rules: [{ verbs: ["x"] }] })]),
  ).toEqual([]);
});
