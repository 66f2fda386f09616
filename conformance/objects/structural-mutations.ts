import type { Resource } from "@ashlar/core";
import { type Random, randomFrom } from "../policies/random.ts";

/** An object that was right before something in its structure was changed. */
export interface Mutant {
  /** What was changed, for messages: `Deployment spec.template: unknown field "spce"`. */
  readonly name: string;
  readonly object: Resource;
}

type Path = readonly (string | number)[];
type Mapping = Record<string, unknown>;

/** What a value is replaced by: every type of JSON, and what only some readers of texts take. */
const VALUES: readonly unknown[] = [
  ...["", "a", "5", "-1", "true", "null", "0755", "1e3", " 1", "80%", "ä", "x".repeat(300)],
  ...[0, 1, -1, 5.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2 ** 63, -(2 ** 63), 1e21, 1e-7, 300],
  ...[
    true,
    false,
    null,
    [],
    {},
    [null],
    [1],
    ["a"],
    [{}],
    { a: 1 },
    { a: "b" },
    { a: null },
    [[]],
    { a: [] },
  ],
  ...[
    "1Gi",
    "1.5Mi",
    "500m",
    "1gb",
    "+1",
    "-",
    ".5",
    "1.",
    "1E5",
    "1e",
    "m",
    "Pi",
    "1 Gi",
    "1Zi",
    "1\n",
    "0.1Ki",
  ],
  ...[
    "2026-11-01T12:00:00Z",
    "2026-11-01T12:00:00.123456Z",
    "2026-11-01",
    "2026-11-01T25:00:00Z",
    "2026-11-01 12:00:00",
  ],
  ...["aGk=", "aGk", "a G k=", "aG\nk=", "_-8=", "====", "YQ=="],
];

/** Fields of other places, misspelt ones, and hostile keys. */
const WORDS = [
  ...[
    "spce",
    "Spec",
    "name",
    "Name",
    "labels",
    "image",
    "ports",
    "replicas",
    "port",
    "metadata",
    "kind",
    "spec",
    "status",
  ],
  ...[
    "selector",
    "type",
    "data",
    "",
    "a.b",
    "a/b",
    "__proto__",
    "constructor",
    "toString",
    "x y",
    "0",
    "items",
    "NAME",
  ],
];

/** What the client makes the URL of. */
const IN_THE_URL = /^(apiVersion|kind|metadata\.namespace)$/;

/** So many mutants of each of these objects, the same for the same seed. */
export function structuralMutants(objects: readonly Resource[], each: number, seed: number): Mutant[] {
  const random = randomFrom(seed);
  return objects.flatMap((object) => Array.from({ length: each }, () => mutate(object, random)));
}

/** So many slips of the pen in each of these objects: a letter too few, a capital, a number or boolean in quotes. */
export function slips(objects: readonly Resource[], each: number, seed: number): Mutant[] {
  const random = randomFrom(seed);
  return objects.flatMap((right) =>
    Array.from({ length: each }, () => {
      const object = structuredClone(right);
      const paths = [...pathsOf(object, [])].filter(
        (path) => typeof path.at(-1) === "string" && !/^(apiVersion|kind|metadata)/.test(path.join(".")),
      );
      const path = random.pick(paths);
      const [owner, key] = [valueAt(object, path.slice(0, -1)) as Mapping, String(path.at(-1))];
      const value = owner[key];
      const isQuoted = typeof value === "number" || typeof value === "boolean";
      if (isQuoted && random.chance(0.5)) owner[key] = String(value);
      else {
        const at = random.below(key.length);
        const slip = random.chance(0.5) ? key.slice(0, at) + key.slice(at + 1) : key.toUpperCase();
        delete owner[key];
        define(owner, slip, value);
      }
      return { name: `${right.kind}: ${path.join(".")}`, object };
    }),
  );
}

function mutate(right: Resource, random: Random): Mutant {
  const object = structuredClone(right);
  const done = [change(object as unknown as Mapping, random)];
  if (random.chance(0.2)) done.push(change(object as unknown as Mapping, random));
  return { name: `${right.kind}: ${done.join("; ")}`, object };
}

function change(object: Mapping, random: Random): string {
  const paths = [...pathsOf(object, [])];
  const mappings = paths.filter((path) => isMapping(valueAt(object, path)));
  if (random.chance(0.45)) {
    const path = random.pick(mappings);
    const word = random.pick(WORDS);
    if (path.length === 0 && ["kind", "metadata"].includes(word)) return "nothing";
    const value = random.chance(0.5) ? anyValue(random) : "a";
    define(valueAt(object, path) as Mapping, word, value);
    return `${JSON.stringify(word)} = ${JSON.stringify(value)?.slice(0, 40)} in ${path.join(".")}`;
  }
  const path = random.pick(paths.filter((p) => p.length > 0 && !IN_THE_URL.test(p.join("."))));
  const value = anyValue(random);
  const owner = valueAt(object, path.slice(0, -1));
  const last = path.at(-1)!;
  if (Array.isArray(owner) && random.chance(0.2)) owner.push(value);
  else define(owner as Mapping, String(last), value);
  return `${path.join(".")} = ${JSON.stringify(value)?.slice(0, 40)}`;
}

/** A copy: another change may be inside of it. */
function anyValue(random: Random): unknown {
  return structuredClone(random.pick(VALUES));
}

/** Also where the key is `__proto__`. */
function define(owner: Mapping, key: string, value: unknown): void {
  Object.defineProperty(owner, key, { value, enumerable: true, configurable: true, writable: true });
}

function* pathsOf(value: unknown, path: Path): Generator<Path> {
  yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, item] of Object.entries(value))
    yield* pathsOf(item, [...path, Array.isArray(value) ? Number(key) : key]);
}

function valueAt(object: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    object,
  );
}

function isMapping(value: unknown): value is Mapping {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
