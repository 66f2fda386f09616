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
});
