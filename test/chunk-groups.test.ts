import { expect, test } from "vitest";
import { groupParts, type Part } from "../scripts/chunk-groups.ts";

const KB = 1024;

function part(
  kb: number,
  isEntry: boolean,
  imports: readonly string[],
  externals: readonly string[] = [],
): Part {
  return { size: kb * KB, isEntry, imports, lazyImports: [], externals };
}

test("what is loaded anyway becomes one file with the main entry", () => {
  const groups = groupParts(
    {
      "index.js": part(5, true, ["a.js"]),
      "rules.js": part(90, true, ["a.js"]),
      "a.js": part(40, false, []),
    },
    "index.js",
  );
  expect(groups).toEqual({ "index.js": "index.js", "a.js": "index.js", "rules.js": "rules.js" });
});

test("large code that the main entry does not use stays out of it", () => {
  const groups = groupParts(
    {
      "index.js": part(5, true, []),
      "b.js": part(5, true, ["large.js"]),
      "c.js": part(5, true, ["large.js"]),
      "large.js": part(500, false, []),
    },
    "index.js",
  );
  expect(groups["large.js"]).not.toBe("index.js");
});

test("a few KB stay out of the main entry when they bring another package", () => {
  const parts = (externals: readonly string[]) => ({
    "index.js": part(5, true, []),
    "b.js": part(5, true, ["small.js"]),
    "c.js": part(5, true, ["small.js"]),
    "small.js": part(2, false, [], externals),
  });
  expect(groupParts(parts([]), "index.js")["small.js"]).toBe("index.js");
  expect(groupParts(parts(["node:http"]), "index.js")["small.js"]).not.toBe("index.js");
});

test("two entries never become one, and merging makes no cycle", () => {
  const groups = groupParts(
    {
      "index.js": part(1, true, ["x.js", "z.js"]),
      "b.js": part(1, true, ["x.js"]),
      "x.js": part(1, false, ["y.js"]),
      "y.js": part(900, false, ["z.js"]),
      "z.js": part(1, false, []),
    },
    "index.js",
  );
  expect(groups["index.js"]).not.toBe(groups["b.js"]);
  const links = { "x.js": ["y.js"], "y.js": ["z.js"], "index.js": ["x.js", "z.js"], "b.js": ["x.js"] };
  const edges = Object.entries(links).flatMap(([from, to]) =>
    to.map((t) => [groups[from], groups[t]] as const),
  );
  const back = edges.filter(([a, b]) => a !== b && edges.some(([c, d]) => c === b && d === a));
  expect(back).toEqual([]);
});

test("what a program loads lazily never waits for the program", () => {
  const groups = groupParts(
    {
      "index.js": part(5, true, []),
      "cli.js": { ...part(1, true, ["shared.js"], ["node:fs"]), lazyImports: ["command.js"] },
      "command.js": part(1, true, ["shared.js"]),
      "shared.js": part(1, false, [], ["node:util"]),
    },
    "index.js",
  );
  expect(groups["shared.js"]).not.toBe("cli.js");
});
