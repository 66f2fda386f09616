import { describe, expect, test } from "vitest";
import { explainUrl } from "./explain.ts";
import type { RoutesOptions } from "./model.ts";
import { resolveUrl } from "./resolve.ts";
import { app, GROUND, ingress, together, yamlModel } from "./sets.test-support.ts";

const ISSUED = { "cert-manager.io/cluster-issuer": "letsencrypt" };
const TLS = "tls: [{ hosts: [wiki.example.test], secretName: wiki-tls }]";
const WIKI = together(
  GROUND,
  app("wiki"),
  ingress("wiki", ["wiki.example.test / Prefix wiki 80"], { annotations: ISSUED, spec: TLS }),
);

/** Outcome and sentence. */
function said(set: string, url: string, options?: RoutesOptions): string {
  const { outcome, text } = resolveUrl(yamlModel(set, options), url);
  return `${outcome}: ${text}`;
}

test("walks from the host to the workload", () => {
  const verdict = resolveUrl(yamlModel(WIKI), "https://wiki.example.test/start?a=1");
  expect(explainUrl(verdict).split("\n")).toEqual([
    "default/wiki:80 answers",
    "  host      wiki.example.test of Ingress default/wiki   set.yaml:38:52",
    "  route     path / (Prefix)   set.yaml:38:52",
    "  tls       certificate in Secret default/wiki-tls, made by cert-manager   set.yaml:36:39",
    "  issuer    ClusterIssuer letsencrypt   set.yaml:7:1",
    "  service   Service default/wiki   set.yaml:14:1",
    "  port      target port 8080   set.yaml:17:34",
    "  workload  Deployment default/wiki   set.yaml:19:1",
  ]);
  expect(verdict).toMatchObject({
    outcome: "served",
    tls: { secret: "default/wiki-tls", issuer: "ClusterIssuer letsencrypt", found: true },
    backend: { port: 80, targetPort: 8080, pods: [{ kind: "Deployment", name: "wiki" }] },
    route: {
      ref: { kind: "Ingress", namespace: "default", name: "wiki" },
      path: "spec.rules[0].http.paths[0]",
    },
  });
});

