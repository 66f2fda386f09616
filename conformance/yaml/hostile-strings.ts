import { randomFrom } from "../policies/random.ts";

/** Scalars that one reader or another takes for something else than text, or for another text. */
export const ODD_SCALARS: readonly string[] = (
  "y Y yes Yes YES yEs n N no No NO on On ON oN off Off OFF true True TRUE tRue false null Null NULL nULL ~ ~~ 0 00 01 07 08 09 010 " +
  "0777 0o17 0O17 0o8 0x1F 0X1f -0x1F +0x1F 0xg 0b101 0B11 0b12 -0b11 +0b11 0b-1 0b+1 0b--1 -0b-1 1_000 1__0 _1 1_ 0_7 0x_1F " +
  "0b1_0 -1_0 +1_0 1.5 1. .5 -.5 +.5 . .. ... -. +. 1e3 1E3 1e+3 1e-3 .5e3 1.e3 e3 1e 1e+ 12e03 1_0.5 1_0e1_0 .1_0 ._1 .1__0 .1_ " +
  ".1e1_0 .inf .Inf .INF -.inf +.inf .iNF inf Infinity .nan .NaN .NAN nan NaN -.nan 1e400 -1e400 .1e400 1e-400 9007199254740993 " +
  "9223372036854775807 9223372036854775808 18446744073709551615 18446744073709551616 -9223372036854775808 -9223372036854775809 " +
  "+9223372036854775808 0xFFFFFFFFFFFFFFFF 0x1FFFFFFFFFFFFFFFF 0777777777777777777777777 01777777777777777777777 0000000000000017 -0 " +
  "+0 -0.0 0.0 1:30 190:20:30 1:30.5 2001-01-01 2001-1-1 2001-12-14t21:59:43.10-05:00 2001-13-01 12-34 = << <<x - -- --- -a -1a a-b " +
  "a:b a: :a :: ?a a? ?x #a a#b a,b [a {a a] a} @a `a %a a%b ! !a !!str !!int &a &a& *a | >a |a a|b 'a' \"a\" ''a 'a'b \"a\"b \\a a\\nb " +
  "1,000 1'000 £ é 日本 🎉 🎉:🎉 0.1 1.10 100000.0 1000000.0 1234567.0 16777217.0 1e10 3.4028236e38 1e39 1e-10 0.00001 0.0001 1.1e1 " +
  "6.02e23 0x 0b 0o 0X 0e 0e5 0e0 1e0 -e +e .e 0xCAFE_BABE 1_2_3 +1 ++1 +-1 --1 0+1 1+1 10Gi 100m 5s 1.2.3 8.8.8.8 10.0.0.0/8 " +
  "aGVsbG8= aGVsbG8 aGk= //// 2001-02-30 2004-02-29 2001-01-01T25:00:00Z"
)
  .split(" ")
  .concat(
    "",
    "> ",
    "a b",
    "2001-01-01 1:2:3",
    "a\u0085b",
    "a\u2028b",
    "\ufeffa",
    "a\ufeffb",
    "\u00a0",
    "\u00a0a",
    "a\u00a0",
    "a : b",
    "a #b",
    "a\tb",
  );

// biome-ignore format: a line each would be a page
const SPECIAL = [
  "\n", "\n\n", " ", "  ", "\t", "\r", "\r\n", ":", ": ", " :", " #", "#", "- ", "-", "? ", "{", "}", "[",
  "]", ",", "'", '"', "\\", "|", ">", "&", "*", "!", "%", "@", "`", "---", "...", "--- ", "<<", "=", "~",
  "\0", "\x07", "\x1b", "\x7f", "\x80", "\x85", "\x9f", "\xa0", "\xad", "\u200b", "\u2028", "\u2029",
  "\ufeff", "\ufffd", "\ufffe", "\uffff", "é", "日", "🎉", "\u{10ffff}", "a", "b", "0", "1", "x", "e", "_",
  ".", "+", "on", "null", "1e3",
];

/** At least ten thousand different texts that writers get wrong, none with half a surrogate pair. */
export function hostileStrings(): string[] {
  const random = randomFrom(20261122);
  const texts = new Set<string>(ODD_SCALARS);
  for (let code = 0; code < 0x300; code++) {
    const character = String.fromCodePoint(code);
    for (const text of [
      character,
      `a${character}`,
      `${character}a`,
      `a${character}b`,
      `a ${character} b`,
      `a\n${character}\nb`,
    ])
      texts.add(text);
  }
  for (const a of SPECIAL) for (const b of SPECIAL) texts.add(a + b).add(`x${a}${b}x`);
  for (const text of ODD_SCALARS)
    texts
      .add(` ${text}`)
      .add(`${text} `)
      .add(`${text}\n`)
      .add(`\n${text}`)
      .add(`x\n${text}\n`)
      .add(`x\n\n ${text}`)
      .add(`${text}:`)
      .add(`- ${text}`);
  for (const text of [
    "---\na: b\n",
    "#!/bin/sh\nset -e\n\techo $1\n",
    ".:53 {\n    errors\n    forward . /etc/resolv.conf\n}\n",
    `${"k".repeat(2000)}`,
    `${"é\n".repeat(300)}`,
  ])
    texts.add(text).add(text.trimEnd()).add(`${text}\n\n`).add(` ${text}`);
  while (texts.size < 20_000) {
    const length = 1 + random.below(12);
    texts.add(Array.from({ length }, () => random.pick(SPECIAL)).join(""));
  }
  return [...texts];
}

/**
 * Different texts of one to 40 pieces, the same ones for the same seed: what writers get wrong, beside any character of
 * Unicode. None with half a surrogate pair.
 */
export function fuzzedStrings(count: number, seed: number): string[] {
  const random = randomFrom(seed);
  const piece = () => {
    const kind = random.below(10);
    if (kind < 4) return random.pick(SPECIAL);
    if (kind < 6) return random.pick(ODD_SCALARS);
    if (kind < 9) return String.fromCodePoint(0x20 + random.below(0x5f));
    const code = random.below(0x110000 - 0x800);
    return String.fromCodePoint(code < 0xd800 ? code : code + 0x800);
  };
  const texts = new Set<string>();
  while (texts.size < count) {
    const length = 1 + random.below(random.chance(0.1) ? 40 : 8);
    texts.add(Array.from({ length }, piece).join(""));
  }
  return [...texts];
}
