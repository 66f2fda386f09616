import { request } from "node:https";
import { type Random, randomFrom } from "../policies/random.ts";

export interface HttpCall {
  readonly method: string;
  /** Path and query, as on the request line. */
  readonly target: string;
}

const PATHS = [
  "/api/v1/pods",
  "/api/v1/namespaces",
  "/api/v1/namespaces/dev",
  "/api/v1/namespaces/dev/status",
  "/api/v1/namespaces/dev/finalize",
  "/api/v1/namespaces/dev/pods",
  "/api/v1/namespaces/dev/pods/",
  "/api/v1/namespaces/dev/pods/one",
  "/api/v1/namespaces/dev/pods/one/log",
  "/api/v1/namespaces/dev/pods/one/proxy/deep/er",
  "/api/v1/namespaces/dev/nonesuch/one",
  "/api/v1/nodes/one/proxy",
  "/apis/apps/v1/deployments",
  "/apis/apps/v1/namespaces/dev/deployments/one/scale",
  "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin",
  "/apis/example.test/v1alpha1/namespaces/dev/widgets",
  "/api/v1/watch/namespaces/dev/pods",
  "/api/v1/watch/pods",
  "/api/v1/proxy/namespaces/dev/services/one/path",
  "/api/v1/namespaces/de%2Fv/pods",
  "/api/v1/namespaces/d%C3%A9v/pods/%22one%22",
  "//api/v1/secrets",
  "/api//v1/secrets",
  "/metrics",
  "/metrics/x%20y?get=1",
  "/logs/<a>&b",
  "/apis.example",
  "/apix/v1/pods",
];

const QUERIES = [
  "?watch=1",
  "?watch=true&limit=5",
  "?watch=false",
  "?watch",
  "?watch=No&limit=x",
  "?fieldSelector=metadata.name%3Done",
  "?fieldSelector=metadata.name=one,spec.nodeName=a&watch=true",
  "?fieldSelector=metadata.name!=one",
  "?fieldSelector=metadata.name=a/b",
  "?fieldSelector=metadata.name==one&limit=-1",
  "?limit=many&fieldSelector=metadata.name=one",
  "?fieldSelector=broken&watch=1",
  "?labelSelector=a%20b%20c&fieldSelector=metadata.name=one",
];

/** Requests chosen by hand: every method, every shape of path, every parameter that matters; GETs of lists with each query. */
export function handMadeCalls(): readonly HttpCall[] {
  const gets = PATHS.map((target) => ({ method: "GET", target }));
  const others = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"].flatMap((method) =>
    [PATHS[0]!, PATHS[4]!, PATHS[7]!, PATHS[13]!, "/metrics"].map((target) => ({ method, target })),
  );
  const queried = QUERIES.flatMap((query) =>
    ["/api/v1/pods", "/api/v1/namespaces/dev/pods", "/api/v1/namespaces"].map((path) => ({
      method: "GET",
      target: path + query,
    })),
  );
  return [...gets, ...others, ...queried];
}

const SEGMENTS = [
  "api",
  "apis",
  "v1",
  "apps",
  "namespaces",
  "namespaces",
  "dev",
  "pods",
  "pods",
  "one",
  "log",
  "status",
  "finalize",
  "proxy",
  "watch",
  "",
  "..",
  "a%2Fb",
  "%41",
  "+",
  "%zz",
];
const METHODS = [
  "GET",
  "GET",
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "DELETE",
  "OPTIONS",
  "get",
  "BREW",
];
const KEYS = [
  "watch",
  "fieldSelector",
  "limit",
  "labelSelector",
  "timeoutSeconds",
  "resourceVersion",
  "pretty",
  "Watch",
];
const VALUES = [
  "",
  "1",
  "true",
  "false",
  "0",
  "False",
  "x",
  "-5",
  "99999999999999999999",
  "metadata.name=one",
  "metadata.name%3Dtwo",
  "metadata.name==three",
  "metadata.name!=one",
  "metadata.name=a%2Fb",
  "metadata.name=..",
  "metadata.name=",
  "metadata.name=one,metadata.name=two",
  "spec.nodeName=a,metadata.name=one",
  "metadata.name=a\\,b",
  "metadata.name=a\\b",
  "metadata.name",
  ",metadata.name=one",
  "a+b",
  "%zz",
];

/** Requests of any segments and parameters; the same for the same seed. */
export function randomCalls(seed: number, count: number): readonly HttpCall[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => ({
    method: random.pick(METHODS),
    target: `${randomPath(random)}${random.chance(0.6) ? randomQuery(random) : ""}`,
  }));
}

function randomPath(random: Random): string {
  const parts = Array.from({ length: random.below(7) }, () => random.pick(SEGMENTS));
  const prefix = random.pick(["/api/v1/", "/apis/apps/v1/", "/api/v1/namespaces/dev/", "/", "//"]);
  return `${prefix}${parts.join("/")}`;
}

function randomQuery(random: Random): string {
  const pairs = Array.from({ length: 1 + random.below(3) }, () => {
    const key = random.pick([...KEYS, "fieldSelector", "watch"]);
    return random.chance(0.1) ? key : `${key}=${random.pick(VALUES)}`;
  });
  return `?${pairs.join(random.chance(0.03) ? ";" : "&")}`;
}

/** Sends a request as it is, without a body. */
export function sendRaw(
  server: { readonly url: string; readonly ca: string },
  token: string,
  { method, target }: HttpCall,
): Promise<{ readonly code: number; readonly text: string }> {
  const { hostname, port } = new URL(server.url);
  const headers = { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path: target, method, headers, ca: server.ca }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.once("error", reject).once("end", () => resolve({ code: response.statusCode ?? 0, text }));
    });
    call.once("error", reject).end();
  });
}
