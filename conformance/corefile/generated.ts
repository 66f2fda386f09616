import { type Random, randomFrom } from "../policies/random.ts";
import { handMadeCases, SURROUNDINGS } from "./cases.ts";
import type { ParserCase } from "./oracle.ts";

const PIECES = [
  "{",
  "}",
  "{\n",
  "\n}\n",
  "\n",
  "\n\n",
  " ",
  "\t",
  "\r\n",
  "\r",
  ",",
  ", ",
  '"',
  '""',
  '"a b"',
  "#",
  "# c\n",
  "\\",
  '\\"',
  "import ",
  "import s\n",
  "import one.conf\n",
  "import empty.conf\n",
  "import *.none\n",
  "import half.conf\n",
  "import keys.conf\n",
  "(s) {\nlog\n}\n",
  "(s)",
  "(t) {\nerrors\nimport s\n}\n",
  "import t\n",
  "{$A}",
  "{$LINES}",
  "{%A%}",
  "{$OPEN}",
  "{$COMMA}",
  "{$UNSET}",
  ". {\n",
  "a.test b.test:53 {\n",
  "whoami\n",
  "log\n",
  "log a b\n",
  "errors {\nx\n}\n",
  "cache 30 {\n",
  "forward . 1.1.1.1\n",
  "nope\n",
  "\u00a0",
  "\u2028",
  "\ufeff",
  "é",
] as const;

/** Files put together of pieces, most of which make no sense. */
function soup(random: Random): string {
  return Array.from({ length: 1 + random.below(16) }, () => random.pick(PIECES)).join("");
}

/** A file that makes sense: snippets, servers, plugins with blocks, comments, odd layout. */
function sensible(random: Random): string {
  const space = () => random.pick([" ", "  ", "\t", " \t "]);
  const end = () => random.pick(["\n", "\n", "\n", "\r\n", " # c\n", "\n\n", "\n# c {\n"]);
  const word = () =>
    random.pick([
      "a",
      "30",
      "1.1.1.1",
      '"b c"',
      '""',
      "{$A}",
      "x#y",
      '"\\"q\\""',
      "{%A%}",
      "tls://9.9.9.9",
      "é",
      '"l\nm"',
      "{$LINES}",
    ]);
  const words = () => Array.from({ length: random.below(4) }, () => space() + word()).join("");
  const line = (depth: number): string => {
    const name =
      depth === 0
        ? random.pick(SURROUNDINGS.directives)
        : random.pick(["ttl", "policy", "import", "1.1.1.1"]);
    if (depth > 0 && name === "import") return `import s${end()}`;
    const block = random.chance(0.3) && depth < 3 ? `${space()}{${end()}${lines(depth + 1)}}` : "";
    return `${"  ".repeat(depth)}${name}${words()}${block}${end()}`;
  };
  const lines = (depth: number): string =>
    Array.from({ length: random.below(4) }, () =>
      depth === 0 && random.chance(0.15)
        ? `import ${random.pick(["s", "t", "one.conf", "lines.conf"])}${end()}`
        : line(depth),
    ).join("");
  const key = () =>
    random.pick([".", "a.test", "b.test:1053", "10.0.0.0/8", "tls://c.test", "{$A}.test", '"d.test"']);
  const keys = () => Array.from({ length: 1 + random.below(3) }, key).join(random.pick([" ", ", ", ",\n"]));
  const server = () => `${keys()}${random.pick([" ", "\n", "  "])}{${end()}${lines(0)}}${end()}`;
  const snippets = random.chance(0.7)
    ? `(s) {${end()}log${end()}}${end()}(t) {\nimport s\nerrors a\n}\n`
    : "";
  return snippets + Array.from({ length: 1 + random.below(4) }, server).join("");
}

/** A text with a few letters or pieces taken out, doubled, put in or moved. */
function mutated(random: Random, text: string): string {
  let result = text;
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(result.length + 1);
    const length = random.below(6);
    result = random.pick([
      () => result.slice(0, at) + result.slice(at + 1 + length),
      () => result.slice(0, at) + random.pick(PIECES) + result.slice(at),
      () => result.slice(0, at) + result.slice(at, at + length).repeat(2) + result.slice(at + length),
      () => result.slice(0, at),
    ])();
  }
  return result;
}

/** `count` cases, the same for the same seed: a third soup, a third sensible, a third mutated. */
export function generatedCases(count: number, seed: number): ParserCase[] {
  const random = randomFrom(seed);
  const made = handMadeCases().map((one) => one.text);
  return Array.from({ length: count }, (_, i) => {
    const text =
      i % 3 === 0
        ? soup(random)
        : i % 3 === 1
          ? sensible(random)
          : mutated(random, random.chance(0.5) ? sensible(random) : random.pick(made));
    const { directives, ...rest } = SURROUNDINGS;
    return random.chance(0.5) ? { text, ...rest, directives } : { text, ...rest };
  });
}
