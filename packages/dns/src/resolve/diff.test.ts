import { expect, test } from "vitest";
import { dnsDiff, formatDnsChange, formatDnsChanges } from "./diff.ts";
import { corednsMap, externalName, service } from "./model.test-support.ts";
import { dnsModel } from "./model.ts";

const COREFILE = (stub: string, more = "") => `
.:53 {
  hosts {
    192.0.2.1 static.test
    fallthrough
  }
  kubernetes cluster.local {
    ttl ${more === "" ? 5 : 30}
  }
  forward . 8.8.8.8
}
corp.test {
  forward . ${stub}
}
${more}`;

test("which names change their answers: Services, other names, hosts entries and zones", () => {
  const before = dnsModel([
    service("kept"),
    service("moved", { clusterIP: "10.96.0.1" }),
    service("gone", { clusterIP: "10.96.0.2" }),
    externalName("db", "old.example.test"),
    corednsMap(COREFILE("10.0.0.2")),
  ]);
  const after = dnsModel([
    service("kept"),
    service("moved", { clusterIP: "10.96.0.3" }),
    externalName("db", "new.example.test"),
    corednsMap(
      COREFILE("10.0.0.9", "new.test {\n  forward . 10.0.0.4\n}\n").replace("192.0.2.1", "192.0.2.2"),
    ),
  ]);
  const lines = dnsDiff(before, after).map(formatDnsChange);
  expect(lines.filter((line) => line.includes(" A: "))).toEqual([
    expect.stringMatching(
      /^db\.prod\.svc\.cluster\.local\. A: old\.example\.test\., and what 8\.8\.8\.8:53 says .* -> new\.example\.test\./,
    ),
    expect.stringMatching(/^gone\.prod\.svc\.cluster\.local\. A: 10\.96\.0\.2 .* -> does not exist/),
    expect.stringMatching(/^moved\.prod\.svc\.cluster\.local\. A: 10\.96\.0\.1 .* -> 10\.96\.0\.3/),
    expect.stringMatching(/^static\.test\. A: 192\.0\.2\.1 .* -> 192\.0\.2\.2/),
    expect.stringMatching(/^corp\.test\. A: asked of 10\.0\.0\.2:53 .* -> asked of 10\.0\.0\.9:53/),
    expect.stringMatching(/^\*\.corp\.test\. A: asked of 10\.0\.0\.2:53/),
    expect.stringMatching(/^new\.test\. A: asked of 8\.8\.8\.8:53 .* -> asked of 10\.0\.0\.4:53/),
    expect.stringMatching(/^\*\.new\.test\. A: /),
  ]);
  expect(lines.some((line) => line.startsWith("kept."))).toBe(false);
  expect(dnsDiff(before, before)).toEqual([]);
});

test("for people, a name that comes or goes is one line, and one that changes a line for each type", () => {
  const empty = dnsModel([corednsMap(COREFILE("10.0.0.2"))]);
  const full = dnsModel([
    corednsMap(COREFILE("10.0.0.2")),
    service("chosen", { clusterIP: "" }),
    service("ports", { clusterIP: "", ports: [80, 81].map((port) => ({ name: `p${port}`, port })) }),
    service("web", { clusterIP: "10.96.0.2" }),
  ]);
  const other = dnsModel([corednsMap(COREFILE("10.0.0.2")), service("web", { clusterIP: "10.96.0.3" })]);
  const by = '(kubernetes, block ".:53")';
  expect(formatDnsChanges(dnsDiff(empty, full))).toEqual([
    `chosen.prod.svc.cluster.local. is new: A the cluster IP that the cluster chooses, SRV 0 100 80 chosen.prod.svc.cluster.local. ${by}`,
    `ports.prod.svc.cluster.local. is new: A the cluster IP that the cluster chooses, SRV 0 50 80 ports.prod.svc.cluster.local., 0 50 81 ports.prod.svc.cluster.local. ${by}`,
    `web.prod.svc.cluster.local. is new: A 10.96.0.2, SRV 0 100 80 web.prod.svc.cluster.local. ${by}`,
  ]);
  expect(formatDnsChanges(dnsDiff(full, other))).toEqual([
    expect.stringMatching(/^chosen\.prod\.svc\.cluster\.local\. is gone: it was A the cluster IP/),
    expect.stringMatching(/^ports\.prod\.svc\.cluster\.local\. is gone/),
    `web.prod.svc.cluster.local. A: 10.96.0.2 ${by} -> 10.96.0.3 ${by}`,
  ]);
});
