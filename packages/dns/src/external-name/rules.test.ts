import { type Inventory, type Resource, readYaml } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { clusterDns } from "../cluster-dns/cluster-dns.ts";
import { externalNames } from "./external-names.ts";
import { noBrokenExternalName } from "./no-broken-external-name.ts";
import { noPublicResolver } from "./no-public-resolver.ts";

const RDS = "db.example.ap-northeast-2.rds.amazonaws.com";

function external(name: string, target: unknown): Resource {
  const [service = "", namespace = ""] = name.split(".");
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: service, namespace },
    spec: { type: "ExternalName", externalName: target },
  };
}

function corefile(text: string, name = "coredns"): Resource {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "kube-system" },
    data: { Corefile: text },
  };
}

describe("dns/no-broken-external-name", () => {
  const broken = (...resources: Resource[]) =>
    noBrokenExternalName
      .check({ resources })
      .map(({ subject, severity, message }) => [`${subject?.name}.${subject?.namespace}`, severity, message]);

  test("an address, a long label, one word", () => {
    expect(
      broken(
        external("a.x", "10.0.0.7"),
        external("b.x", `${"b".repeat(64)}.example.test`),
        external("c.x", "db"),
        external("d.x", "redis.prod.svc"),
        external("e.x", RDS),
        external("f.x", `${"f".repeat(63)}.example.test.`),
      ),
    ).toEqual([
      ["a.x", "error", expect.stringContaining("NXDOMAIN")],
      ["b.x", "error", expect.stringContaining("no reply at all")],
      ["c.x", "warning", expect.stringContaining("search path")],
      ["d.x", "warning", expect.stringContaining("search path")],
    ]);
  });

  test("loops in the cluster's own domain, as its Corefile names it", () => {
    const loop = [external("a.x", "b.x.svc.one.test"), external("b.x", "A.x.svc.one.test.")];
    expect(broken(...loop)).toEqual([]);
    const own = corefile(".:53 {\n  kubernetes one.test in-addr.arpa\n}\n");
    expect(broken(own, ...loop, external("c.x", "c.x.svc.one.test"))).toEqual([
      ["a.x", "error", expect.stringContaining("a.x.svc.one.test → b.x.svc.one.test → a.x.svc.one.test")],
      ["b.x", "error", expect.stringContaining("loop")],
      ["c.x", "error", expect.stringContaining("(c.x.svc.one.test → c.x.svc.one.test)")],
    ]);
  });

  test("a chain of 20,000 names is followed in time", () => {
    const chain = Array.from({ length: 300 }, (_, i) =>
      external(`s${i}.x`, i === 299 ? "s0.x.svc.cluster.local" : `s${i + 1}.x.svc.cluster.local`),
    );
    expect(broken(...chain)).toHaveLength(300);
    const start = performance.now();
    const long = Array.from({ length: 20_000 }, (_, i) =>
      external(`s${i}.x`, `s${i + 1}.x.svc.cluster.local`),
    );
    expect(broken(...long)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test("objects of any shape are no crash", () => {
    const odd = [
      external("a.x", 7),
      external("b.x", null),
      external("c.x", ""),
      external("d.x", "."),
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: null,
        spec: { type: "ExternalName", externalName: "1.2.3.4" },
      },
      { apiVersion: "v1", kind: "Service", metadata: { name: "x" }, spec: "ExternalName" },
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "coredns" }, data: { Corefile: 7 } },
      { apiVersion: "v1", kind: "ConfigMap", metadata: null, data: null },
    ] as unknown as Resource[];
    expect(noBrokenExternalName.check({ resources: odd }).map(({ severity }) => severity)).toEqual(["error"]);
    expect(noPublicResolver.check({ resources: odd })).toEqual([]);
  });
});

