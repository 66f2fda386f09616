import { readYaml } from "@ashlar/core";
import { describe, expect, it } from "vitest";
import { validCorefile } from "./valid-corefile.ts";

const indented = (text: string) => text.replace(/^(?=.)/gm, "    ");

function check(data: string, versions: object = {}, name = "coredns") {
  const text = `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n${data}`;
  const { resources, locate } = readYaml(text, { file: "dns.yaml" });
  expect(resources).toHaveLength(1);
  return validCorefile.check({ resources, locate, versions });
}

const corefile = (text: string, key = "Corefile") => `  ${key}: |\n${indented(text)}  zz: end\n`;

describe("dns/valid-corefile", () => {
  it("is silent about a Corefile that CoreDNS takes", () => {
    expect(
      check(corefile(".:53 {\n    errors\n    import custom/*.override\n    forward . {$UPSTREAM}\n}\n")),
    ).toEqual([]);
  });

  it("names a misspelt plugin, and its line in the file", () => {
    expect(check(corefile(".:53 {\n    errors\n    forwad . 8.8.8.8\n}\n"))).toMatchObject([
      {
        code: "dns/valid-corefile",
        severity: "error",
        hint: 'did you mean "forward"?',
        path: "data.Corefile",
        at: { file: "dns.yaml", line: 9, column: 9 },
      },
    ]);
  });

  it("names a brace that is not closed, and the plugins of the wrong block once", () => {
    const [finding, ...others] = check(
      corefile(".:53 {\n    kubernetes cluster.local {\n        pods insecure\n    forward . 8.8.8.8\n}\n"),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: "warning", at: { line: 7 } });
    expect(check(corefile(".:53 {\n    whoami }\n"))).toMatchObject([
      { severity: "error", at: { line: 8, column: 16 } },
    ]);
  });

  it("knows the plugins of the version", () => {
    const old = corefile(".:53 {\n    proxy . 8.8.8.8\n}\n");
    expect(check(old, { coredns: "1.1.3" })).toEqual([]);
    expect(check(old)).toMatchObject([
      { hint: 'write "forward" instead', message: expect.stringContaining("left CoreDNS with 1.5.0") },
    ]);
    expect(check(corefile(".:53 {\n    ready\n}\n"), { coredns: "v1.4.0" })).toMatchObject([
      { message: expect.stringContaining("came with CoreDNS 1.5.0") },
    ]);
  });

  it("reads the parts of coredns-custom, and no other keys", () => {
    const parts = `${corefile("forwad . 8.8.8.8\n", "a.override").replace("  zz: end\n", "")}${corefile("x.test {\n    lgo\n}\n", "b.server")}`;
    expect(check(parts, {}, "coredns-custom").map(({ at }) => at?.line)).toEqual([7, 10]);
    expect(check(parts)).toEqual([]);
  });

  it("gives the place of the field when the text is on one line", () => {
    expect(check('  Corefile: ".:53 {\\n    forwad . 8.8.8.8\\n}\\n"\n  zz: end\n')).toMatchObject([
      { at: { line: 6, column: 3 }, message: expect.stringContaining("line 2 of Corefile") },
    ]);
  });

  describe("with what a Corefile imports", () => {
    const configMap = (name: string, data: Record<string, string>, namespace = "kube-system") => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace },
      data,
    });
    const found = (resources: ReturnType<typeof configMap>[], more: object = {}) =>
      validCorefile
        .check({ resources, ...more })
        .map(({ severity, message, path, subject }) => `${severity} ${subject?.name} ${path}: ${message}`);
    const unknown = (name: string) =>
      `Unknown directive '${name}': CoreDNS 1.15.0 has no such plugin and does not start`;

    it("reads other keys of the ConfigMap, and names the line in them, once", () => {
      const data = {
        Corefile: ". {\n  import stubs.conf\n}\na.test {\n  import stubs.conf\n}\n",
        "stubs.conf": "errors\nlgo\n",
        "unused.conf": "nope\n",
      };
      expect(found([configMap("dns", data)])).toEqual([
        `error dns data[stubs.conf]: line 2 of stubs.conf: ${unknown("lgo")}`,
      ]);
    });

    it("reads coredns-custom of the namespace where it is imported, and alone where it is not", () => {
      const main = configMap("coredns", {
        Corefile: ".:53 {\n  whoami\n  import /etc/coredns/custom/*.override\n}\nimport custom/*.server\n",
      });
      const parts = { "a.override": "log }\n", "b.server": "a..b {\n  whoami\n}\n" };
      const stray = `line 1 of a.override: Unexpected '}' because no matching opening brace`;
      const key = `line 1 of b.server: the key "a..b" is not a zone: zone is not a valid domain name: a..b`;
      const both = [
        `error coredns-custom data[a.override]: ${stray}`,
        `error coredns-custom data[b.server]: ${key}`,
      ];
      expect(found([main, configMap("coredns-custom", parts)])).toEqual(both);
      expect(found([main, configMap("coredns-custom", parts, "other")])).toEqual(both);
      expect(found([main])).toEqual([]);
      expect(found([main, configMap("coredns-custom", { "a.override": "log\n" })])).toEqual([]);
    });

    it("knows that a snippet is missing, and a file only when the set is whole", () => {
      const missing = (name: string) =>
        `error dns data.Corefile: line 2 of Corefile: File to import not found: ${name}`;
      const importing = (name: string) => [configMap("dns", { Corefile: `. {\n  import ${name}\n}\n` })];
      expect(found(importing("base"))).toEqual([missing("base")]);
      expect(found(importing("{$BASE}"))).toEqual([]);
      expect(found(importing("stubs.conf"))).toEqual([]);
      expect(found(importing("stubs.conf"), { whole: true })).toEqual([missing("stubs.conf")]);
      expect(found(importing("/run/stubs.conf"), { whole: true })).toEqual([]);
      const partial = [{ apiVersion: "v1", kind: "ConfigMap", name: "dns", namespace: "kube-system" }];
      expect(found(importing("base"), { partial })).toEqual([]);
    });

    it("looks into snippets where they are used", () => {
      const snippet = "(base) {\n  errors\n  lgo\n}\n(rest) {\n  nope\n}\n";
      const text = `${snippet}. {\n  import base\n}\na.test {\n  import base\n}\n`;
      expect(found([configMap("dns", { Corefile: text })])).toEqual([
        `error dns data.Corefile: line 3 of Corefile: ${unknown("lgo")}`,
      ]);
    });

    it.each([
      ["a..b", 'the key "a..b" is not a zone: zone is not a valid domain name: a..b'],
      [".:65536", 'the key ".:65536" has no port that exists: address 65536: invalid port'],
      ["tls://.:-1", 'the key "tls://.:-1" has no port that exists: address -1: invalid port'],
      [".:65535", undefined],
      [".:0", undefined],
      [".:{$PORT}", undefined],
    ])("says of the key %s: %s", (key, message) => {
      expect(found([configMap("dns", { Corefile: `${key} {\n  whoami\n}\n` })])).toEqual(
        message === undefined ? [] : [`error dns data.Corefile: line 1 of Corefile: ${message}`],
      );
    });
  });
});
