import { readYaml, writeJsonList, writeYaml, writeYamlValue } from "@ashlar/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical, difference, holding, isClean } from "../yaml/compare.ts";
import { CORNERS } from "../yaml/corners.ts";
import { fuzzedStrings, hostileStrings } from "../yaml/hostile-strings.ts";
import { readWithKubectl } from "../yaml/kubectl-reader.ts";
import { mutatedTexts, SEEDS, scalarTexts } from "../yaml/texts.ts";

const SEED = 20261122;
/** Texts for one run of kubectl's reader. */
const BATCH = 20_000;

/** The first few of many, so that a failure can be read. */
function firstOf(lines: readonly (string | undefined)[]): string[] {
  return lines.filter((line) => line !== undefined).slice(0, 5);
}

describe("what we write, read by kubectl's reader", () => {
  const strings = hostileStrings();
  const written = [...new Set([...strings, ...fuzzedStrings(100_000, SEED)])];

  it("has at least 100,000 different hostile and fuzzed texts to write", () => {
    expect(strings.length).toBeGreaterThanOrEqual(20_000);
    expect(written.length).toBeGreaterThanOrEqual(100_000);
  });

  it("gives back every text as value, list item, key and deep value of YAML", async () => {
    const wrong: string[] = [];
    for (let from = 0; from < written.length; from += BATCH) {
      const batch = written.slice(from, from + BATCH);
      const read = await readWithKubectl(
        "stream",
        batch.map((text) => writeYaml([holding(text)])),
      );
      batch.forEach((text, i) => {
        const got = read[i]!.error ?? canonical(read[i]!.documents);
        if (got !== `[${canonical(holding(text))}]`) wrong.push(`${JSON.stringify(text)}: ${got}`);
      });
    }
    expect(firstOf(wrong)).toEqual([]);
  });

  it("gives back many objects written as one stream", async () => {
    const objects = strings.filter((_, i) => i % 7 === 0).map(holding);
    const [read] = await readWithKubectl("stream", [writeYaml(objects)]);
    expect(read!.error).toBeUndefined();
    expect(canonical(read!.documents)).toBe(canonical(objects));
  });

  it("gives back every text of a JSON list", async () => {
    const objects = strings.map(holding);
    const [read] = await readWithKubectl("stream", [writeJsonList(objects)]);
    expect(canonical(read!.documents)).toBe(canonical([{ apiVersion: "v1", kind: "List", items: objects }]));
  });

  it("gives back single values of every shape", async () => {
    const values = fc.sample(fc.jsonValue({ maxDepth: 6, stringUnit: "binary" }), {
      seed: SEED,
      numRuns: 5000,
    });
    const read = await readWithKubectl("value", values.map(writeYamlValue));
    const wrong = values.map((value, i) => {
      const got = read[i]!.error ?? canonical(read[i]!.documents[0]);
      return got === canonical(value) ? undefined : `${canonical(value)}: ${got}`;
    });
    expect(firstOf(wrong)).toEqual([]);
  });

  it("gives back numbers of every size", async () => {
    const doubles = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), {
      seed: SEED,
      numRuns: 3000,
    });
    const edges = [
      0,
      -0,
      1e21,
      1e-7,
      2 ** 53,
      2 ** 53 - 1,
      2 ** 63,
      2 ** 64,
      2 ** 70,
      -(2 ** 63),
      -(2 ** 64),
      5e-324,
      1.7976931348623157e308,
      0.1,
    ];
    const numbers = [...edges, ...doubles, ...doubles.map(Math.trunc)];
    const [read] = await readWithKubectl("value", [writeYamlValue(numbers)]);
    expect(read!.documents[0]).toEqual(numbers.map((n) => n + 0 || 0));
  });
});

