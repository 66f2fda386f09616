import { HEAD } from "./head.ts";

/** Corners of the grammar, below `spec:`. */
// biome-ignore format: a line each would be a page
const INSIDE: readonly string[] = [
  "- &a\n  - b", "- !!str\n  - b", "-\n  -\n  - a", "- - a\n    - b\n  - c",
  "- a: 1\n    b:\n    - 1\n    c: 2", "a:\n  - 1\n  -\n  b:", "? - a\n  : b", "? a\n  ? b\n  : c",
  "a: &x\n  b: *x", "a: &x 1\n  b: &x 2\n  c: *x", "a: &x [1]\n  b: *x\n  *x : 1", "&k a: 1\n  *k : 2",
  "a: *x\n  b: &x 1", "a: &x [*x]", "a: & 1", "a: &x{b: 1}", "a: *x,", "<<: [{a: 1}, {a: 2, b: 2}]\n  b: 3",
  "b: 3\n  <<: {a: 1, b: 2}", "<<: {<<: {a: 1}, a: 2}", "<<:", "<<: ~", "<<: [1]", "\"<<\": {a: 1}",
  "!!merge <<: {a: 1}", "! <<: {a: 1}", "<<: {a: 1}\n  <<: {a: 2}", "a: <<", "- <<", "[a, b,]", "[a,,b]",
  "[,a]", "{a: 1,}", "{,}", "{a, b}", "{a: 1 b: 2}", "[a: 1, b]", "[a: 1: 2]", "[? a : b]", "[? a]", "[?]",
  "[:]", "{:}", "{? a : b}", "{? a}", "{a : b}", "{a :b}", "{\"a\":b}", "{a:b}", "{a: b:c}", "[a\n  b]",
  "[a\nb]", "[a #c\n  , b]", "[a#c]", "[- a]", "{- a}", "[[]]", "[{}]", "[a]: b", "{a: 1}: b", "[]: b",
  "{}\n  a: b", "[a] b", "'a' b", "]", "}", ",", "a: |\n    a\n   b", "a: |\n    a\n  b: c", "a: |1\n    a",
  "a: |2\n    a", "a: |9\n  a", "a: |0\n  a", "a: |+-\n  a", "a: |12\n  a", "a: | a\n  b", "a: |#c\n    a",
  "a: | #c\n    a", "a: |\n\n\n    a\n\n", "a: |\n      \n    a", "a: |\n    a\n      \n",
  "a: |-\n    a\n      \n", "a: |+\n", "a: |", "a: >\n    a\n     b\n    c", "a: >\n    a\n\n\n    b",
  "a: >\n    a\n    \tb\n    c", "a: >\n\n    a", "a: >-\n    a\n\n", "a: |\n\ta", "a: |\n    \ta",
  "a: |\n   \ta", "a: 'x\n\n    y'", "a: 'x\n  y'", "a: 'x\ny'", "a: \"x\\\n    y\"", "a: \"x \\\n\n    y\"",
  "a: \"\\x41\\u00e9\\U0001F389\\N\\_\\L\\P\\e\\0\"", "a: \"\\/\"", "a: \"\\ud83c\\udf89\"", "a: \"\\xg\"",
  "a: \"\\U00110000\"", "a: \"\\\tb\"", "a: \"b\t\n  c\"", "a: '", "a: \"", "a: 'x\n---\n  y'",
  "a: 'x\n... \n  y'", "\"a\" : b", "'a':b", "\"a\":b", "\"a\"#c: b", "a: 'b'#c", "a:\tb", "a: b\t#c",
  "a\t: b", "\ta: b", "a:\n\t- b", "a: b\n\t", "a: b\n  \t\n  c: d", "a: b\n   \tc", "a: b\n c: d",
  "a: b\n   c: d", "a: b\n   c", "a\n   b: c", "a:\n b", "a: - b", "a: ? b", "a: b: c", "a: b : c", "a: b:",
  "- a: b: c", "a: !!str : b", "a: @b", "a: %b", "%a: b", "a: b%c", "a: b\n%c", "? a", ": b", "? ", "?",
  "? a\n  b", "a: !<x> b", "a: !<> b", "a: !! b", "a: !%41b c", "a: !%zz c", "a: !!str,b", "a: !a!b c",
  "a: !str! b",
];

/** Corners of how files are cut, of JSON and of lists. */
// biome-ignore format: a line each would be a page
const WHOLE: readonly string[] = [
  "---", "---\n...", "...", "a: 1\n---\n...", "---\n---\n", "--- a", "---a", "--- #a", "---#a", "---\t",
  "---\u00a0", "a: 1\n--- |\n x", "a: 1\n...\nb: 2", "a: 1\n...\n---\nb: 2", "a: 1\n... b", "a\rb: 1",
  "a: 1\r---\rb: 2", "\ufeff", "\ufeff---\na: 1", "---\n\ufeffa: 1", "\ufeff{}", "%YAML 1.1\n---\na: 1",
  "%a\na: 1", "{}", "{} {}", "{}{}{}", "{}\n---\n{}", "{}{}\n---\n{}", "{}\na: 1", "{} a: 1", " {}",
  "\n\t{}", "\t{a: 1}", "{a: 1}", "{a: 1}\n---\nb: 1", "{} 1 true null \"a\" [1]", "{} x", "{} {} x",
  "{\"a\": 01}", "{\"a\": 1.}", "{\"a\": .5}", "{\"a\": -}", "{\"a\": +1}", "{\"a\": 1e400}", "{\"a\": -0}",
  "{\"a\": 0x1F}", "{\"a\": \"\\ud800\"}", "{\"a\": \"\\ud83c\\udf89\"}", "{\"a\": \"\\x41\"}",
  "{\"a\": \"x\ny\"}", "{\"a\": 1,}", "{'a': 1}", "{\"a\": 1} # c", "{\"a\": nul}", "{\"a\": trues}",
  "{\"a\":1}3e", "{\"a\":1}3.5.6", "{\"a\": 12345678901234567890}",
  "{\"a\": 123456789012345678901234567890}", "[1]", "1", "null",
  "apiVersion: v1\nkind: PodList\nitems:\n- metadata: {name: a}\n- kind: Pod\n  metadata: {name: b}\n",
  "apiVersion: v1\nkind: Pod\nitems: [{metadata: {name: a}}]\n", "apiVersion: v1\nkind: List\nitems: [~]\n",
  "apiVersion: v1\nkind: List\nitems: {}\n", "apiVersion: v1\nkind: List\n", "kind: List\nitems: []\n",
];

/** Below `spec:` again, where the last line of the file is not ended. */
const UNENDED = [
  "a: |\n    x",
  "a: |+\n    x",
  "a: >\n    x",
  "a: |\n    x\n    ",
  "a: 'x'",
  "a: x #c",
  "a:",
  "a: |",
  "a: |\r\n    x\r\n    y\r",
];

/** One text for each corner of the grammar and of how files are cut, that a reader may get wrong. */
export const CORNERS: readonly string[] = [
  ...INSIDE.map((body) => `${HEAD}  ${body}\n`),
  ...UNENDED.map((body) => `${HEAD}  ${body}`),
  ...WHOLE,
];
