import type { Resource } from "@ashlar/core";
import { expect, test } from "vitest";
import { can } from "../../rbac/can.ts";
import { requestOf } from "../../rbac/http-request.ts";
import { accessModel } from "../../rbac/model.ts";
import type { AccessRequest } from "../../rbac/request.ts";
import { noRuleWithoutEffect } from "../no-rule-without-effect.ts";
import { binding, role } from "../sets.test-support.ts";

/** Collections of resources, as an API server of 1.36 serves them, and with the namespace where they have one. */
const COLLECTIONS = [
  ...["pods", "configmaps", "secrets", "serviceaccounts"].map((name) => `/api/v1/namespaces/dev/${name}`),
  ...["nodes", "namespaces", "persistentvolumes"].map((name) => `/api/v1/${name}`),
  "/apis/apps/v1/namespaces/dev/deployments",
  "/apis/coordination.k8s.io/v1/namespaces/dev/leases",
  "/apis/rbac.authorization.k8s.io/v1/clusterroles",
  "/apis/rbac.authorization.k8s.io/v1/namespaces/dev/roles",
  "/apis/storage.k8s.io/v1/storageclasses",
  "/apis/authentication.k8s.io/v1/tokenreviews",
  "/apis/example.test/v1/namespaces/dev/widgets",
];
const SUBRESOURCES = ["status", "log", "exec", "token", "finalize", "scale"];
const PATHS = ["/metrics", "/version", "/healthz/etcd", "/a/x/b", "/ab", "/"];

const subject = { user: "u" };

/** Every request to these, with the names that the rules below speak of. */
const requests: readonly AccessRequest[] = [
  ...PATHS.flatMap((url) => ["GET", "POST"].map((method) => requestOf({ method, url }, subject))),
  ...COLLECTIONS.flatMap((url) => [
    ...["GET", "POST", "DELETE"].map((method) => requestOf({ method, url }, subject)),
    ...["?watch=1", "?fieldSelector=metadata.name%3Da", "?watch=1&fieldSelector=metadata.name%3Da"].map(
      (query) => requestOf({ method: "GET", url: url + query }, subject),
    ),
    ...["a", "dev"].flatMap((name) =>
      ["", ...SUBRESOURCES.map((one) => `/${one}`)].flatMap((sub) =>
        ["GET", "PUT", "PATCH", "DELETE", "POST"]
          .filter((method) => method !== "POST" || sub !== "")
          .map((method) => requestOf({ method, url: `${url}/${name}${sub}` }, subject)),
      ),
    ),
  ]),
];

/** Whether some request is allowed by a role. */
function isMet(own: Resource): boolean {
  const where = own.kind === "Role" ? "dev/b" : "b";
  const bound = binding(where, own.kind === "Role" ? "Role/r" : "r", "User u");
  const model = accessModel([own, bound], { builtins: false });
  return requests.some((request) => can(model, request).allowed);
}

test("the requests reach what the rules speak of", () => {
  expect(requests.length).toBeGreaterThan(1000);
  expect(isMet(role("dev/r", "get pods"))).toBe(true);
});

test.each([
  ["r", "create configmaps named a"],
  ["r", "deletecollection pods named a"],
  ["r", { verbs: ["get"], nonResourceURLs: ["metrics"] }],
  ["r", { verbs: ["get"], nonResourceURLs: ["metrics*"] }],
  ["r", { verbs: ["get"], nonResourceURLs: ["/a/*/b"] }],
  ["dev/r", "get,list,create nodes"],
  ["dev/r", "* persistentvolumes"],
  ["dev/r", "list,watch,create namespaces"],
  ["dev/r", "get nodes/status"],
  ["dev/r", "* clusterroles.rbac.authorization.k8s.io"],
  ["dev/r", "create tokenreviews.authentication.k8s.io"],
  ["dev/r", "get storageclasses.storage.k8s.io"],
  ["r", "GET widgets.example.test"],
])("%s %j: is without effect, and no request is allowed by it", (where, rule) => {
  const own = role(where, rule);
  expect(noRuleWithoutEffect.check({ resources: [own] })).not.toEqual([]);
  expect(isMet(own)).toBe(false);
});

test.each([
  ["r", "list configmaps named a"],
  ["r", "watch configmaps named a"],
  ["r", "create serviceaccounts/token named a"],
  ["r", "get,create,patch configmaps named a"],
  ["r", { verbs: ["get"], nonResourceURLs: ["**"] }],
  ["r", { verbs: ["get"], nonResourceURLs: ["/a*"] }],
  ["dev/r", "get namespaces"],
  ["dev/r", "update namespaces/finalize"],
  ["dev/r", "get,list,watch namespaces"],
  ["r", "get nodes/status"],
  ["r", "get widgets.example.test"],
])("%s %j: is met by some request, and has no finding", (where, rule) => {
  const own = role(where, rule);
  expect(isMet(own)).toBe(true);
  expect(noRuleWithoutEffect.check({ resources: [own] })).toEqual([]);
});
