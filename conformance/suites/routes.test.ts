import { apiGroup, type Resource } from "@ashlar/core";
import { resolveUrl, routesModel, type UrlVerdict } from "@ashlar/ingress";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acceptAll } from "../components/accept.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { createDefinitions } from "../edge/objects.ts";
import { gatewayApiSets } from "../real-sets/sets.ts";
import { type GatewayCase, type GatewaySuite, gatewaySuite } from "../routes/gateway-cases.ts";
import { HOST_ROWS, ingressOf, PATH_ROWS } from "../routes/ingress-paths.ts";

/** Tests whose answer hangs on what is no object of their manifests, and on what. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "httproute-multiple-routes-attachment-same-hostname-intersection": "routes are made by the test's own code",
  "httproute-retry-connection-error": "a backend that refuses connections",
  "httproute-service-types": "paths and EndpointSlices are made by the test's own code",
  "httproute-timeout-backend-request": "a slow backend",
  "httproute-timeout-request": "a slow backend",
};
/** The second request of this test comes after its ReferenceGrant is deleted. */
const AFTER_DELETION = { test: "httproute-reference-grant", status: 500 };
const CLASS = "{GATEWAY_CLASS_NAME}";

let suite: GatewaySuite;
let server: ControlPlane;

beforeAll(async () => {
  suite = await gatewaySuite();
  server = await startControlPlane({ disableAdmission: ["NamespaceLifecycle", "ServiceAccount"] });
});
afterAll(() => server?.stop());

describe("the Gateway API's own conformance tests", () => {
  test("every request of their tables gets the answer that they demand", () => {
    const wrong: string[] = [];
    const compared = new Map<string, number>();
    for (const { name, resources, cases } of suite.tests)
      for (const one of cases) {
        const demanded = demandedOf(one);
        if (demanded === undefined || LEFT_OUT[name] !== undefined) continue;
        const isDeleted = name === AFTER_DELETION.test && one.expected.status === AFTER_DELETION.status;
        const set = [...suite.base, ...resources].filter((r) => !isDeleted || r.kind !== "ReferenceGrant");
        const verdict = ask(set, one);
        const said = saidOf(verdict, one);
        compared.set(name, (compared.get(name) ?? 0) + 1);
        if (said !== demanded)
          wrong.push(
            `${name}, ${one.gateway}: ${JSON.stringify(one)}: demanded ${demanded}, said ${said}: ${verdict.text}`,
          );
      }
    expect(wrong).toEqual([]);
    expect([...compared.values()].reduce((sum, n) => sum + n, 0)).toBeGreaterThanOrEqual(200);
    expect(compared.size).toBeGreaterThanOrEqual(30);
  });

  test("the API server takes their manifests", async () => {
    const definitions = (await gatewayApiSets()).find(({ name }) => name.endsWith("CRDs, experimental"));
    await createDefinitions(server, definitions!);
    const objects = suite.tests
      .filter(({ name, cases }) => cases.length > 0 && LEFT_OUT[name] === undefined)
      .flatMap(({ resources }) => resources)
      .filter(({ apiVersion }) => apiGroup(apiVersion) === "gateway.networking.k8s.io")
      // Placeholders of the suite are no names.
      .map((r) => JSON.parse(JSON.stringify(r).replaceAll(CLASS, "any")) as Resource);
    expect(await acceptAll(server, objects)).toEqual([]);
    expect(objects.length).toBeGreaterThanOrEqual(50);
  });
});

describe("the Ingress API", () => {
  test.each(PATH_ROWS)("$routes, $request: $answers", async ({ routes, request, answers }) => {
    const set = ingressOf("foo.bar.com", routes);
    expect(
      await acceptAll(
        server,
        set.filter(({ kind }) => kind === "Ingress"),
      ),
    ).toEqual([]);
    const { outcome, backend } = resolveUrl(routesModel(set), `http://foo.bar.com${request}`);
    const expected = answers === undefined ? undefined : `route-${routes.indexOf(answers)}`;
    expect([outcome, backend?.service.name]).toEqual(
      expected === undefined ? ["not-found", undefined] : ["served", expected],
    );
  });

  test.each(HOST_ROWS)("host %s, request %s: %s", async (rule, request, matches) => {
    const set = ingressOf(rule, ["Prefix /"]);
    expect(
      await acceptAll(
        server,
        set.filter(({ kind }) => kind === "Ingress"),
      ),
    ).toEqual([]);
    const { outcome } = resolveUrl(routesModel(set), `http://${request}/`);
    expect(outcome).toBe(matches ? "served" : "not-found");
  });
});

/** Asks one Gateway: each has an address of its own. */
function ask(resources: readonly Resource[], one: GatewayCase): UrlVerdict {
  const set = resources.filter(({ kind, metadata }) => kind !== "Gateway" || metadata.name === one.gateway);
  const secret = { name: "tls-validity-checks-certificate", namespace: "gateway-conformance-infra" };
  const made = { apiVersion: "v1", kind: "Secret", metadata: secret, type: "kubernetes.io/tls" };
  const model = routesModel([...set, made], { gatewayClass: CLASS, whole: true });
  const { scheme, host, port, path, method, headers } = one;
  return resolveUrl(model, {
    scheme,
    host: host || "any.example.test",
    path,
    headers,
    ...(port !== undefined && { port }),
    ...(method !== undefined && { method }),
  });
}

function saidOf({ outcome, backend, location }: UrlVerdict, { expected }: GatewayCase): string {
  if (outcome === "served") return `${backend!.service.namespace}/${backend!.service.name}`;
  if (outcome === "not-found") return "404";
  if (outcome === "broken") return "500";
  if (outcome !== "redirect") return outcome;
  const url = new URL(location!);
  const { scheme, host } = expected.redirect ?? {};
  return [scheme && url.protocol.slice(0, -1), host && url.hostname, url.port, url.pathname].join(" ");
}

/** What a test demands, `undefined` where it looks at something else. */
function demandedOf({ expected, path }: GatewayCase): string | undefined {
  const { status, backend, redirect } = expected;
  if (redirect !== undefined)
    return [redirect.scheme, redirect.host, redirect.port ?? "", redirect.path ?? path].join(" ");
  return status !== undefined && status >= 400 ? String(status) : backend;
}
