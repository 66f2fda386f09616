import { expect, test } from "vitest";
import { requestOf } from "./http-request.ts";

const CASES: [string, string, object][] = [
  ["GET", "/api/v1/namespaces/prod/pods", { verb: "list", group: "", resource: "pods", namespace: "prod" }],
  [
    "HEAD",
    "/api/v1/namespaces/prod/pods/a",
    { verb: "get", group: "", resource: "pods", name: "a", namespace: "prod" },
  ],
  ["GET", "/apis/apps/v1/deployments?watch=1", { verb: "watch", group: "apps", resource: "deployments" }],
  ["GET", "/api/v1/pods?watch=false", { verb: "list", group: "", resource: "pods" }],
  ["GET", "/api/v1/pods?watch", { verb: "watch", group: "", resource: "pods" }],
  ["POST", "/api/v1/namespaces", { verb: "create", group: "", resource: "namespaces" }],
  [
    "PUT",
    "/api/v1/nodes/a/status",
    { verb: "update", group: "", resource: "nodes", subresource: "status", name: "a" },
  ],
  ["PATCH", "/api/v1/nodes/a", { verb: "patch", group: "", resource: "nodes", name: "a" }],
  [
    "DELETE",
    "/api/v1/namespaces/prod/pods",
    { verb: "deletecollection", group: "", resource: "pods", namespace: "prod" },
  ],
  [
    "DELETE",
    "/api/v1/namespaces/prod/pods/a",
    { verb: "delete", group: "", resource: "pods", name: "a", namespace: "prod" },
  ],
  [
    "GET",
    "/api/v1/namespaces/prod",
    { verb: "get", group: "", resource: "namespaces", name: "prod", namespace: "prod" },
  ],
  [
    "PUT",
    "/api/v1/namespaces/prod/finalize",
    {
      verb: "update",
      group: "",
      resource: "namespaces",
      subresource: "finalize",
      name: "prod",
      namespace: "prod",
    },
  ],
  [
    "POST",
    "/api/v1/namespaces/prod/pods/a/exec?command=ls",
    { verb: "create", group: "", resource: "pods", subresource: "exec", name: "a", namespace: "prod" },
  ],
  [
    "GET",
    "/api/v1/namespaces/prod/services/http:web:80/proxy/a/b",
    {
      verb: "get",
      group: "",
      resource: "services",
      subresource: "proxy",
      name: "http:web:80",
      namespace: "prod",
    },
  ],
  [
    "GET",
    "/api/v1/pods?fieldSelector=metadata.name%3Da",
    { verb: "list", group: "", resource: "pods", name: "a" },
  ],
  [
    "GET",
    "/api/v1/pods?watch=1&fieldSelector=metadata.name==a,x!=y",
    { verb: "watch", group: "", resource: "pods", name: "a" },
  ],
  ["GET", "/api/v1/pods?fieldSelector=metadata.name!=a", { verb: "list", group: "", resource: "pods" }],
  [
    "GET",
    "/api/v1/pods?fieldSelector=metadata.name=a&limit=x",
    { verb: "list", group: "", resource: "pods" },
  ],
  [
    "GET",
    "/api/v1/pods?fieldSelector=metadata.name=a&labelSelector=a%20b",
    { verb: "list", group: "", resource: "pods" },
  ],
  ["GET", "/api/v1/pods?fieldSelector=metadata.name=a/b", { verb: "list", group: "", resource: "pods" }],
  [
    "GET",
    "/api/v1/pods?fieldSelector=metadata.name=a\\,b",
    { verb: "list", group: "", resource: "pods", name: "a,b" },
  ],
  [
    "DELETE",
    "/api/v1/pods?fieldSelector=metadata.name=a",
    { verb: "deletecollection", group: "", resource: "pods" },
  ],
  [
    "GET",
    "/api/v1/watch/namespaces/prod/pods/a",
    { verb: "watch", group: "", resource: "pods", name: "a", namespace: "prod" },
  ],
  ["GET", "/api/v1/proxy/nodes/a/stats", { verb: "proxy", group: "", resource: "nodes", name: "a" }],
  ["OPTIONS", "/api/v1/pods", { verb: "", group: "", resource: "pods" }],
  ["get", "/api/v1/pods", { verb: "", group: "", resource: "pods" }],
  ["GET", "https://127.0.0.1:6443/healthz?verbose", { verb: "get", path: "/healthz" }],
  ["GET", "/api/v1", { verb: "get", path: "/api/v1" }],
  ["POST", "/apis/apps/v1", { verb: "post", path: "/apis/apps/v1" }],
  ["GET", "/a%2Fb/%zz", { verb: "get", path: "/a%2Fb/%zz" }],
  ["GET", "", { verb: "get", path: "" }],
];

test.each(CASES)("%s %s", (method, url, expected) => {
  expect(requestOf({ method, url }, { groups: ["dev"] })).toEqual({ groups: ["dev"], ...expected });
});

test.each([
  ["", true],
  ["app=web", true],
  ["app==web,tier in (a,,b),x notin (),!old,new", true],
  ["in in (in,notin)", true],
  ["a=", true],
  ["a>5,b<6", true],
  ["b<-6", false],
  ["a>x", false],
  ["a=b,", false],
  [",a", false],
  ["!a=b", false],
  ["a b", false],
  ["a in b", false],
  ["a in (b c)", false],
  ["a in (b", false],
  ["a=b=c", false],
  ["-a=b", false],
  ["a=b\\c", false],
])("label selector %j is readable: %s", (selector, readable) => {
  const url = `/api/v1/pods?fieldSelector=metadata.name=x&labelSelector=${encodeURIComponent(selector)}`;
  expect(requestOf({ method: "GET", url }).name).toBe(readable ? "x" : undefined);
});
