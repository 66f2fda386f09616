import type { Resource } from "@ashlar/core";
import { resolveUrl, routesModel, type UrlVerdict } from "@ashlar/ingress";
import { count, ratio, type Section, seconds, table, timeOnce, timeWarm } from "./section.ts";

const ROUTES = 5000;
const PATHS = 10;
const URLS = 20_000;
const RUNS = 20;
/** URLs that the naive matcher is asked: it reads every route for each. */
const NAIVE_URLS = 300;
const TARGET = 1_000_000;

interface Row {
  readonly cells: readonly string[];
  readonly failures: readonly string[];
}

/** Who answers a URL: compiled tables against a matcher that reads every route. */
export function benchRoutes(): Section {
  const rows = [
    compare("Ingress", ingresses(), "http"),
    compare("Ingress, https", ingresses(), "https"),
    compare("HTTPRoute", httpRoutes(), "http"),
  ];
  return {
    title: "Who answers a URL",
    text: [
      `${count(ROUTES)} routes: ${count(ROUTES / PATHS)} hosts with ${PATHS} paths each (one Exact, the others Prefix, two levels deep), one Service with a`,
      `Deployment for each host. ${count(URLS)} URLs: of each route the path itself and one below it, one in ten of no route. A verdict is whole: steps,`,
      "backend, certificate. The naive matcher only finds the route: it compares host and path of each route with the URL's; what",
      "both find is compared. _Cold_ is `routesModel` and each URL once.",
      "",
      table(
        ["routes of", "URLs/s", "naive URLs/s", "ratio", "cold, all URLs", "answers that agree"],
        rows.map(({ cells }) => cells),
      ),
    ].join("\n"),
    failures: rows.flatMap(({ failures }) => failures),
  };
}

interface RouteSet {
  readonly resources: readonly Resource[];
  readonly naive: readonly NaiveRoute[];
}

interface NaiveRoute {
  readonly host: string;
  readonly path: string;
  readonly isExact: boolean;
  readonly service: string;
}

function compare(name: string, { resources, naive }: RouteSet, scheme: "http" | "https"): Row {
  const urls = urlsOf(naive, scheme);
  const cold = timeOnce(() => {
    const model = routesModel(resources);
    for (const url of urls) resolveUrl(model, url);
  });
  const model = routesModel(resources);
  const best = Math.min(
    ...timeWarm(RUNS, () => {
      for (const url of urls) resolveUrl(model, url);
    }),
  );
  const step = Math.floor(urls.length / NAIVE_URLS);
  const asked = urls.filter((_, i) => i % step === 0);
  const slow = Math.min(...timeWarm(3, () => asked.map((url) => naiveService(naive, url))));
  const agree = asked.filter((url) => naiveService(naive, url) === serviceOf(resolveUrl(model, url))).length;
  const rate = urls.length / best;
  const naiveRate = asked.length / slow;
  return {
    cells: [
      name,
      count(rate),
      count(naiveRate),
      ratio(rate, naiveRate),
      seconds(cold),
      `${agree} of ${asked.length}`,
    ],
    failures: [
      ...(rate < TARGET ? [`${name}: ${count(rate)} URLs/s, the target is ${count(TARGET)}`] : []),
      ...(agree < asked.length
        ? [`${name}: ${asked.length - agree} answers differ from the naive matcher's`]
        : []),
    ],
  };
}

function serviceOf({ outcome, backend, text }: UrlVerdict): string {
  if (outcome === "not-found") return "none";
  return outcome === "served" ? backend!.service.name : text;
}

function naiveService(routes: readonly NaiveRoute[], url: string): string {
  const { hostname, pathname } = new URL(url);
  let best: NaiveRoute | undefined;
  for (const route of routes) {
    const { host, path, isExact } = route;
    if (host !== hostname) continue;
    const isMet = isExact ? path === pathname : pathname === path || pathname.startsWith(`${path}/`);
    if (isMet && (best === undefined || isExact || (!best.isExact && path.length > best.path.length)))
      best = route;
  }
  return best?.service ?? "none";
}

function urlsOf(routes: readonly NaiveRoute[], scheme: string): string[] {
  return Array.from({ length: URLS }, (_, i) => {
    // A prime step, so that neighbours are not asked one after the other.
    const { host, path } = routes[(i * 7919) % routes.length]!;
    if (i % 10 === 9) return `${scheme}://${host}/nowhere/${i}`;
    return `${scheme}://${host}${path}${i % 2 === 0 ? "" : "/page.html?x=1"}`;
  });
}

function routes(): NaiveRoute[] {
  return Array.from({ length: ROUTES }, (_, i) => {
    const [app, path] = [Math.floor(i / PATHS), i % PATHS];
    const isExact = path === 0;
    return {
      host: `app${app}.example.test`,
      path: `/part${path % 3}/item${path}`,
      isExact,
      service: `app${app}`,
    };
  });
}

function workloads(): Resource[] {
  return Array.from({ length: ROUTES / PATHS }, (_, i) => `app${i}`).flatMap((name) => {
    const metadata = { name, namespace: "default" };
    const template = {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "app", image: "example/app:1" }] },
    };
    return [
      {
        apiVersion: "v1",
        kind: "Service",
        metadata,
        spec: { selector: { app: name }, ports: [{ port: 80 }] },
      },
      { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: { template } },
      {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { ...metadata, name: `${name}-tls` },
        type: "kubernetes.io/tls",
      },
    ];
  });
}

function byHost(all: readonly NaiveRoute[]): Map<string, NaiveRoute[]> {
  return Map.groupBy(all, ({ host }) => host);
}

function ingresses(): RouteSet {
  const naive = routes();
  const apiVersion = "networking.k8s.io/v1";
  const ingressClass = {
    apiVersion,
    kind: "IngressClass",
    metadata: { name: "any" },
    spec: { controller: "example.test/any" },
  };
  const objects = [...byHost(naive)].map(([host, own]) => {
    const { service } = own[0]!;
    const paths = own.map(({ path, isExact }) => ({
      path,
      pathType: isExact ? "Exact" : "Prefix",
      backend: { service: { name: service, port: { number: 80 } } },
    }));
    const tls = [{ hosts: [host], secretName: `${service}-tls` }];
    return {
      apiVersion,
      kind: "Ingress",
      metadata: { name: service, namespace: "default" },
      spec: { ingressClassName: "any", tls, rules: [{ host, http: { paths } }] },
    };
  });
  return { naive, resources: [ingressClass, ...workloads(), ...objects] };
}

function httpRoutes(): RouteSet {
  const naive = routes();
  const apiVersion = "gateway.networking.k8s.io/v1";
  const edge = [
    {
      apiVersion,
      kind: "GatewayClass",
      metadata: { name: "any" },
      spec: { controllerName: "example.test/any" },
    },
    {
      apiVersion,
      kind: "Gateway",
      metadata: { name: "edge", namespace: "default" },
      spec: { gatewayClassName: "any", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
    },
  ];
  const objects = [...byHost(naive)].map(([host, own]) => ({
    apiVersion,
    kind: "HTTPRoute",
    metadata: { name: own[0]!.service, namespace: "default" },
    spec: {
      parentRefs: [{ name: "edge" }],
      hostnames: [host],
      rules: own.map(({ path, isExact, service }) => ({
        matches: [{ path: { type: isExact ? "Exact" : "PathPrefix", value: path } }],
        backendRefs: [{ name: service, port: 80 }],
      })),
    },
  }));
  return { naive, resources: [...edge, ...workloads(), ...objects] };
}
