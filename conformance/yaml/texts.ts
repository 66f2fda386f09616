import { type Random, randomFrom } from "../policies/random.ts";
import { HEAD } from "./head.ts";
import { ODD_SCALARS } from "./hostile-strings.ts";

const TAGS = [
  "!!str",
  "!!int",
  "!!float",
  "!!bool",
  "!!null",
  "!!timestamp",
  "!!binary",
  "!!merge",
  "!foo",
  "!",
  "!!seq",
  "!<tag:yaml.org,2002:int>",
  "!e!x",
  "&a",
  "&a !!str",
];

/** Each odd scalar in each place of the grammar where a scalar may stand. */
export function scalarTexts(): string[] {
  return ODD_SCALARS.flatMap((s) => [
    ...[
      `a: ${s}`,
      `${s}: v`,
      `- ${s}`,
      `a: [${s}]`,
      `a: {${s}: v}`,
      `a: {${s}}`,
      `a: "${s}"`,
      `a: '${s}'`,
      `? ${s}\n  : v`,
      `a: x ${s}`,
    ].map((t) => `${HEAD}  ${t}\n`),
    ...[
      `a: x\n   ${s}`,
      `a: [x, ${s}, y]`,
      `a: {k: ${s}, j: w}`,
      `a: |\n    ${s}`,
      `a: >\n    x\n    ${s}\n    y`,
      `a: x #${s}`,
      s,
    ].map((t) => `${HEAD}  ${t}\n`),
    ...TAGS.flatMap((tag) => [`a: ${tag} ${s}`, `a: ${tag} "${s}"`, `${tag} ${s}: 1`]).map(
      (t) => `${HEAD}  ${t}\n`,
    ),
    `${HEAD}  a: ${s}`,
    s,
    `${s}\n`,
    `${s}: 1`,
  ]);
}

/** Whole files with every feature of the language, from which `mutatedTexts` starts. */
export const SEEDS: readonly string[] = [
  `apiVersion: v1
kind: Widget
metadata:
  name: web
  labels: {a: b, "c": 'd'}
spec:
  - a: 1
    b: [x, yes, {z: w}]
  - |
    text
     more

    end
  - >-
    folded
    text

    para
  - "double \\n escaped
    continued"
  - 'single ''quoted''
    continued'
`,
  `---
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Secret
  metadata: {name: first}
- {apiVersion: v1, kind: Widget, metadata: {name: second}}
---
# a comment
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations:
    k: v # comment
    ? complex
    : value
`,
  `apiVersion: v1
kind: Widget
metadata: &meta
  name: web
base: &base
  a: 1
  c: [1, 2]
use:
  <<: *base
  a: 2
more: {<<: [*base, *meta], d: *base}
list: [*base, &q x, *q]
`,
  `{"apiVersion":"v1","kind":"Widget","metadata":{"name":"web"},"a":[1,2.5,-3e4,true,null,"s\\u00e9\\n"]}
{"apiVersion":"v1","kind":"Service","metadata":{"name":"other"}}
`,
  `{
  "apiVersion": "v1",
  "kind": "PodList",
  "items": [{"metadata": {"name": "one"}}, {"metadata": {"name": "two"}, "n": 1e3}]
}
---
{"apiVersion": "v1", "kind": "Widget", "metadata": {"generateName": "x-"}}
`,
  `apiVersion: v1
kind: Widget
metadata: {name: web}
data:
  a: |2-
     x
    y
  b: >+1
    z


  c:
  - - 1
    - 2
  - ? a
    : b
  d: multi
   line

   plain
  e: !!str 12
  f: !!binary aGVsbG8=
  "g h": ~
  i: {a: , b, c: {}, d: []}
  j: ["x", 'y'
, z]
  k: "{\\"a\\": 1}"
  l: |+

    m

  n:
...
`,
];

// biome-ignore format: a line each would be a page
const BITS = [
  "\n", " ", "  ", "\t", ":", ": ", "- ", "-", "? ", "#", " #", "{", "}", "[", "]", ",", "'", '"', "|", ">",
  "&a ", "*a", "!", "!!str ", "!!int ", "%", "@", "`", "\\", "\\x41", "---", "---\n", "...\n", "\n---\n",
  "--- #x\n", "<<: ", "a", "1", "0x", ".", "~", "null", "\r", "\r\n", "\u0085", "\u2028", "é", "=",
  "key: value\n", "\n  ", "\n    ", "yes", "+", "|+\n", ">-\n ", '"x": ', "{a: b}", "[x]", "\\/", "\\u00e9",
  "*base", "&base ", "\n- ", "kind: PodList\n",
];

/** Files with one to four random edits each, the same ones for the same seed. */
export function mutatedTexts(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    let text = random.pick(SEEDS);
    for (let edits = 1 + random.below(4); edits > 0; edits--) text = edited(text, random);
    return text;
  });
}

function edited(text: string, random: Random): string {
  // Whole characters, so that no edit leaves half of a surrogate pair.
  const characters = [...text];
  const at = random.below(characters.length + 1);
  const kind = random.below(100);
  if (kind < 45) characters.splice(at, 0, random.pick(BITS));
  else if (kind < 65) characters.splice(at, 1 + random.below(3));
  else if (kind < 80) characters.splice(at, 1, random.pick(BITS));
  else {
    const from = random.below(characters.length);
    characters.splice(at, 0, ...characters.slice(from, from + random.below(30)));
  }
  return characters.join("");
}
