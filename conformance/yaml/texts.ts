import { type Random, randomFrom } from "../policies/random.ts";
import { ODD_SCALARS } from "./hostile-strings.ts";

const HEAD = "apiVersion: v1\nkind: Widget\nmetadata: {name: web}\nspec:\n";
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
]; // prettier-ignore

/** Corners of the grammar and of how files are cut, one each. `HEAD` ends in `spec:`. */
export const CORNERS: readonly string[] = [
  ...[
    "- &a\n  - b",
    "- !!str\n  - b",
    "-\n  -\n  - a",
    "- - a\n    - b\n  - c",
    "- a: 1\n    b:\n    - 1\n    c: 2",
    "a:\n  - 1\n  -\n  b:",
    "? - a\n  : b",
    "? a\n  ? b\n  : c",
  ],
  ...[
    "a: &x\n  b: *x",
    "a: &x 1\n  b: &x 2\n  c: *x",
    "a: &x [1]\n  b: *x\n  *x : 1",
    "&k a: 1\n  *k : 2",
    "a: *x\n  b: &x 1",
    "a: &x [*x]",
    "a: & 1",
    "a: &x{b: 1}",
    "a: *x,",
  ],
  ...[
    "<<: [{a: 1}, {a: 2, b: 2}]\n  b: 3",
    "b: 3\n  <<: {a: 1, b: 2}",
    "<<: {<<: {a: 1}, a: 2}",
    "<<:",
    "<<: ~",
    "<<: [1]",
    '"<<": {a: 1}',
    "!!merge <<: {a: 1}",
    "! <<: {a: 1}",
    "<<: {a: 1}\n  <<: {a: 2}",
    "a: <<",
    "- <<",
  ],
  ...[
    "[a, b,]",
    "[a,,b]",
    "[,a]",
    "{a: 1,}",
    "{,}",
    "{a, b}",
    "{a: 1 b: 2}",
    "[a: 1, b]",
    "[a: 1: 2]",
    "[? a : b]",
    "[? a]",
    "[?]",
    "[:]",
    "{:}",
    "{? a : b}",
    "{? a}",
    "{a : b}",
    "{a :b}",
    '{"a":b}',
    "{a:b}",
    "{a: b:c}",
    "[a\n  b]",
    "[a\nb]",
    "[a #c\n  , b]",
    "[a#c]",
    "[- a]",
    "{- a}",
    "[[]]",
    "[{}]",
    "[a]: b",
    "{a: 1}: b",
    "[]: b",
    "{}\n  a: b",
    "[a] b",
    "'a' b",
    "]",
    "}",
    ",",
  ],
  ...[
    "|\n    a\n   b",
    "|\n    a\n  b: c",
    "|1\n    a",
    "|2\n    a",
    "|9\n  a",
    "|0\n  a",
    "|+-\n  a",
    "|12\n  a",
    "| a\n  b",
    "|#c\n    a",
    "| #c\n    a",
    "|\n\n\n    a\n\n",
    "|\n      \n    a",
    "|\n    a\n      \n",
    "|-\n    a\n      \n",
    "|+\n",
    "|",
    ">\n    a\n     b\n    c",
    ">\n    a\n\n\n    b",
    ">\n    a\n    \tb\n    c",
    ">\n\n    a",
    ">-\n    a\n\n",
    "|\n\ta",
    "|\n    \ta",
    "|\n   \ta",
  ].map((block) => `a: ${block}`),
  ...[
    "a: 'x\n\n    y'",
    "a: 'x\n  y'",
    "a: 'x\ny'",
    'a: "x\\\n    y"',
    'a: "x \\\n\n    y"',
    'a: "\\x41\\u00e9\\U0001F389\\N\\_\\L\\P\\e\\0"',
    'a: "\\/"',
    'a: "\\ud83c\\udf89"',
    'a: "\\xg"',
    'a: "\\U00110000"',
    'a: "\\\tb"',
    'a: "b\t\n  c"',
    "a: '",
    'a: "',
    "a: 'x\n---\n  y'",
    "a: 'x\n... \n  y'",
    '"a" : b',
    "'a':b",
    '"a":b',
    '"a"#c: b',
    "a: 'b'#c",
    "a:\tb",
    "a: b\t#c",
    "a\t: b",
    "\ta: b",
    "a:\n\t- b",
    "a: b\n\t",
    "a: b\n  \t\n  c: d",
    "a: b\n   \tc",
  ],
  ...[
    "a: b\n c: d",
    "a: b\n   c: d",
    "a: b\n   c",
    "a\n   b: c",
    "a:\n b",
    "a: - b",
    "a: ? b",
    "a: b: c",
    "a: b : c",
    "a: b:",
    "- a: b: c",
    "a: !!str : b",
    "a: @b",
    "a: %b",
    "%a: b",
    "a: b%c",
    "a: b\n%c",
    "? a",
    ": b",
    "? ",
    "?",
    "? a\n  b",
    "a: !<x> b",
    "a: !<> b",
    "a: !! b",
    "a: !%41b c",
    "a: !%zz c",
    "a: !!str,b",
    "a: !a!b c",
    "a: !str! b",
  ],
]
  .map((body) => `${HEAD}  ${body}\n`)
  .concat(
    [
      "---",
      "---\n...",
      "...",
      "a: 1\n---\n...",
      "---\n---\n",
      "--- a",
      "---a",
      "--- #a",
      "---#a",
      "---\t",
      "---\u00a0",
      "a: 1\n--- |\n x",
      "a: 1\n...\nb: 2",
      "a: 1\n...\n---\nb: 2",
      "a: 1\n... b",
      "a\rb: 1",
      "a: 1\r---\rb: 2",
      "\ufeff",
      "\ufeff---\na: 1",
      "---\n\ufeffa: 1",
      "\ufeff{}",
      "%YAML 1.1\n---\na: 1",
      "%a\na: 1",
    ],
    [
      "{}",
      "{} {}",
      "{}{}{}",
      "{}\n---\n{}",
      "{}{}\n---\n{}",
      "{}\na: 1",
      "{} a: 1",
      " {}",
      "\n\t{}",
      "\t{a: 1}",
      "{a: 1}",
      "{a: 1}\n---\nb: 1",
      '{} 1 true null "a" [1]',
      "{} x",
      "{} {} x",
      '{"a": 01}',
      '{"a": 1.}',
      '{"a": .5}',
      '{"a": -}',
      '{"a": +1}',
      '{"a": 1e400}',
      '{"a": -0}',
      '{"a": 0x1F}',
      '{"a": "\\ud800"}',
      '{"a": "\\ud83c\\udf89"}',
      '{"a": "\\x41"}',
      '{"a": "x\ny"}',
      '{"a": 1,}',
      "{'a': 1}",
      '{"a": 1} # c',
      '{"a": nul}',
      '{"a": trues}',
      '{"a":1}3e',
      '{"a":1}3.5.6',
      '{"a": 12345678901234567890}',
      '{"a": 123456789012345678901234567890}',
      "[1]",
      "1",
      "null",
    ],
    [
      `apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n- kind: Pod\n  metadata: {name: b}\n`,
      `apiVersion: v1\nkind: Pod\nitems: [{metadata: {name: a}}]\n`,
      `apiVersion: v1\nkind: List\nitems: [~]\n`,
      `apiVersion: v1\nkind: List\nitems: {}\n`,
      `apiVersion: v1\nkind: List\n`,
      `kind: List\nitems: []\n`,
    ],
  ); // prettier-ignore

const BITS = [
  "\n",
  " ",
  "  ",
  "\t",
  ":",
  ": ",
  "- ",
  "-",
  "? ",
  "#",
  " #",
  "{",
  "}",
  "[",
  "]",
  ",",
  "'",
  '"',
  "|",
  ">",
  "&a ",
  "*a",
  "!",
  "!!str ",
  "!!int ",
  "%",
  "@",
  "`",
  "\\",
  "\\x41",
  "---",
  "---\n",
  "...\n",
  "\n---\n",
  "--- #x\n",
  "<<: ",
  "a",
  "1",
  "0x",
  ".",
  "~",
  "null",
  "\r",
  "\r\n",
  "\u0085",
  "\u2028",
  "é",
  "=",
  "key: value\n",
  "\n  ",
  "\n    ",
  "yes",
  "+",
  "|+\n",
  ">-\n ",
  '"x": ',
  "{a: b}",
  "[x]",
  "\\/",
  "\\u00e9",
  "*base",
  "&base ",
  "\n- ",
  "kind: PodList\n",
]; // prettier-ignore

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
