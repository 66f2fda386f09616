const PARTS = [
  ..."a b c . \\. [ab] [^a] \\d \\w ^ $ \\b (?: ( (?P<n> | * + ? {2} {1,2} *? +? ?? ) ) - (?i) (?i: [a-c0-2] [[:alpha:]] \\B \\A \\z".split(
    " ",
  ),
  ..."\\s [ ] \\pL (?U) (?s). {,2} { x \\x61 \\Qa.b\\E \\141 (?-i) \\pX \\C".split(" "),
];
const LETTERS = ["a", "b", "c", "-", "1", "x", "a", "b"];

/** Expressions, most of them odd and half of them wrong, with names to look in. */
export function randomExpressions(
  seed: number,
  count: number,
): readonly { readonly pattern: string; readonly text: string }[] {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const some = (list: readonly string[], least: number, most: number) =>
    Array.from(
      { length: least + Math.floor(random() * (most - least + 1)) },
      () => list[Math.floor(random() * list.length)]!,
    ).join("");
  return Array.from({ length: count }, () => ({
    pattern: some(PARTS, 1, 6),
    text: `${some(LETTERS, 1, 4)}.${some(LETTERS, 1, 4)}`,
  }));
}
