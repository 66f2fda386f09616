import { describe, expect, it } from "vitest";
import { parseCorefile } from "../corefile/parse.ts";
import { lintCorefile } from "./lint-corefile.ts";

const lint = (...lines: readonly string[]) =>
  lintCorefile(`.:53 {\n${lines.map((line) => `    ${line}\n`).join("")}}\n`);
const codes = (...lines: readonly string[]) => lint(...lines).map(({ code }) => code);

/** As kubeadm writes it. */
const KUBEADM = [
  "errors",
  "health {",
  "    lameduck 5s",
  "}",
  "ready",
  "kubernetes cluster.local in-addr.arpa ip6.arpa {",
  "    pods insecure",
  "    fallthrough in-addr.arpa ip6.arpa",
  "    ttl 30",
  "}",
  "prometheus :9153",
  "forward . /etc/resolv.conf {",
  "    max_concurrent 1000",
  "}",
  "cache 30 {",
  "    disable success cluster.local",
  "    disable denial cluster.local",
  "}",
  "loop",
  "reload",
  "loadbalance",
];

describe("lintCorefile", () => {
  it("has nothing to say about kubeadm's Corefile", () => {
    expect(lint(...KUBEADM)).toEqual([]);
  });

  it("finds every mistake of a file, sorted by place, with what to write instead", () => {
    expect(lint("forwad . 8.8.8.8", "cache 30s", "reload 1s", "forward . 8.8.8.8")).toMatchObject([
      {
        code: "dns/no-unknown-plugin",
        severity: "error",
        hint: 'did you mean "forward"?',
        at: { line: 2, column: 5 },
      },
      {
        code: "dns/no-swallowed-word",
        severity: "warning",
        hint: expect.stringContaining('"30"'),
        at: { line: 3, column: 11 },
      },
      { code: "dns/valid-plugin", severity: "error", at: { line: 4, column: 12 } },
    ]);
  });

  it("proposes the option that is meant", () => {
    expect(lint("forward . 8.8.8.8 {", "    max_fail 3", "}")).toMatchObject([
      { code: "dns/valid-plugin", hint: 'did you mean "max_fails"?', at: { line: 3 } },
    ]);
  });

  it("knows plugins and options of other releases", () => {
    const old =
      ".:53 {\n    kubernetes cluster.local {\n        upstream 8.8.8.8\n    }\n    proxy . 8.8.8.8\n}\n";
    expect(lintCorefile(old, { coredns: "1.1.3" }).filter(({ severity }) => severity === "error")).toEqual(
      [],
    );
    expect(
      lintCorefile(old)
        .filter(({ severity }) => severity === "error")
        .map(({ code }) => code),
    ).toEqual(["dns/no-removed-option", "dns/no-removed-plugin"]);
    const late = ".:53 {\n    forward . 8.8.8.8 {\n        failover SERVFAIL\n    }\n}\n";
    expect(lintCorefile(late, { coredns: "1.8.0" })).toMatchObject([
      { code: "dns/valid-plugin", severity: "error" },
    ]);
    expect(lintCorefile(late)).toEqual([]);
  });

  it("looks at what imports bring, and at their places", () => {
    const findings = lintCorefile(
      ".:53 {\n    cache 30\n    forward . 8.8.8.8\n    import custom/*.override\n}\n",
      {
        files: { "custom/a.override": "log\ncache 60\n" },
      },
    );
    expect(findings).toMatchObject([
      { code: "dns/no-duplicate-plugin", severity: "error", at: { file: "custom/a.override", line: 2 } },
    ]);
  });

  it("says nothing about values of an environment that is not known", () => {
    const text = ".:53 {\n    cache {$TTL}\n    reload {$EVERY}\n    forward . {$UPSTREAM}\n}\n";
    expect(lintCorefile(text)).toEqual([]);
    expect(lintCorefile(text, { env: { TTL: "30", EVERY: "1s", UPSTREAM: "8.8.8.8" } })).toMatchObject([
      { code: "dns/valid-plugin" },
    ]);
  });

  it("takes a tree as well", () => {
    const text = ".:53 {\n    cache 30s\n    forward . 8.8.8.8\n}\n";
    expect(lintCorefile(parseCorefile(text).value)).toEqual(lintCorefile(text));
  });

  it("allows one zone in several views, and on several addresses", () => {
    const server = (line: string) => `a.test {\n    ${line}\n    whoami\n}\n`;
    expect(lintCorefile(server("view a {\n expr true\n}") + server("view b {\n expr true\n}"))).toEqual([]);
    expect(lintCorefile(server("bind 10.0.0.1") + server("bind 10.0.0.2"))).toEqual([]);
    expect(lintCorefile(server("bind 10.0.0.1") + server("bind 10.0.0.1"))).toMatchObject([
      { code: "dns/unique-zone" },
    ]);
  });

  it("knows a forward to itself from one to another block", () => {
    expect(codes("forward . 127.0.0.1")).toEqual(["dns/no-forward-loop"]);
    const stub = ".:53 {\n    forward . 127.0.0.1:1053\n}\n.:1053 {\n    forward . 8.8.8.8\n}\n";
    expect(lintCorefile(stub)).toEqual([]);
  });

  it("allows a hidden forward when the earlier one leaves its names out", () => {
    expect(codes("forward . 8.8.8.8", "forward corp.test 10.0.0.2")).toEqual(["dns/unique-zone"]);
    expect(codes("forward . 8.8.8.8 {", "except corp.test", "}", "forward corp.test 10.0.0.2")).toEqual([]);
    expect(codes("forward corp.test 10.0.0.2", "forward . 8.8.8.8")).toEqual([]);
  });

  it("takes hostile text, in time that grows with its length", () => {
    for (const text of [
      "",
      "{",
      "}",
      '"',
      "(",
      "\u0000",
      "a{b}c {",
      "import",
      "__proto__ {\nconstructor\n}\n",
    ])
      expect(() => lintCorefile(text)).not.toThrow();
    expect(
      lintCorefile(". {\n__proto__\ncache {\nconstructor\n}\nwhoami\n}\n").map(({ code }) => code),
    ).toEqual(["dns/no-unknown-plugin", "dns/valid-plugin"]);
    const block = (i: number) =>
      `zone${i}.test:53 {\n    cache 30\n    forward . 10.0.0.2\n    log\n    errors\n}\n`;
    const text = Array.from({ length: 14_000 }, (_, i) => block(i)).join("");
    expect(text.length).toBeGreaterThan(1_000_000);
    const start = performance.now();
    expect(lintCorefile(text)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

// What the real 1.7.0, 1.8.7 and 1.11.3 say: conformance/suites/corefile-migration-old.test.ts.
describe("lintCorefile for an earlier release", () => {
  it.each([
    ["1.11.3", true, "header {\nset ra\n}"],
    ["1.15.0", false, "header {\nset ra\n}"],
    ["1.8.7", false, "header {\nresponse set ra\n}"],
    ["1.11.3", true, "acl {\ndrop net 10.0.0.0/8\n}"],
    ["1.8.7", false, "acl {\ndrop net 10.0.0.0/8\n}"],
    ["1.8.7", false, "forward . 10.0.0.9\nforward . 10.0.0.8"],
    ["1.11.3", true, "forward . 10.0.0.9\nforward . 10.0.0.8"],
    ["1.7.0", true, "secondary {\ntransfer from 10.0.0.1\ntransfer to *\n}"],
    ["1.8.7", false, "secondary {\ntransfer from 10.0.0.1\ntransfer to *\n}"],
    ["1.8.7", true, "trace zipkin localhost:9411 {\nzipkin_max_batch_size 5\n}"],
    ["1.11.3", false, "etcd {\nmin-lease-ttl 30\n}"],
  ])("%s starts: %s %j", (coredns, starts, lines) => {
    const found = lintCorefile(`example.test {\n${lines}\n}\n`, { coredns });
    expect(found.every(({ severity }) => severity !== "error")).toBe(starts);
  });
});
