import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readYaml } from "./read-yaml.ts";

const HEAD = "apiVersion: v1\nkind: Widget\nmetadata: {name: web}\n";
const lines = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => line(i)).join("\n");

/** Each text costs milliseconds when reading is linear; quadratic reading of it takes minutes. */
const HOSTILE: Readonly<Record<string, string>> = {
  "open braces": "{{".repeat(500_000),
  "open brackets": "[".repeat(500_000),
  "open brackets of JSON": `{"a":${"[".repeat(500_000)}`,
  dashes: "- ".repeat(500_000),
  "question marks": "? ".repeat(300_000),
  "equal keys": "a: 1\n".repeat(100_000),
  "each key twice": `${lines(30_000, (i) => `k${i}: 1`)}\n`.repeat(2),
  "each value key twice": `a: {${"values: 1,".repeat(100_000)}}`,
  "a long number": `a: ${"1".repeat(1_000_000)}`,
  "a long number of JSON": `{"a":${"1".repeat(1_000_000)}e}`,
  "an open quote": `a: "${"x ".repeat(500_000)}`,
  "empty lines": "\n".repeat(1_000_000),
  separators: "---\n".repeat(300_000),
  "small documents": "---\na\n".repeat(50_000),
  tabs: "\t".repeat(1_000_000),
  hashes: "#".repeat(1_000_000),
  templates: "{{ ".repeat(300_000),
  "a bomb": `a0: &a0 [x]\n${lines(30, (i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}, *a${i}]`)}`,
  "a chain of aliases": lines(20_000, (i) => `a${i}: &a${i} ${i ? `[*a${i - 1}]` : "x"}`),
  "a chain of merges": lines(20_000, (i) => `a${i}: &a${i} {${i ? `<<: *a${i - 1}` : "x: y"}}`),
  "many bombs":
    `a: &a [x]\nb: &b [${"*a,".repeat(90)}]\nc: &c [${"*b,".repeat(30)}]\nd: [*c, *c, *c, *c, *c]\n---\n`.repeat(
      500,
    ),
  "a long key": `${"k".repeat(1_000_000)}: 1`,
  "a long list of what is no object": `apiVersion: v1\nkind: List\nitems: [${"1,".repeat(200_000)}]`,
  "warnings in a long list": `apiVersion: v1\nkind: List\nitems:\n${lines(20_000, () => "- {apiVersion: v1, kind: A, metadata: {name: a, labels: {a: on}}}")}`,
  "lists in lists": "{apiVersion: v1, kind: List, items: [".repeat(400) + "]}".repeat(400),
  "a long tag": `!<${"a".repeat(1_000_000)}`,
  anchors: lines(50_000, (i) => `- &a${i} x`),
};

describe("hostile texts", () => {
  it.each(Object.entries(HOSTILE))("%s: read or refused in time", (_, text) => {
    const start = performance.now();
    const { findings, resources } = readYaml(text, { file: "f.yaml" });
    expect(performance.now() - start).toBeLessThan(5000);
    expect(findings.length + resources.length).toBeLessThan(110_000);
  });

  it("of aliases are refused before they take memory", () => {
    for (const name of ["a bomb", "a chain of aliases", "a chain of merges"])
      expect(readYaml(HOSTILE[name]!, { file: "f" }).findings.map(({ code }) => code)).toEqual([
        "core/no-alias-bomb",
      ]);
    const { findings } = readYaml(HOSTILE["many bombs"]!, { file: "f" });
    expect(findings.filter(({ code }) => code === "core/no-alias-bomb").length).toBeGreaterThan(0);
  });

  it("that nest deeper than 500 levels are refused, up to there they are read", () => {
    const codes = (levels: number) =>
      readYaml(`${HEAD}a: ${"[".repeat(levels)}${"]".repeat(levels)}\n`, { file: "f" }).findings.map(
        ({ code }) => code,
      );
    expect(codes(499)).toEqual([]);
    expect(codes(501)).toEqual(["core/no-deep-nesting"]);
    const block = `${HEAD}a:\n${lines(499, (i) => `${" ".repeat(i + 1)}a:`)}\n`;
    expect(readYaml(block, { file: "f" }).findings).toEqual([]);
  });

  it("never make it throw", () => {
    const signs = fc.constantFrom(
      ..."\n\n  ::-?#{}[],'\"|>&*!%@`\\\t~<=.a1\r\u0085\u2028\ufeff\0".split(""),
      "---\n",
      "- ",
      ": ",
      "<<: ",
      "*a",
      "&a ",
      "!!int ",
      HEAD,
    );
    fc.assert(
      fc.property(fc.array(signs, { maxLength: 60 }), (parts) => {
        const { findings, resources, locate } = readYaml(parts.join(""), { file: "f.yaml" });
        for (const { code, message, hint, at } of findings) {
          expect(code).toMatch(/^core\/[a-z0-9-]+$/);
          expect(message).toMatch(/^expected .+, got/s);
          expect(hint).not.toBe("");
          expect(at!.line).toBeGreaterThan(0);
          expect(at!.column).toBeGreaterThan(0);
        }
        for (const resource of resources) expect(locate(resource, "metadata.name")?.file).toBe("f.yaml");
      }),
      { numRuns: 3000 },
    );
  });
});
