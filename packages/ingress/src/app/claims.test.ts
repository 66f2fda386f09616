import { join } from "node:path";
import type { Resource } from "@ashlar/core";
import { expect, test } from "vitest";
import { readCases } from "../../../../test/support/golden.ts";
import { authProxy } from "../auth-proxy/auth-proxy.ts";
import type { AuthProxyInput } from "../auth-proxy/intent.ts";
import type { RouteClaim } from "../routes/claims/claim.ts";
import { parseServesClaim } from "../routes/claims/parse-claim.ts";
import { proveServes } from "../routes/claims/prove-serves.ts";
import { routesModel } from "../routes/model.ts";
import { apps } from "./apps.ts";
import type { AppsInput } from "./intent.ts";
import { parseTarget } from "./target.ts";

/** The Services of some targets, with all their ports, and what runs behind them, as a chart would make them. */
function given(targets: readonly string[]): Resource[] {
  const ports = new Map<string, number[]>();
  for (const to of targets) {
    const { service, namespace, port } = parseTarget(to)!;
    const key = `${namespace}/${service}`;
    ports.set(key, [...(ports.get(key) ?? []), port]);
  }
  return [...ports].flatMap(([key, numbers]) => {
    const [namespace = "", name = ""] = key.split("/");
    const labels = { app: name };
    const metadata = { name, namespace };
    const containers = [{ name: "app", image: "example/app:1", ports: [{ containerPort: 8080 }] }];
    const servicePorts = numbers.map((port) => ({ name: `p${port}`, port, targetPort: 8080 }));
    const template = { metadata: { labels }, spec: { containers } };
    return [
      { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports: servicePorts } },
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata,
        spec: { selector: { matchLabels: labels }, template },
      },
    ];
  });
}

const controllers = { "ingress-nginx": "k8s.io/ingress-nginx", traefik: "traefik.io/ingress-controller" };

/** What others bring to every case: classes, issuers, Secrets, and Namespaces with the label that the API server gives them. */
function ground(names: readonly string[], input: AppsInput): Resource[] {
  const named = (apiVersion: string, kind: string, name: string, spec: object): Resource => ({
    apiVersion,
    kind,
    metadata: { name },
    spec,
  });
  const shared = { name: "shared", namespace: "infra" };
  const listener = { allowedRoutes: { namespaces: { from: "All" } } };
  return [
    named("networking.k8s.io/v1", "IngressClass", input.ingressClass ?? "nginx", {
      controller: controllers[input.controller ?? "ingress-nginx"],
    }),
    ...["traefik", "cilium"].map((name) =>
      named("gateway.networking.k8s.io/v1", "GatewayClass", name, { controllerName: `example.test/${name}` }),
    ),
    ...["letsencrypt", "staging"].map((name) =>
      named("cert-manager.io/v1", "ClusterIssuer", name, { acme: {} }),
    ),
    ...names.map((name) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
    })),
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "Gateway",
      metadata: shared,
      spec: {
        gatewayClassName: "traefik",
        listeners: [
          { ...listener, name: "web", port: 80, protocol: "HTTP" },
          {
            ...listener,
            name: "websecure",
            port: 443,
            protocol: "HTTPS",
            tls: { certificateRefs: [{ name: "shared-tls" }] },
          },
        ],
      },
    },
    ...[...names, "infra"].flatMap((namespace) =>
      ["shared-tls", "registry-example-test"].map((name) => ({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name, namespace },
        type: "kubernetes.io/tls",
      })),
    ),
  ];
}

const cases = readCases<AppsInput>(join(import.meta.dirname, "cases"));

test.each(Object.entries(cases))("%s: every claim is read back, and proved by the routes", (_, input) => {
  const { resources, claims } = apps(input);
  const targets = [...new Set(Object.values(input.apps).map(({ to }) => to))];
  const names = [...new Set([...targets.map((to) => parseTarget(to)!.namespace), "edge"])];
  const model = routesModel([...ground(names, input), ...given(targets), ...resources], {
    defaultIssuer: "letsencrypt",
  });
  for (const claim of claims)
    expect(parseServesClaim(claim.text, { by: "apps" })).toEqual({ ok: true, value: claim });
  const proofs = proveServes(model, claims as RouteClaim[]);
  expect(
    proofs.filter(({ outcome }) => outcome !== "proved").map(({ findings }) => findings[0]?.message),
  ).toEqual([]);
  expect(proofs.length).toBeGreaterThan(0);
});

test("without the proxy the claim of a login is broken", () => {
  const input = cases["strix-ingress"]!;
  const { claims } = apps(input);
  const { auth: _, ...open } = input;
  const { resources } = apps({
    ...open,
    apps: { logs: { host: "logs.k8s.strix.kr", to: "efk-kibana.default:443" } },
  });
  const model = routesModel(
    [...ground(["default"], input), ...given(["efk-kibana.default:443"]), ...resources],
    { defaultIssuer: "letsencrypt" },
  );
  const claim = claims.find(({ text }) => text === "https://logs.k8s.strix.kr requires login");
  const [proof] = proveServes(model, [claim as RouteClaim]);
  expect(proof?.outcome, proof?.findings[0]?.message).toBe("broken");
});

test("claims of a proxy alone are read back", () => {
  const proxies = readCases<AuthProxyInput>(join(import.meta.dirname, "..", "auth-proxy", "cases"));
  for (const input of Object.values(proxies))
    for (const claim of authProxy(input).claims)
      expect(parseServesClaim(claim.text, { by: "auth-proxy" })).toEqual({ ok: true, value: claim });
});
