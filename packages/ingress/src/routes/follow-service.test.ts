import { describe, expect, test } from "vitest";
import { resolveUrl } from "./resolve.ts";
import { app, GROUND, ingress, together, yamlModel } from "./sets.test-support.ts";

/** Outcome and sentence. */
function said(set: string, url: string): string {
  const { outcome, text } = resolveUrl(yamlModel(set), url);
  return `${outcome}: ${text}`;
}

describe("the Service", () => {
  const withRoute = (port: string, service: string) =>
    together(GROUND, service, ingress("i", [`h.example.test / Prefix a ${port}`]));
  test.each([
    ["a port by name", withRoute("http", app("a")), "served: default/a:http answers"],
    [
      "no such port",
      withRoute("81", app("a")),
      "broken: Service default/a: it has no port 81; its ports are 80 (http)",
    ],
    [
      "a name of no port",
      withRoute("web", app("a")),
      'broken: Service default/a: it has no port "web"; its ports are 80 (http)',
    ],
    [
      "a target port by name",
      withRoute("80", app("a").replace("targetPort: 8080", "targetPort: web")),
      "served: default/a:80 answers",
    ],
    [
      "a target port that no container has",
      withRoute("80", app("a").replace("targetPort: 8080", "targetPort: wbe")),
      'broken: Service default/a: no container of Deployment default/a declares a port named "wbe"',
    ],
    [
      "a workload that is scaled down",
      withRoute("80", app("a").replace("  template:", "  replicas: 0\n  template:")),
      "broken: Deployment default/a is scaled to 0",
    ],
    [
      "headless",
      withRoute("80", app("a").replace("ports: [{ name: http", "clusterIP: None, ports: [{ name: http")),
      "served: default/a:80 answers",
    ],
  ])("%s", (_, set, expected) => {
    expect(said(set, "http://h.example.test/")).toBe(expected);
  });

  test("ExternalName: a host outside, or another Service", () => {
    const named = (name: string) =>
      `apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { type: ExternalName, externalName: ${name} }`;
    const outside = resolveUrl(yamlModel(withRoute("80", named("db.example.org"))), "http://h.example.test/");
    expect(outside).toMatchObject({
      outcome: "served",
      backend: { externalName: "db.example.org", pods: [] },
    });
    const inside = withRoute("80", together(named("b.default.svc.cluster.local"), app("b")));
    expect(said(inside, "http://h.example.test/")).toBe("served: default/b:80 answers");
    const around = withRoute("80", named("a.default.svc.cluster.local"));
    expect(said(around, "http://h.example.test/")).toMatch(/^broken: .*leads to no host/);
  });

  test("EndpointSlices where no pod is known", () => {
    const slice = (ready: boolean) => `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: a-1, labels: { kubernetes.io/service-name: a } }
addressType: IPv4
ports: [{ name: http, port: 8080 }]
endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready: ${ready} } }]`;
    const service = app("a").split("---")[0]!;
    expect(said(withRoute("80", together(service, slice(true))), "http://h.example.test/")).toMatch(
      /^served/,
    );
    expect(said(withRoute("80", together(service, slice(false))), "http://h.example.test/")).toBe(
      "broken: Service default/a has no ready endpoint",
    );
  });
});
