import type { CorefileCase } from "../components/coredns.ts";
import { type Random, randomFrom } from "../policies/random.ts";
import { STATEMENTS, WORDS } from "./statements.ts";

/** Files that statements name, beside certificates. */
export const FILES: Readonly<Record<string, string>> = {
  "zone.db":
    "$ORIGIN example.test.\n@ 60 IN SOA ns.example.test. a.example.test. 1 60 60 60 60\n@ 60 IN NS ns\nns 60 IN A 10.0.0.1\n",
  "hosts.txt": "10.0.0.1 a.test\n",
  "weights.txt": "",
  "zones/db.example.test": "",
};

const HEADS = [
  "example.test",
  ".:1053",
  "example.test a.test:1053",
  "10.0.0.0/8",
  "tls://example.test",
  "example.test 10.in-addr.arpa",
];

function lines(statement: string): string[][] {
  return statement.split("|").map((line) => line.match(/"[^"]*"|\S+/g) ?? []);
}

function text(found: readonly (readonly string[])[]): string {
  return found.map((line) => `  ${line.join(" ")}\n`).join("");
}

function block(head: string, body: string): string {
  return `${head} {\n${body}}\n`;
}

/** One change to one place: a word in, out, doubled or changed; a line out, doubled or moved. */
function change(
  random: Random,
  found: readonly (readonly string[])[],
  options: readonly string[],
): string[][] {
  const copy = found.map((line) => [...line]);
  if (copy.length === 0) return copy;
  const at = random.below(copy.length);
  const line = copy[at]!;
  const word = random.below(line.length);
  const braces = line.some((one) => one === "{" || one === "}");
  const changes: (() => void)[] = [
    () => line.splice(Math.max(1, word), word === 0 ? 0 : 1, random.pick(WORDS)),
    () => line.splice(braces ? 1 : word + 1, 0, random.pick(WORDS)),
    () => line.splice(Math.max(braces ? 1 : 0, word), line[word] === "{" || line[word] === "}" ? 0 : 1),
    () => {
      const other = random.pick(options);
      if (!braces && at > 0) line[0] = other;
    },
    () => {
      if (!braces) copy.splice(at, 0, [...line]);
    },
    () => {
      if (!braces) copy.splice(at, 1);
    },
    () => {
      if (!braces && at > 0) copy.splice(at, 0, [random.pick(options), random.pick(WORDS)]);
    },
  ];
  random.pick(changes)();
  return copy.filter((one) => one.length > 0);
}

/** Every statement alone, in each kind of server block. */
export function wholeCases(): CorefileCase[] {
  return Object.values(STATEMENTS)
    .flat()
    .flatMap((statement) =>
      HEADS.map((head) => ({ text: block(head, text(lines(statement))), files: FILES })),
    );
}

/** Changed statements, and blocks of several, the same for the same seed. */
export function changedCases(count: number, seed: number): CorefileCase[] {
  const random = randomFrom(seed);
  const plugins = Object.keys(STATEMENTS).filter((name) => STATEMENTS[name]!.length > 0);
  const optionsOf = new Map(
    plugins.map((name) => [
      name,
      [...new Set(STATEMENTS[name]!.flatMap((one) => lines(one).map((line) => line[0]!))), "nope"].filter(
        (one) => one !== "}" && one !== name,
      ),
    ]),
  );
  return Array.from({ length: count }, (_, i) => {
    const name = plugins[i % plugins.length]!;
    let found = lines(random.pick(STATEMENTS[name]!));
    for (let left = random.pick([1, 1, 1, 2, 3]); left > 0; left--)
      found = change(random, found, optionsOf.get(name)!);
    const other = random.chance(0.15) ? text(lines(random.pick(STATEMENTS[random.pick(plugins)]!))) : "";
    return { text: block(random.pick(HEADS), text(found) + other), files: FILES };
  });
}

/** Every statement that has options once for each of them, with this option alone. */
export function optionCases(): CorefileCase[] {
  return Object.values(STATEMENTS)
    .flat()
    .flatMap((statement) => {
      const all = lines(statement);
      return all
        .slice(1, -1)
        .map((option) => ({ text: block("example.test", text([all[0]!, option, ["}"]])), files: FILES }));
    });
}
