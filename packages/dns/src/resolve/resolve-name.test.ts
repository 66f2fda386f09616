import type { Resource } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { explainName } from "./explain.ts";
import { corednsMap, externalName, namespace, pod, service } from "./model.test-support.ts";
import { type DnsModelOptions, dnsModel } from "./model.ts";
import { resolveName } from "./resolve-name.ts";

const ask = (resources: readonly Resource[], name: string, type = "A", options: DnsModelOptions = {}) =>
  resolveName(dnsModel(resources, options), name, { type });
const data = (resources: readonly Resource[], name: string, type = "A") =>
  ask(resources, name, type).records.map((record) => record.data);

describe("a set without EndpointSlices", () => {
  const headless = service("db", { clusterIP: "None", selector: { app: "db" } });

  test("gets those that the control plane would make of its pods", () => {
    const set = [
      headless,
      pod("db-0", {
        ips: ["10.244.0.1", "2001:db8::1"],
        spec: {
          hostname: "db-0",
          subdomain: "db",
          containers: [{ ports: [{ name: "web", containerPort: 8080 }] }],
        },
      }),
      pod("db-1", { ips: ["10.244.0.2"], ready: false }),
      pod("db-2", { ips: ["10.244.0.3"] }),
      pod("other", { ips: ["10.244.0.4"], labels: { app: "other" } }),
      pod("done", { ips: ["10.244.0.5"], status: { phase: "Succeeded" } }),
      pod("elsewhere", { ips: ["10.244.0.6"], namespace: "dev" }),
    ];
    expect(data(set, "db.prod.svc.cluster.local")).toEqual(["10.244.0.1", "10.244.0.3"]);
    expect(data(set, "db.prod.svc.cluster.local", "AAAA")).toEqual([]);
    expect(data(set, "db-0.db.prod.svc.cluster.local")).toEqual(["10.244.0.1"]);
    expect(data(set, "10-244-0-3.db.prod.svc.cluster.local")).toEqual(["10.244.0.3"]);
    expect(data(set, "_http._tcp.db.prod.svc.cluster.local", "SRV")).toEqual([
      "0 50 8080 db-0.db.prod.svc.cluster.local.",
      "0 50 8080 10-244-0-3.db.prod.svc.cluster.local.",
    ]);
    expect(data(set, "3.0.244.10.in-addr.arpa", "PTR")).toEqual(["10-244-0-3.db.prod.svc.cluster.local."]);
  });

  test("publishNotReadyAddresses and dual stack", () => {
    const both = service("db", {
      clusterIP: "None",
      selector: { app: "db" },
      publishNotReadyAddresses: true,
      ipFamilies: ["IPv6", "IPv4"],
    });
    const set = [both, pod("db-0", { ips: ["10.244.0.1", "2001:db8::1"], ready: false })];
    expect(data(set, "db.prod.svc.cluster.local", "AAAA")).toEqual(["2001:db8::1"]);
    expect(data(set, "db.prod.svc.cluster.local")).toEqual(["10.244.0.1"]);
  });

  test.each([
    ["no pod is there", [headless]],
    ["a pod has no address yet", [headless, pod("db-0", { ips: ["10.244.0.1"] }), pod("db-1")]],
  ])("is unknown when %s", (_why, set) => {
    const verdict = ask(set, "db.prod.svc.cluster.local");
    expect(verdict).toMatchObject({ outcome: "unknown", evidence: [{ kind: "Service", name: "db" }] });
    expect(verdict.why).toContain("nothing tells the endpoints of Service prod/db");
  });

  test("a Service that selects nothing has the Endpoints that somebody wrote, or none", () => {
    const open = service("db", { clusterIP: "None" });
    const endpoints = {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: { name: "db", namespace: "prod" },
      subsets: [{ addresses: [{ ip: "192.0.2.7" }], ports: [{ port: 5432 }] }],
    };
    expect(ask([open], "db.prod.svc.cluster.local").outcome).toBe("nxdomain");
    expect(data([open, endpoints], "db.prod.svc.cluster.local")).toEqual(["192.0.2.7"]);
  });
});

describe("cluster IPs", () => {
  test("that the cluster still chooses: the name resolves, to an address that nobody knows", () => {
    const verdict = ask([service("web", { clusterIP: undefined })], "web.prod.svc.cluster.local");
    expect(verdict).toMatchObject({ outcome: "answer", records: [{ type: "A", ttl: 30 }] });
    expect(verdict.records[0]).not.toHaveProperty("data");
    expect(ask([service("web", { clusterIP: undefined })], "9.0.96.10.in-addr.arpa", "PTR").outcome).toBe(
      "unknown",
    );
  });

  test("families follow the Service", () => {
    const six = service("web", { clusterIP: undefined, ipFamilies: ["IPv6"] });
    expect(ask([six], "web.prod.svc.cluster.local").outcome).toBe("nodata");
    expect(ask([six], "web.prod.svc.cluster.local", "AAAA").outcome).toBe("answer");
  });

  test("the API server's own Service is always there", () => {
    expect(ask([], "kubernetes.default.svc.cluster.local").outcome).toBe("answer");
  });
});

