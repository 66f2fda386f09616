import fc from "fast-check";
import { expect, test } from "vitest";
import { tokensOf } from "../corefile/ast.ts";
import { parseCorefile } from "../corefile/parse.ts";
import { compareReleases, coreDnsReleases } from "../plugins/table.ts";
import { knownWords, releasesWith } from "./lives.ts";
import { migrateCorefile } from "./migrate.ts";
import { commentsIn } from "./splice.ts";

const SEED = 20261123;

const word = fc.constantFrom("a.test", "10.0.0.1", '"a b"', '"x#y"', "30", '""', "b\\c", "{$E}", "to", ".");

/** Options that old releases knew, and some others. */
const option = fc.oneof(
  fc.constantFrom(
    "upstream 8.8.8.8",
    "upstream",
    "transfer to *",
    "transfer from 10.0.0.1",
    "no_reload",
    "directory zones db\\.(.*) {1} 30",
    "policy first",
    "policy least_conn",
    "max_fails 0",
    "protocol dns force_tcp",
    "protocol grpc insecure",
    "except a.test",
    "resyncperiod 5m",
    "endpoint http://a http://b",
    "set ra",
    "lameduck 2s",
    "import options.conf",
  ),
  fc
    .tuple(fc.constantFrom("match", "class", "pods", "success"), fc.array(word, { maxLength: 2 }))
    .map((words) => words.flat().join(" ")),
);

const comment = fc.constantFrom("", "", "", " # note", "  #x", "# own line\n");

const directive = fc
  .record({
    name: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          "proxy .",
          "proxy a.test",
          "proxy b.test",
          "forward .",
          "kubernetes c.local",
          "kubernetes",
        ),
      },
      fc.constantFrom(
        "file db",
        "auto",
        "secondary",
        "header",
        "health",
        "loop",
        "ready",
        "cache",
        "log",
        "startup x",
        "import s",
        "import f",
        "hosts",
      ),
    ),
    args: fc.array(word, { maxLength: 3 }),
    options: fc.option(fc.array(fc.tuple(option, comment), { maxLength: 4 }), { nil: undefined }),
    comment,
    odd: fc.nat(20),
  })
  .map(({ name, args, options, comment: note, odd }) => {
    const line = [name, ...(name.startsWith("import") ? [] : args)].join(" ");
    if (!options || name.startsWith("import")) return `${line}${note}`;
    if (odd === 0) return `${line} { ${options.map(([text]) => text).join("\n")}\n}${note}`;
    return `${line} {${odd === 1 ? " # open" : ""}\n${options.map(([text, end]) => `\t${text}${end}`).join("\n")}\n}${note}`;
  });

const corefile = fc
  .record({
    feed: fc.constantFrom("\n", "\n", "\r\n"),
    head: comment,
    snippet: fc.option(fc.array(directive, { maxLength: 3 }), { nil: undefined }),
    servers: fc.array(
      fc.record({
        keys: fc.constantFrom(".", ".:53", ". a.test", "x.test, y.test:1053", "tls://z.test", "10.0.0.0/8"),
        body: fc.array(fc.tuple(directive, fc.constantFrom("    ", "\t", "", "  ")), { maxLength: 6 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    open: fc.nat(15),
  })
  .map(({ feed, head, snippet, servers, open }) => {
    const blocks = servers.map(
      ({ keys, body }) => `${keys} {\n${body.map(([line, indent]) => `${indent}${line}\n`).join("")}}\n`,
    );
    const text = `${head}\n${snippet ? `(s) {\n${snippet.join("\n")}\n}\n` : ""}${blocks.join("\n")}`;
    return (open === 0 ? text.replace(/\}\n$/, "") : text).replaceAll("\n", feed);
  });

const release = fc.constantFrom(...coreDnsReleases());
const options = fc.record({
  releases: fc.tuple(release, release).map((pair) => pair.sort(compareReleases)),
  upstream: fc.constantFrom("drop" as const, "forward" as const),
  federation: fc.constantFrom("drop" as const, "refuse" as const),
  defaults: fc.constantFrom("add" as const, "leave" as const),
});

const comments = (text: string): string[] => {
  const { value } = parseCorefile(text);
  return [...tokensOf(value).map(({ before }) => before), value.end].flatMap(commentsIn).sort();
};

test("a migrated Corefile parses, has only words of the target, keeps all comments, and needs no second migration", () => {
  let migrated = 0;
  let changed = 0;
  fc.assert(
    fc.property(corefile, options, (text, { releases: [from, to], ...choices }) => {
      const { value, findings } = migrateCorefile(text, { from: from!, to: to!, ...choices });
      if (!value) {
        expect(findings.some(({ severity }) => severity === "error")).toBe(true);
        return;
      }
      migrated++;
      if (value.text !== text) changed++;
      const { value: tree, findings: wrong } = parseCorefile(value.text);
      expect(wrong.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(releasesWith(knownWords(tree))).toContain(to);
      expect(comments(value.text)).toEqual(comments(text));
      expect(value.steps.length > 0).toBe(value.text !== text);
      const lines = text.split("\n").length;
      for (const { at } of value.steps) expect(at.line).toBeLessThanOrEqual(lines);

      const again = migrateCorefile(value.text, { from: to!, to: to!, ...choices });
      expect(again.value?.text).toBe(value.text);
      if (choices.defaults === "leave")
        expect(migrateCorefile(value.text, { from: from!, to: to!, ...choices }).value?.text).toBe(
          value.text,
        );
    }),
    { seed: SEED, numRuns: 4000 },
  );
  expect(migrated).toBeGreaterThan(500);
  expect(changed).toBeGreaterThan(250);
}, 60_000);

test("any text, release and choice gives a result or findings", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "\n",
    " ",
    '"',
    "#",
    "proxy",
    "forward",
    "import",
    "(s)",
    ".",
    "upstream",
    "x",
    "\\",
    "\r",
    "{$A}",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), fc.oneof(release, fc.string()), (pieces, to) => {
      const { value, findings } = migrateCorefile(pieces.join(""), { to, env: { A: "b" } });
      expect(value !== undefined || findings.some(({ severity }) => severity === "error")).toBe(true);
    }),
    { seed: SEED, numRuns: 2000 },
  );
});

test("time grows with the text, not with its square", () => {
  const seconds = (count: number): number => {
    const text = `. {\n${"    proxy . 10.0.0.1 {\n        max_fails 3\n    }\n}\n\n. {\n".repeat(count)}}\n`;
    const start = performance.now();
    expect(migrateCorefile(text, { from: "1.1.3", to: "1.15" }).value?.steps).toHaveLength(3 * count);
    return performance.now() - start;
  };
  const ratios = [1, 2, 3].map(() => seconds(2000) / seconds(500));
  expect(Math.min(...ratios)).toBeLessThan(10); // 4 for a straight line, 16 for a square
}, 60_000);
