import type { Resource } from "@ashlar/core";
import { expect, test } from "vitest";
import { corednsMap, service } from "./model.test-support.ts";
import { dnsModel } from "./model.ts";
import { resolveName } from "./resolve-name.ts";

const ODD: readonly unknown[] = [
  null,
  1,
  "x",
  [],
  {},
  [null],
  [{}],
  { a: 1 },
  true,
  "constructor",
  "__proto__",
];
const KINDS = [
  "Service",
  "Pod",
  "Namespace",
  "EndpointSlice",
  "Endpoints",
  "ConfigMap",
  "List",
  "ServiceList",
];

test("objects that are none, and fields of any kind, are no crash", () => {
  const resources: unknown[] = [...ODD];
  for (const kind of KINDS)
    for (const odd of ODD) {
      const apiVersion = kind === "EndpointSlice" ? "discovery.k8s.io/v1" : "v1";
      resources.push({ apiVersion, kind, metadata: odd, spec: odd, status: odd, data: odd, items: odd });
      const deep = {
        clusterIP: odd,
        clusterIPs: odd,
        ports: [{ name: odd, port: odd, targetPort: odd }],
        selector: odd,
        ipFamilies: odd,
      };
      const metadata = { name: "a", namespace: "b", labels: { "kubernetes.io/service-name": odd } };
      resources.push({
        apiVersion,
        kind,
        metadata,
        spec: deep,
        status: { podIPs: odd, loadBalancer: { ingress: odd } },
      });
      resources.push({
        apiVersion,
        kind,
        metadata,
        endpoints: [{ addresses: odd, conditions: odd }],
        ports: odd,
        subsets: odd,
      });
    }
  const model = dnsModel(resources as Resource[]);
  for (const name of [
    "a.b.svc.cluster.local",
    "x.a.b.svc.cluster.local",
    "1.0.96.10.in-addr.arpa",
    "__proto__",
    "constructor.b.svc.cluster.local",
  ])
    for (const type of ["A", "SRV", "PTR", "NS", "constructor"])
      expect(resolveName(model, name, { type, fromPod: "b/a" }).text).not.toBe("");
});

test("Corefiles of odd words are no crash and no wait", () => {
  const words = [
    "kubernetes",
    "hosts",
    "file",
    "forward",
    "rewrite",
    "rewrite name regex (a+)+$ {0}",
    "rewrite name",
    "rewrite stop",
    "rewrite ttl x",
    "template",
    "template IN A",
    "template ANY ANY constructor {\n match [[:constructor:]]\n}",
    'template IN A {\n answer "{{"\n}',
    "acl {\n allow\n}",
    "acl {\n block net x\n}",
    "autopath",
    "autopath constructor",
    "k8s_external",
    "erratic {\n drop\n}",
    "hosts constructor",
    "file constructor",
    "forward . constructor://10.0.0.1",
    "forward . [::1 10.0.0.1:x",
    "kubernetes {\n ttl x\n labels (((\n namespace_labels ,\n}",
    "bind",
    "proxy . 1.2.3.4",
    "grpc . x",
    "local x",
    "minimal",
    "dns64",
    "tsig {\n require all\n}",
    "any",
    "header",
  ];
  const start = performance.now();
  for (const word of words) {
    const model = dnsModel([service("web"), corednsMap(`. {\n${word}\n}\n`)]);
    for (const name of ["web.prod.svc.cluster.local", `${"a".repeat(60)}.${"a".repeat(60)}.test`, "."])
      for (const type of ["A", "AAAA", "PTR"])
        expect(resolveName(model, name, { type }).outcome).not.toBe("");
  }
  expect(performance.now() - start).toBeLessThan(5000);
});

test("Lists are opened, wherever the Corefile and the Services are", () => {
  const list = {
    apiVersion: "v1",
    kind: "List",
    metadata: {},
    items: [
      corednsMap(". {\n kubernetes lan.test\n}\n"),
      {
        apiVersion: "v1",
        kind: "ServiceList",
        items: [{ metadata: { name: "web", namespace: "prod" }, spec: { clusterIP: "10.96.0.9" } }],
      },
    ],
  };
  expect(resolveName(dnsModel([list as unknown as Resource]), "web.prod.svc.lan.test").records).toMatchObject(
    [{ data: "10.96.0.9" }],
  );
});

test("ten thousand of anything are read in time, and asked without an end of the stack", () => {
  const many = (line: (i: number) => string) => Array.from({ length: 10_000 }, (_, i) => line(i)).join("\n");
  const start = performance.now();
  for (const corefile of [
    `. {\n${many((i) => `forward z${i}.test 10.0.0.2`)}\n}`,
    `. {\n${many((i) => `rewrite continue name exact a${i}.test a${i + 1}.test`)}\n whoami\n}`,
    `. {\n hosts {\n${many((i) => `10.0.0.1 h${i}.test same.test`)}\n }\n}`,
    many((i) => `z${i}.test {\n whoami\n}`),
    `. {\n${many((i) => `template IN A z${i}.test {\n fallthrough\n}`)}\n whoami\n}`,
  ]) {
    const model = dnsModel([], { corefile, port: "53" });
    for (const name of ["a0.test", "z9999.test", "same.test", "x.y.z"])
      expect(resolveName(model, name).outcome).not.toBe("unknown");
  }
  expect(performance.now() - start).toBeLessThan(10_000);
});