test("a set that holds a part of the cluster does not deny names", () => {
  expect(ask([namespace("prod")], "web.prod.svc.cluster.local").outcome).toBe("nxdomain");
  expect(ask([namespace("prod")], "web.prod.svc.cluster.local", "A", { whole: false }).outcome).toBe(
    "unknown",
  );
});

describe("an ExternalName", () => {
  test("is completed by the block of its target, or told to come from another server", () => {
    const set = [
      externalName("db", "db.corp.test"),
      corednsMap(`
      .:53 {
        kubernetes cluster.local
        forward . 8.8.8.8 8.8.4.4
      }
      corp.test:53 {
        forward . 10.0.0.2 tls://10.0.0.3
      }`),
    ];
    expect(ask(set, "db.prod.svc.cluster.local")).toMatchObject({
      outcome: "answer",
      records: [{ type: "CNAME", data: "db.corp.test." }],
      upstream: ["10.0.0.2:53", "tls://10.0.0.3:853"],
      forwarded: [{ name: "db.corp.test.", type: "A" }],
      server: { key: ".:53", at: { line: 2, column: 7 } },
    });
    expect(ask(set, "www.example.com")).toMatchObject({
      outcome: "forwarded",
      upstream: ["8.8.8.8:53", "8.8.4.4:53"],
    });
  });

  test("that leads back through other zones ends", () => {
    const set = [
      externalName("a", "a.two.test"),
      corednsMap(`
      . {
        rewrite name suffix .two.test .prod.svc.cluster.local
        kubernetes cluster.local
      }`),
    ];
    const verdict = ask(set, "a.prod.svc.cluster.local");
    expect(verdict.outcome).toBe("unknown");
    expect(verdict.why).toContain("leads back to itself");
  });
});

describe("who asks", () => {
  const set = [
    service("redis", {}, "dev"),
    service("redis", { clusterIP: "10.96.0.8" }),
    pod("asker", {
      ips: ["10.244.9.1"],
      spec: { dnsConfig: { searches: ["prod.svc.cluster.local"], options: [{ name: "ndots", value: "1" }] } },
    }),
    pod("node", { spec: { hostNetwork: true } }),
    pod("own", {
      spec: { dnsPolicy: "None", dnsConfig: { nameservers: ["192.0.2.53"], searches: ["x.test"] } },
    }),
  ];
  const model = dnsModel(set, { resolvConf: { nameservers: ["10.0.0.2"], search: ["ec2.internal"] } });

  test("a pod of a namespace goes through the search list", () => {
    const verdict = resolveName(model, "redis", { fromNamespace: "prod" });
    expect(verdict).toMatchObject({
      name: "redis.prod.svc.cluster.local.",
      records: [{ data: "10.96.0.8" }],
    });
    expect(resolveName(model, "redis.dev", { fromNamespace: "prod" }).tried).toEqual([
      { name: "redis.dev.prod.svc.cluster.local.", outcome: "nxdomain" },
      { name: "redis.dev.svc.cluster.local.", outcome: "answer" },
    ]);
    expect(
      resolveName(model, "www.example.com", { fromNamespace: "prod" }).tried.map(({ name }) => name),
    ).toEqual([
      "www.example.com.prod.svc.cluster.local.",
      "www.example.com.svc.cluster.local.",
      "www.example.com.cluster.local.",
      "www.example.com.ec2.internal.",
      "www.example.com.",
    ]);
    expect(resolveName(model, "redis.dev.", { fromNamespace: "prod" }).tried).toHaveLength(1);
  });

  test("dots are counted, and a pod's own settings hold", () => {
    expect(resolveName(model, "a.b.c.d.e.f", { fromNamespace: "prod" }).tried[0]?.name).toBe("a.b.c.d.e.f.");
    expect(resolveName(model, "redis.dev", { fromPod: "prod/asker" }).tried[0]?.name).toBe("redis.dev.");
    expect(resolveName(model, "redis", { fromPod: "prod/node" })).toMatchObject({
      outcome: "forwarded",
      upstream: ["10.0.0.2"],
    });
    expect(resolveName(model, "redis", { fromPod: "prod/own" })).toMatchObject({
      outcome: "forwarded",
      upstream: ["192.0.2.53"],
    });
  });

  test("an answer behind a name that another server knows is unknown", () => {
    const first = dnsModel([...set, service("internal", {}, "ec2")], {
      clusterDomain: "internal",
      corefile: ". {\n kubernetes internal\n}\nprod.svc.internal {\n forward . 10.0.0.2\n}",
    });
    const verdict = resolveName(first, "internal.ec2", { fromNamespace: "prod" });
    expect(verdict).toMatchObject({ outcome: "unknown", upstream: ["10.0.0.2:53"] });
    expect(verdict.text).toContain("comes first in the search list");
  });
});