describe("ingress-nginx", () => {
  test("sends http to https where the host has a certificate", () => {
    const { outcome, location } = resolveUrl(yamlModel(WIKI), "http://wiki.example.test/a?b=c");
    expect([outcome, location]).toEqual(["redirect", "https://wiki.example.test/a?b=c"]);
    expect(said(WIKI, "http://wiki.example.test/.well-known/acme-challenge/x")).toMatch(/^served/);
  });

  test.each<[string, Record<string, string>, string, string]>([
    [
      "ssl-redirect",
      { "nginx.ingress.kubernetes.io/ssl-redirect": "false" },
      "http://wiki.example.test/",
      "served: default/wiki:80 answers",
    ],
    [
      "app-root",
      { "nginx.ingress.kubernetes.io/app-root": "/app" },
      "https://wiki.example.test/",
      "redirect: redirects to /app",
    ],
    [
      "permanent-redirect",
      { "nginx.ingress.kubernetes.io/permanent-redirect": "https://new.example.test" },
      "https://wiki.example.test/x",
      "redirect: redirects to https://new.example.test",
    ],
    [
      "server-alias",
      {
        "nginx.ingress.kubernetes.io/server-alias": "w.example.test",
        "nginx.ingress.kubernetes.io/ssl-redirect": "false",
      },
      "http://w.example.test/",
      "served: default/wiki:80 answers",
    ],
  ])("%s", (_, annotations, url, expected) => {
    const rules = ["wiki.example.test / Prefix wiki 80"];
    const set = together(
      GROUND,
      app("wiki"),
      ingress("wiki", rules, { annotations: { ...ISSUED, ...annotations }, spec: TLS }),
    );
    expect(said(set, url)).toBe(expected);
  });

  test("app-root is for the root alone, also after another path was asked", () => {
    const annotations = { ...ISSUED, "nginx.ingress.kubernetes.io/app-root": "/app" };
    const model = yamlModel(
      together(
        GROUND,
        app("wiki"),
        ingress("wiki", ["wiki.example.test / Prefix wiki 80"], { annotations, spec: TLS }),
      ),
    );
    const asked = ["/x", "/", "/x", "/"].map(
      (path) => resolveUrl(model, `https://wiki.example.test${path}`).outcome,
    );
    expect(asked).toEqual(["served", "redirect", "served", "redirect"]);
  });

  test.each([
    ["/foo", "default/a:80 answers"],
    ["/foobar", "default/a:80 answers"],
    ["/foo/x", "default/b:80 answers"],
    ["/other", "no route of the Ingresses of class nginx is for h.example.test/other"],
  ])("ImplementationSpecific is by characters, and a longer location wins: %s", (path, text) => {
    const rules = ["h.example.test /foo ImplementationSpecific a 80", "h.example.test /foo/x Prefix b 80"];
    const set = together(GROUND, app("a"), app("b"), ingress("i", rules));
    expect(resolveUrl(yamlModel(set), `http://h.example.test${path}`).text).toBe(text);
  });

  test("with a rewrite-target paths are regular expressions without regard to case", () => {
    const rules = [
      "h.example.test /api(/|$)(.*) ImplementationSpecific a 80",
      "h.example.test /Web Prefix b 80",
    ];
    const annotations = { "nginx.ingress.kubernetes.io/rewrite-target": "/$2" };
    const set = together(GROUND, app("a"), app("b"), ingress("i", rules, { annotations }));
    expect(said(set, "http://h.example.test/webs")).toBe("served: default/b:80 answers");
    expect(said(set, "http://h.example.test/api/x")).toMatch(/^unknown: .*regular expression/);
    expect(said(set, "http://h.example.test/x")).toMatch(/^not-found/);
  });

  test("a host whose routes do not match is not answered by those of another", () => {
    const rules = ["h.example.test /a Prefix a 80", "*.example.test / Prefix b 80"];
    const set = together(GROUND, app("a"), app("b"), ingress("i", rules));
    expect(said(set, "http://h.example.test/x")).toMatch(/^not-found/);
    expect(said(set, "http://g.example.test/x")).toBe("served: default/b:80 answers");
    expect(
      said(set.replace("k8s.io/ingress-nginx", "example.test/other"), "http://h.example.test/x"),
    ).toMatch(/^unknown: .*left to the controller/);
  });
});