describe("dns/no-public-resolver-for-peered-name", () => {
  const found = (
    resources: readonly Resource[],
    versions: Inventory["versions"] & { coredns?: string } = {},
  ) => noPublicResolver.check({ resources, versions }).map(({ message }) => message);
  const { resources: names } = externalNames({ names: { "my.db": RDS } });
  const withDns = (input: Omit<Parameters<typeof clusterDns>[0], "coredns">, coredns = "1.15") =>
    found([...clusterDns({ coredns, ...input }).resources, ...names], { coredns });

  test("public resolvers for everything: the message names block, ConfigMap and resolvers", () => {
    expect(withDns({ upstream: ["8.8.8.8", "8.8.4.4"] })).toEqual([
      `Service db/my stands for ${RDS}, which the block ".:53" of ConfigMap kube-system/coredns asks of 8.8.8.8 and 8.8.4.4: public resolvers give its public address, so that its traffic goes around the private network`,
    ]);
  });

  test.each([
    ["over TLS", { upstream: ["tls://9.9.9.9:853"] }, 1],
    ["in IPv6", { upstream: ["2001:4860:4860::8888"] }, 1],
    ["one public among private ones", { upstream: ["10.0.0.2", "1.1.1.1"] }, 1],
    ["a zone that public resolvers are asked for", { zones: { "amazonaws.com": ["1.1.1.1"] } }, 1],
    ["the node's resolvers", {}, 0],
    ["the VPC's resolver", { upstream: ["10.0.0.2"] }, 0],
    ["the VPC's resolver by its fixed address", { upstream: ["169.254.169.253"] }, 0],
    [
      "the zone forwarded apart",
      { upstream: ["8.8.8.8"], zones: { "amazonaws.com": "/etc/resolv.conf" as const } },
      0,
    ],
    [
      "a part of the zone forwarded apart",
      { upstream: ["8.8.8.8"], zones: { "rds.amazonaws.com": ["10.0.0.2"] } },
      0,
    ],
    ["the name answered here", { upstream: ["8.8.8.8"], hosts: { [RDS]: ["10.0.0.9"] } }, 0],
  ])("%s", (_, input, count) => {
    expect(withDns(input)).toHaveLength(count);
  });

  test("names with one answer everywhere are left alone", () => {
    const dns = clusterDns({ coredns: "1.15", upstream: ["8.8.8.8"] }).resources;
    expect(
      found([
        ...dns,
        external("a.x", "web-1.ap-northeast-2.elb.amazonaws.com"),
        external("b.x", "redis.abc.ng.0001.apn2.cache.amazonaws.com"),
        external("c.x", "db.example.test"),
        external("d.x", "notamazonaws.com"),
      ]),
    ).toEqual([]);
    expect(found([...dns, external("a.x", "app.postgres.database.azure.com")])).toHaveLength(1);
  });

  test("in 2018 the kubernetes plugin's upstream decided, today it is not there", () => {
    const file =
      ".:53 {\n  kubernetes cluster.local {\n    upstream 8.8.8.8 8.8.4.4\n  }\n  proxy . /etc/resolv.conf\n}\n";
    expect(found([corefile(file), ...names])).toHaveLength(1);
    expect(found([corefile(file), ...names], { coredns: "1.3.1" })).toHaveLength(1);
    expect(found([corefile(file), ...names], { coredns: "1.4.0" })).toEqual([]);
    expect(withDns({ upstream: ["8.8.8.8"] }, "1.3.1")).toHaveLength(1);
  });

  test("the block of coredns-custom counts, as it is mounted", () => {
    const main = corefile(
      ".:53 {\n  kubernetes cluster.local\n  forward . 8.8.8.8\n}\nimport custom/*.server\n",
    );
    const custom = (text: string): Resource => ({
      ...corefile("", "coredns-custom"),
      data: { "vpc.server": text },
    });
    expect(found([main, ...names])).toHaveLength(1);
    expect(found([main, custom("amazonaws.com:53 {\n  forward . 10.0.0.2\n}\n"), ...names])).toEqual([]);
    expect(found([main, custom("corp.test:53 {\n  forward . 10.0.0.2\n}\n"), ...names])).toHaveLength(1);
  });

  test("exceptions, the order of forwards, and blocks on other ports", () => {
    const of = (lines: string) =>
      found([corefile(`.:53 {\n  kubernetes cluster.local\n${lines}\n}\n`), ...names]);
    expect(of("forward . 8.8.8.8 {\n    except amazonaws.com\n  }")).toEqual([]);
    expect(of("forward amazonaws.com 10.0.0.2\n  forward . 8.8.8.8")).toEqual([]);
    expect(of("forward . 8.8.8.8\n  forward amazonaws.com 10.0.0.2")).toHaveLength(1);
    expect(of("forward . 8.8.8.8\n}\namazonaws.com:1053 {\n  forward . 10.0.0.2")).toHaveLength(1);
    expect(of("forward . dns.example.test")).toEqual([]);
  });

  test("places are those of the file", () => {
    const { resources, locate } = readYaml(
      `apiVersion: v1
kind: Service
metadata: { name: my, namespace: db }
spec:
  type: ExternalName
  externalName: ${RDS}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: coredns, namespace: kube-system }
data:
  Corefile: |
    .:53 {
        kubernetes cluster.local
        forward . 8.8.8.8
    }
`,
      { file: "dns.yaml" },
    );
    const [finding] = noPublicResolver.check({ resources, locate });
    expect([finding?.at, finding?.related?.[0]?.at]).toEqual([
      expect.objectContaining({ file: "dns.yaml", line: 6 }),
      expect.objectContaining({ file: "dns.yaml", line: 12 }),
    ]);
  });
});