describe("the Corefile", () => {
  test("is that of the ConfigMap, with its other keys and coredns-custom as files", () => {
    const custom = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "coredns-custom", namespace: "kube-system" },
      data: { "corp.server": "corp.test:53 {\n  forward . 10.0.0.2\n}", "log.override": "log" },
    };
    const map = corednsMap(
      ".:53 {\n  import custom/*.override\n  kubernetes cluster.local\n  file /etc/coredns/db.zone zone.test\n}\nimport custom/*.server\n",
      { "db.zone": "@ 60 IN SOA ns admin 1 2 3 4 5\nwww 60 IN A 192.0.2.1\n" },
    );
    const model = dnsModel([map, custom]);
    expect(model).toMatchObject({ source: { kind: "ConfigMap", name: "coredns" }, findings: [] });
    expect(resolveName(model, "www.zone.test").records).toMatchObject([{ data: "192.0.2.1" }]);
    expect(resolveName(model, "x.corp.test")).toMatchObject({
      upstream: ["10.0.0.2:53"],
      server: { at: { file: "/etc/coredns/custom/corp.server" } },
    });
  });

  test("places are those of the file that the ConfigMap came from", () => {
    const locate = () => ({ file: "dns.yaml", line: 7, column: 3 });
    const verdict = resolveName(
      dnsModel([corednsMap("# first\n.:53 {\n  whoami\n}\n")], { locate }),
      "x.test",
    );
    expect(verdict.server?.at).toEqual({ file: "dns.yaml", line: 9, column: 5 });
  });

  test("that CoreDNS does not start with leaves everything unknown", () => {
    for (const corefile of [".:53 {\n  whoami", ". {\n whoami\n}\n. {\n whoami\n}", "a: {\n}"]) {
      const verdict = ask([], "web.prod.svc.cluster.local", "A", { corefile });
      expect(verdict.outcome).toBe("unknown");
      expect(verdict.why).toContain("CoreDNS does not start");
    }
  });

  test.each([
    ["a view", ". {\n view v {\n  expr true\n }\n whoami\n}\n", "a view decides"],
    [
      "two blocks that bind",
      ". {\n bind 10.0.0.1\n whoami\n}\n. {\n bind 10.0.0.2\n whoami\n}\n",
      "listen on different addresses",
    ],
    ["a plugin from elsewhere", ". {\n route53 example.test.:Z1\n}", "route53 has its names from elsewhere"],
    ["a plugin that is none", ". {\n mine\n}", "mine is no plugin"],
    ["a zone file that is not at hand", "x.test {\n file db.x\n}\n", "db.x is not at hand"],
    [
      "an endless expression that cannot be read",
      `. {\n rewrite name regex (a{1000}){1000} b\n}`,
      "cannot be read here",
    ],
    [
      "a template with more than fields",
      '. {\n template ANY ANY {\n  answer "{{ if .Name }}x{{ end }}"\n }\n}',
      "more of Go's templates",
    ],
  ])("with %s", (_what, corefile, why) => {
    expect(ask([], "a.x.test", "A", { corefile })).toMatchObject({
      outcome: "unknown",
      why: expect.stringContaining(why),
    });
  });

  test("a port that nobody listens on, and no block for the name", () => {
    expect(ask([], "x.test", "A", { corefile: "a.test:1053 b.test:1054 {\n whoami\n}" }).outcome).toBe(
      "unknown",
    );
    expect(ask([], "x.test", "A", { corefile: "a.test:1053 {\n whoami\n}" }).outcome).toBe("refused");
  });
});

test.each(["", "a..b", "ä.test", `${"x".repeat(64)}.test`, "a\\.b", "a b", `${"a.".repeat(200)}`, "."])(
  "the name %j ends in a verdict",
  (name) => {
    const verdict = ask([], name);
    expect(verdict.outcome).toBe(name === "." ? "forwarded" : "unknown");
    expect(verdict.text).not.toBe("");
  },
);

test("explainName tells block, plugin, objects and what was tried", () => {
  const model = dnsModel([service("redis")]);
  expect(explainName(resolveName(model, "redis.prod", { fromNamespace: "prod" }))).toBe(
    [
      'redis.prod.svc.cluster.local. A: 10.96.0.9 (kubernetes, block ".:53")',
      "  tried in order: redis.prod.prod.svc.cluster.local. nxdomain, redis.prod.svc.cluster.local. answer",
      '  block ".:53" (Corefile:1), plugin kubernetes',
      "  from Service prod/redis",
      "  redis.prod.svc.cluster.local. 30 A 10.96.0.9",
    ].join("\n"),
  );
});
