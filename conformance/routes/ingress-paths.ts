import type { Resource } from "@ashlar/core";

/** A row of a table: routes of one host, a request, and the route that answers; `undefined`: none. */
export interface PathRow {
  /** `Exact /foo` */
  readonly routes: readonly string[];
  readonly request: string;
  readonly answers: string | undefined;
}

/** Kubernetes documentation, "Ingress", "Path types", "Examples". */
export const PATH_ROWS: readonly PathRow[] = [
  row("/anything/at/all", ["Prefix /"], "Prefix /"),
  row("/foo", ["Exact /foo"], "Exact /foo"),
  row("/bar", ["Exact /foo"]),
  row("/foo/", ["Exact /foo"]),
  row("/foo", ["Exact /foo/"]),
  row("/foo", ["Prefix /foo"], "Prefix /foo"),
  row("/foo/", ["Prefix /foo"], "Prefix /foo"),
  row("/foo", ["Prefix /foo/"], "Prefix /foo/"),
  row("/foo/", ["Prefix /foo/"], "Prefix /foo/"),
  row("/aaa/bbb", ["Prefix /aaa/bb"]),
  row("/aaa/bbb", ["Prefix /aaa/bbb"], "Prefix /aaa/bbb"),
  row("/aaa/bbb", ["Prefix /aaa/bbb/"], "Prefix /aaa/bbb/"),
  row("/aaa/bbb/", ["Prefix /aaa/bbb"], "Prefix /aaa/bbb"),
  row("/aaa/bbb/ccc", ["Prefix /aaa/bbb"], "Prefix /aaa/bbb"),
  row("/aaa/bbbxyz", ["Prefix /aaa/bbb"]),
  row("/aaa/ccc", ["Prefix /", "Prefix /aaa"], "Prefix /aaa"),
  row("/aaa/bbb", ["Prefix /", "Prefix /aaa", "Prefix /aaa/bbb"], "Prefix /aaa/bbb"),
  row("/ccc", ["Prefix /", "Prefix /aaa", "Prefix /aaa/bbb"], "Prefix /"),
  row("/ccc", ["Prefix /aaa"]),
  row("/foo", ["Prefix /foo", "Exact /foo"], "Exact /foo"),
  // The scenarios of kubernetes-sigs/ingress-controller-conformance, features/path_rules.feature, add these.
  row("/FOO", ["Exact /foo"]),
  row("/FOO", ["Prefix /foo"]),
  row("/aaa/bbb/ccc", ["Prefix /foo", "Prefix /aaa/bbb", "Prefix /aaa"], "Prefix /aaa/bbb"),
  row("/aaaccc", ["Prefix /foo", "Prefix /aaa/bbb", "Prefix /aaa"]),
];

/** Host of a rule, host of a request, whether it is for it: the same documentation, "Hostname wildcards". */
export const HOST_ROWS: readonly (readonly [rule: string, request: string, matches: boolean])[] = [
  ["foo.bar.com", "foo.bar.com", true],
  ["foo.bar.com", "FOO.bar.com", true],
  ["foo.bar.com", "subdomain.bar.com", false],
  ["*.foo.com", "bar.foo.com", true],
  ["*.foo.com", "baz.bar.foo.com", false],
  ["*.foo.com", "foo.com", false],
];

function row(request: string, routes: readonly string[], answers?: string): PathRow {
  return { request, routes, answers };
}

/** An Ingress with these routes (`Exact /foo`), a Service `route-0`, … for each, and a pod behind them all. */
export function ingressOf(host: string, routes: readonly string[]): Resource[] {
  const metadata = { name: "rows", namespace: "default" };
  const labels = { app: "rows" };
  const services = routes.map((_, i) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `route-${i}`, namespace: "default" },
    spec: { selector: labels, ports: [{ port: 80 }] },
  }));
  const paths = routes.map((route, i) => {
    const [pathType, path] = route.split(" ");
    return { path, pathType, backend: { service: { name: `route-${i}`, port: { number: 80 } } } };
  });
  return [
    ...services,
    { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, labels }, spec: { containers: [] } },
    {
      apiVersion: API,
      kind: "IngressClass",
      metadata: { name: "any" },
      spec: { controller: "example.test/any" },
    },
    {
      apiVersion: API,
      kind: "Ingress",
      metadata,
      spec: { ingressClassName: "any", rules: [{ host, http: { paths } }] },
    },
  ];
}

const API = "networking.k8s.io/v1";