describe("what is missing is unknown, and broken where the set is whole", () => {
  const ROUTE = ingress("i", ["h.example.test / Prefix a 80"]);
  test.each([
    ["Service", together(GROUND, ROUTE), "Service default/a is not in the set"],
    ["pods", together(GROUND, ROUTE, app("a").split("---")[0]!), "is behind Service default/a"],
  ])("%s", (_, set, text) => {
    const url = "http://h.example.test/";
    expect(said(set, url)).toMatch(/^unknown: /);
    expect(said(set, url, { whole: true })).toMatch(/^broken: /);
    expect(said(set, url, { whole: true })).toContain(text);
  });

  test("Services whose pods are taken as given", () => {
    const set = together(GROUND, ROUTE, app("a").split("---")[0]!);
    expect(said(set, "http://h.example.test/", { assumeEndpoints: ["default/a"] })).toMatch(/^served/);
  });

  test("the IngressClass, unless it is told", () => {
    const set = together(app("a"), ROUTE);
    expect(said(set, "http://h.example.test/")).toBe(
      "unknown: not known: IngressClass nginx is not in the set",
    );
    expect(said(set, "http://h.example.test/", { ingressClass: "nginx" })).toMatch(/^served/);
  });

  test("the class of an Ingress without one: the default class", () => {
    const bare = ROUTE.replace("ingressClassName: nginx", "");
    expect(said(together(GROUND, app("a"), bare), "http://h.example.test/")).toMatch(
      /^unknown: .*names no class/,
    );
    const annotations =
      '{ name: nginx, annotations: { ingressclass.kubernetes.io/is-default-class: "true" } }';
    const byDefault = GROUND.replace("{ name: nginx }", annotations);
    expect(said(together(byDefault, app("a"), bare), "http://h.example.test/")).toMatch(/^served/);
  });

  test.each([
    ["no entry", "", "unknown", /no entry of spec.tls/],
    [
      "no Secret and no issuer",
      "tls: [{ hosts: [h.example.test], secretName: t }]",
      "unknown",
      /Secret default\/t is not in the set/,
    ],
  ])("the certificate: %s", (_, spec, outcome, text) => {
    const set = together(GROUND, app("a"), ingress("i", ["h.example.test / Prefix a 80"], { spec }));
    const verdict = resolveUrl(yamlModel(set), "https://h.example.test/");
    expect(verdict.outcome).toBe(outcome);
    expect(verdict.text).toMatch(text);
  });

  test("the default issuer of tls-acme", () => {
    const annotations = { "kubernetes.io/tls-acme": "true" };
    const spec = "tls: [{ hosts: [h.example.test], secretName: t }]";
    const set = together(
      GROUND,
      app("a"),
      ingress("i", ["h.example.test / Prefix a 80"], { annotations, spec }),
    );
    expect(said(set, "https://h.example.test/")).toMatch(/^unknown: .*default issuer/);
    expect(said(set, "https://h.example.test/", { defaultIssuer: "letsencrypt" })).toMatch(/^served/);
    expect(said(set, "https://h.example.test/", { defaultIssuer: "ClusterIssuer/other" })).toMatch(
      /^unknown: .*ClusterIssuer other/,
    );
  });
});

describe("default backends", () => {
  const fallback = "defaultBackend: { service: { name: b, port: { number: 80 } } }";
  test("of the Ingress that names the host; of one without rules for every other host", () => {
    const named = ingress("i", ["h.example.test /a Prefix a 80"], { spec: fallback });
    const set = together(GROUND, app("a"), app("b"), named);
    expect(said(set, "http://h.example.test/x")).toBe("served: default/b:80 answers");
    expect(said(set, "http://other.example.test/")).toMatch(/^not-found/);
    const bare = together(GROUND, app("b"), ingress("all", [], { spec: fallback }));
    expect(said(bare, "http://other.example.test/")).toBe("served: default/b:80 answers");
  });
});

test("one route twice: the older Ingress's with ingress-nginx, else left open", () => {
  const one = (name: string, to: string, time: string) =>
    ingress(name, [`h.example.test / Prefix ${to} 80`]).replace(
      "annotations:",
      `creationTimestamp: "${time}", annotations:`,
    );
  const set = together(
    GROUND,
    app("a"),
    app("b"),
    one("new", "a", "2026-02-01T00:00:00Z"),
    one("old", "b", "2026-01-01T00:00:00Z"),
  );
  expect(said(set, "http://h.example.test/")).toBe("served: default/b:80 answers");
  expect(said(set.replace("k8s.io/ingress-nginx", "example.test/other"), "http://h.example.test/")).toMatch(
    /^unknown: .*2 routes take/,
  );
});

test("two edges for one host with different answers: which one is asked is not known", () => {
  const other = GROUND.split("---")[0]!.replace("name: nginx", "name: second");
  const rules = ["h.example.test / Prefix a 80"];
  const second = ingress("j", ["h.example.test / Prefix b 80"]).replace(
    "ClassName: nginx",
    "ClassName: second",
  );
  const set = together(GROUND, other, app("a"), app("b"), ingress("i", rules), second);
  expect(said(set, "http://h.example.test/")).toMatch(
    /^unknown: .*class nginx and the Ingresses of class second/,
  );
  const same = together(GROUND, other, app("a"), ingress("i", rules), second.replace("name: b", "name: a"));
  expect(said(same, "http://h.example.test/")).toBe("served: default/a:80 answers");
});
