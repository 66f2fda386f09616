import { ask, type EdgeCase } from "./edge-case.ts";
import { allow, bind, bindCluster, clusterRole, type Rule, urls } from "./make-rbac.ts";

/** A point about rules alone: one user holds them in the cluster. */
function ruleCase(
  title: string,
  key: string,
  rules: readonly Rule[],
  asks: readonly (readonly [words: string, allowed: boolean])[],
): EdgeCase {
  return {
    title,
    resources: [clusterRole(key, ...rules), bindCluster(key, key, `User/${key}`)],
    asks: asks.map(([words, allowed]) => [ask(key, words), allowed]),
  };
}

const VERBS_AND_GROUPS: readonly EdgeCase[] = [
  ruleCase(
    "a verb is * or exact, and its case counts",
    "edge-verbs",
    [allow("Get,list", "pods")],
    [
      ["get pods dev", false],
      ["Get pods dev", true],
      ["list pods dev", true],
      ["LIST pods dev", false],
      ["* pods dev", false],
      [" pods dev", false],
    ],
  ),
  ruleCase(
    "* as a verb is every verb, also none",
    "edge-any-verb",
    [allow("*", "pods")],
    [
      ["anything pods dev", true],
      ["* pods dev", true],
      [" pods dev", true],
      ["get secrets dev", false],
    ],
  ),
  ruleCase(
    "a group is * or exact, no pattern",
    "edge-groups",
    [allow("get", "things", "*.k8s.io,apps")],
    [
      ["get things.networking.k8s.io dev", false],
      ["get things.apps dev", true],
      ["get things dev", false],
      ["get things.Apps dev", false],
      ["get things.*.k8s.io dev", true],
    ],
  ),
  ruleCase(
    "* as a group is every group",
    "edge-any-group",
    [allow("get", "things", "*")],
    [
      ["get things dev", true],
      ["get things.example.test dev", true],
      ["get others.example.test dev", false],
    ],
  ),
];

const RESOURCES: readonly EdgeCase[] = [
  ruleCase(
    "* covers resources and their subresources",
    "edge-any-resource",
    [allow("get", "*")],
    [
      ["get pods dev", true],
      ["get pods/log dev", true],
      ["get *", true],
      ["get pods/*", true],
    ],
  ),
  ruleCase(
    "a resource does not cover its subresources",
    "edge-resource",
    [allow("get", "pods")],
    [
      ["get pods dev", true],
      ["get pods/log dev", false],
      ["get Pods dev", false],
    ],
  ),
  ruleCase(
    "a subresource does not cover its resource",
    "edge-subresource",
    [allow("get", "pods/log")],
    [
      ["get pods dev", false],
      ["get pods/log dev", true],
      ["get pods/exec dev", false],
    ],
  ),
  ruleCase(
    "*/sub is this subresource of everything",
    "edge-any-of",
    [allow("get", "*/scale")],
    [
      ["get deployments/scale dev", true],
      ["get deployments dev", false],
      ["get deployments/status dev", false],
      ["get deployments/upscale dev", false],
    ],
  ),
  ruleCase(
    "pods/* and */* are literals",
    "edge-literals",
    [allow("get", "pods/*,*/*")],
    [
      ["get pods dev", false],
      ["get pods/log dev", false],
      ["get deployments/scale dev", false],
      ["get pods/* dev", true],
      ["get deployments/* dev", true],
    ],
  ),
  ruleCase(
    "names are exact, and no name is asked by list or create",
    "edge-names",
    [allow("get,list,watch,create,deletecollection", "secrets", "", ["one", "two*"])],
    [
      ["get secrets dev one", true],
      ["get secrets dev two", false],
      ["get secrets dev two*", true],
      ["get secrets dev ONE", false],
      ["list secrets dev", false],
      ["create secrets dev", false],
      ["deletecollection secrets dev", false],
      ["list secrets dev one", true],
      ["watch secrets dev one", true],
      ["create secrets dev one", true],
    ],
  ),
];

const PATHS: readonly EdgeCase[] = [
  ruleCase(
    "paths: exact, or a prefix before stars at the end",
    "edge-paths",
    [urls("get", "/healthz,/logs/*,/a**,/b*c,/d*e*")],
    [
      ["get /healthz", true],
      ["get /healthz/", false],
      ["get /logs/", true],
      ["get /logs/any/depth", true],
      ["get /logs", false],
      ["get /a", true],
      ["get /about", true],
      ["get /bxc", false],
      ["get /b*c", true],
      ["get /d*ef", true],
      ["get /dxef", false],
      ["post /healthz", false],
      ["head /healthz", false],
    ],
  ),
  ruleCase(
    "* is every path, and no resource",
    "edge-any-path",
    [urls("*", "*")],
    [
      ["get /anything", true],
      ["post /", true],
      ["get pods dev", false],
    ],
  ),
  ruleCase(
    "every resource is no path",
    "edge-no-path",
    [allow("*", "*", "*")],
    [
      ["get /anything", false],
      ["get pods dev", true],
    ],
  ),
  {
    title: "a ClusterRole's paths count through a ClusterRoleBinding only",
    resources: [
      clusterRole("edge-bound-paths", urls("get", "/edge"), allow("get", "pods")),
      bind("dev", "edge-bound-paths", "ClusterRole/edge-bound-paths", "User/edge-bound-paths"),
    ],
    asks: [
      [ask("edge-bound-paths", "get /edge"), false],
      [ask("edge-bound-paths", "get pods dev"), true],
      [ask("edge-bound-paths", "get pods prod"), false],
      [ask("edge-bound-paths", "get pods -"), false],
    ],
  },
];

/** What rules match, one point at a time. */
export const EDGES_OF_RULES: readonly EdgeCase[] = [...VERBS_AND_GROUPS, ...RESOURCES, ...PATHS];
