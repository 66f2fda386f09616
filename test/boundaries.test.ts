import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative, sep } from "node:path";
import { expect, test } from "vitest";
import { ROOT, workspacePackages } from "../scripts/packages.ts";

/** Who may import whom: the table of the design, as data. The first row whose `code` matches a file holds for it. */
interface Row {
  readonly code: RegExp;
  /** Package specifiers, besides files of the own package. */
  readonly may: readonly RegExp[];
}

const CORE = /^@ashlar\/core(\/(zod|rules|repair))?$/;
const TYPES_ONLY = /^kubernetes-models\//;
const CAPABILITIES = /^@ashlar\/(network-policy|iam|dns|ingress|registry)(\/blocks)?$/;
const LIVE = /^@ashlar\/(core|iam)\/live$/;

const TABLE: readonly Row[] = [
  { code: /\.test(-d|-support)?\.ts$/, may: [/.*/] },
  { code: /^packages\/[^/]+\/test\//, may: [/.*/] },
  { code: /^packages\/core\/src\/live\//, may: [/^node:/, /^@kubernetes\/client-node$/] },
  { code: /^packages\/core\/src\//, may: [/^zod$/, /^yaml$/, TYPES_ONLY] },
  { code: /^packages\/iam\/src\/live\//, may: [CORE, LIVE, /^node:/, /^openid-client$/] },
  { code: /^packages\/platform\/src\/files\//, may: [CORE, /^node:/] },
  { code: /^packages\/platform\/src\/(cli|live)\//, may: [CORE, CAPABILITIES, LIVE, /^node:/] },
  { code: /^packages\/platform\/src\//, may: [CORE, CAPABILITIES] },
  { code: /^packages\/[^/]+\/src\//, may: [CORE, TYPES_ONLY] },
  { code: /^examples\//, may: [/^ashlar(\/(check|files|live))?$/, /^zod$/] },
  {
    code: /^(conformance|bench)\//,
    may: [
      CORE,
      CAPABILITIES,
      LIVE,
      /^ashlar(\/(check|files|live))?$/,
      /^node:/,
      /^@ashlar\/core\/testing$/,
      /^(vitest|fast-check|fflate|yaml|js-yaml|cdk8s|playwright-core)(\/|$)/,
      TYPES_ONLY,
    ],
  },
];

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(type\s)?[^;"']*?from\s*["']([^"']+)["']|(?:^|[^.\w])import\(\s*["']([^"']+)["']\s*\)|(?:^|\n)\s*import\s*["']([^"']+)["']/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(IMPORT)].map((m) => ({
    file,
    specifier: (m[2] ?? m[3] ?? m[4]) as string,
    typeOnly: m[1] !== undefined,
  }));
}

const sources = ["packages", "examples", "conformance", "bench"].flatMap((top) =>
  readdirSync(join(ROOT, top), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((file) => !/(^|\/)(node_modules|dist|fixtures)\//.test(file)),
);
const imports = sources.flatMap(importsOf);

test("the import graph is read: every package is in it", () => {
  for (const { folder } of workspacePackages())
    expect(imports.filter((i) => i.file.startsWith(`packages/${folder}/src/`)).length).toBeGreaterThan(3);
});

test("imports keep to the table of the design", () => {
  const wrong = imports.flatMap(({ file, specifier, typeOnly }) => {
    const row = TABLE.find((r) => r.code.test(file));
    if (!row) return [`${file}: no row of the table holds for it`];
    if (specifier.startsWith("."))
      return !isTest(file) && leavesPackage(file, specifier)
        ? [`${file} → ${specifier} leaves its package`]
        : [];
    if (!row.may.some((allowed) => allowed.test(specifier))) return [`${file} → ${specifier}`];
    if (TYPES_ONLY.test(specifier) && !typeOnly)
      return [`${file} → ${specifier} loads what is for types only`];
    return [];
  });
  expect(wrong).toEqual([]);
});

function isTest(file: string): boolean {
  return /\.test(-d)?\.ts$|\.test-support\.ts$|\/test\//.test(file);
}

function leavesPackage(file: string, specifier: string): boolean {
  const target = normalize(join(dirname(file), specifier))
    .split(sep)
    .join("/");
  // Benches start the components that conformance knows how to have.
  if (file.startsWith("bench/") && target.startsWith("conformance/")) return false;
  const top = file
    .split("/")
    .slice(0, file.startsWith("packages/") ? 2 : 1)
    .join("/");
  return !target.startsWith(`${top}/`);
}

test("no source file is longer than 300 lines, and none is called utils", () => {
  const long = sources
    .filter((file) => file.startsWith("packages/") && !isTest(file))
    .map((file) => ({ file, lines: readFileSync(join(ROOT, file), "utf8").split("\n").length - 1 }))
    .filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
  expect(sources.filter((file) => /\/(utils?|helpers?|common|misc)(\.|\/)/.test(file))).toEqual([]);
});

test("files import in one direction: no cycles inside a package", () => {
  const graph = new Map<string, string[]>();
  for (const { file, specifier, typeOnly } of imports)
    if (specifier.startsWith(".") && !typeOnly)
      graph.set(file, [
        ...(graph.get(file) ?? []),
        normalize(join(dirname(file), specifier))
          .split(sep)
          .join("/"),
      ]);
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(" → "));
    if (done.has(file) || trail.includes(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  expect(cycles).toEqual([]);
});