describe("what we read, against kubectl's reader", () => {
  it.each([
    ["odd scalars in every place", scalarTexts(), 2000],
    ["files with every feature", SEEDS, SEEDS.length],
    ["corners of the grammar", CORNERS, 200],
    ["mutated files", mutatedTexts(20_000, SEED), 20_000],
  ] as const)("agrees on %s", async (_, texts, atLeast) => {
    expect(texts.length).toBeGreaterThanOrEqual(atLeast);
    const kubectl = await readWithKubectl("stream", texts);
    const wrong = texts.map((text, i) => {
      const told = difference(text, kubectl[i]!);
      return told && `${JSON.stringify(text)}: ${told}`;
    });
    expect(firstOf(wrong)).toEqual([]);
  });

  it("compares values, not only refusals: enough of the texts are objects that both read", () => {
    const texts = [...scalarTexts(), ...mutatedTexts(20_000, SEED)];
    expect(texts.filter(isClean).length).toBeGreaterThan(8_000);
  });

  it("reads back what we write, as kubectl does", () => {
    const objects = hostileStrings().map(holding);
    const read = readYaml(writeYaml(objects), { file: "all.yaml" });
    expect(read.findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(canonical(read.resources)).toBe(canonical(objects));
  });
});

const OBJECT = "apiVersion: v1\nkind: Widget\nmetadata: {name: web}\n";
const nested = (levels: number) => `${OBJECT}a: ${"[".repeat(levels)}${"]".repeat(levels)}\n`;

/** Lists of ten levels, each around the one before it. */
const chain = (length: number) =>
  Array.from(
    { length },
    (_, i) => `a${i}: &a${i} ${"[".repeat(10)}${i ? `*a${i - 1}` : "x"}${"]".repeat(10)}`,
  ).join("\n");

describe("deliberate differences: kubectl's reader takes it, we refuse it", () => {
  it.each([
    {
      text: `${OBJECT}a: 1\na: 2\n`,
      code: "core/unique-key",
      because: "one of the two values is lost without a word; YAML forbids it",
    },
    {
      text: `${OBJECT}m: {1: a, "1": b}\n`,
      code: "core/unique-key",
      because: "both become the key 1, and Go's random order of maps decides which stays",
    },
    {
      text: '{"apiVersion":"v1","kind":"Widget","metadata":{"name":"a","name":"b"}}',
      code: "core/unique-key",
      because: "the same in JSON",
    },
    {
      text: nested(600),
      code: "core/no-deep-nesting",
      because: "no Kubernetes object nests this deep, and every consumer would need a bound of its own",
    },
    {
      text: `${OBJECT}%YAML 1.1\n`,
      code: "core/valid-yaml",
      because: "kubectl stops reading at the directive and drops the rest",
    },
    {
      text: "---\n%YAML 1.1\nkind: Widget\n",
      code: "core/valid-yaml",
      because: "kubectl reads nothing at all here",
    },
    {
      text: `${OBJECT}...\n${"# x\n".repeat(5000)}\x01`,
      code: "core/no-control-character",
      because: "behind the end of the document kubectl does not look; the file is broken all the same",
    },
    {
      text: OBJECT.replace("web", '"{{ .Name }}"'),
      code: "core/no-template",
      because: "no API server takes braces in a name",
    },
    { text: "a: 1\n", code: "core/valid-object", because: "the API server refuses it, not the reader" },
    { text: "- a\n", code: "core/valid-object", because: "the same" },
    {
      text: `${OBJECT}${chain(60)}\n`,
      code: "core/no-deep-nesting",
      because: "aliases of aliases nest as deep as brackets do",
    },
  ])("$code: $because", async ({ text, code }) => {
    const [kubectl] = await readWithKubectl("stream", [text]);
    expect(kubectl!.error).toBeUndefined();
    const { resources, findings } = readYaml(text, { file: "text.yaml" });
    expect(findings.filter(({ severity }) => severity === "error").map((finding) => finding.code)).toContain(
      code,
    );
    expect(resources).toEqual([]);
  });

  it("core/valid-utf8: bytes that are not UTF-8 in JSON become U+FFFD to kubectl, silently", async () => {
    const text = Buffer.from('{"apiVersion":"v1","kind":"Widget","metadata":{"name":"a\xff"}}', "latin1");
    const [kubectl] = await readWithKubectl("stream", [text]);
    expect(kubectl!.documents).toEqual([{ apiVersion: "v1", kind: "Widget", metadata: { name: "a\ufffd" } }]);
    expect(readYaml(text, { file: "text.json" }).findings.map(({ code }) => code)).toEqual([
      "core/valid-utf8",
    ]);
  });

  it("goes on where kubectl stops, so that all findings of a file show", async () => {
    const text = `${OBJECT}---\na: [\n---\n${OBJECT.replace("web", "other")}`;
    const [kubectl] = await readWithKubectl("stream", [text]);
    expect(kubectl!.documents.length).toBe(1);
    expect(kubectl!.error).toBeDefined();
    const { resources, findings } = readYaml(text, { file: "text.yaml" });
    expect(findings.map(({ code }) => code)).toEqual(["core/valid-yaml"]);
    expect(resources.map(({ metadata }) => metadata.name)).toEqual(["web", "other"]);
  });
});

describe("bounds that are kubectl's own", () => {
  const bomb = (levels: number) =>
    `${OBJECT}a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(", ")}]`).join("\n")}\n`;

  it.each([1, 2, 3, 4, 5, 6, 7])(
    "refuses %i levels of nine aliases exactly when kubectl does",
    async (levels) => {
      const [kubectl] = await readWithKubectl("stream", [bomb(levels)]);
      const { findings } = readYaml(bomb(levels), { file: "text.yaml" });
      expect(findings.map(({ code }) => code)).toEqual(
        kubectl!.error === undefined ? [] : ["core/no-alias-bomb"],
      );
    },
  );

  it.each([1022, 1023, 1024, 1025, 1026])(
    "takes or refuses a key of %i characters as kubectl does",
    async (length) => {
      const texts = ["k", "🎉"].map((character) => `${OBJECT}m:\n  ${character.repeat(length)}: 1\n`);
      const kubectl = await readWithKubectl("stream", texts);
      expect(texts.map((text, i) => difference(text, kubectl[i]!))).toEqual([undefined, undefined]);
    },
  );

  it.each([
    ["not UTF-8", Buffer.from("a: \xff\n", "latin1")],
    ["UTF-16", Buffer.from(`\ufeff${OBJECT}`, "utf16le")],
    ["cut in the middle of a character", Buffer.from(`${OBJECT}a: é`).subarray(0, -1)],
    ["an overlong form", Buffer.from("a: \xc0\xaf\n", "latin1")],
    ["half of a surrogate pair as UTF-8", Buffer.from("a: \xed\xa0\x80\n", "latin1")],
    ["a byte order mark, which is fine", Buffer.from(`\ufeff${OBJECT}`)],
  ])("bytes that are %s", async (_, bytes) => {
    const [kubectl] = await readWithKubectl("stream", [bytes]);
    const { findings } = readYaml(bytes, { file: "text.yaml" });
    expect(findings.map(({ code }) => code)).toEqual(kubectl!.error === undefined ? [] : ["core/valid-utf8"]);
  });
});
