/** Code points from and to, both counted in. */
export type Ranges = readonly (readonly [number, number])[];

export const DIGIT: Ranges = [[48, 57]];
export const WORD: Ranges = [
  [48, 57],
  [65, 90],
  [95, 95],
  [97, 122],
];
export const SPACE: Ranges = [
  [9, 10],
  [12, 13],
  [32, 32],
];
/** `[:alpha:]` and the like. */
export const POSIX: Readonly<Record<string, Ranges>> = {
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: DIGIT,
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  word: WORD,
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
};

export function inRanges(ranges: Ranges): (letter: string) => boolean {
  return (letter) => {
    const code = letter.codePointAt(0)!;
    return ranges.some(([low, high]) => low <= code && code <= high);
  };
}

/** The set itself, or all that is not in it. */
export function sided(isPositive: boolean, has: (letter: string) => boolean): (letter: string) => boolean {
  return isPositive ? has : (letter) => !has(letter);
}

/** What `\p{NAME}` holds: a category or a script; `undefined`: no such name. */
export function unicodeSet(name: string): ((letter: string) => boolean) | undefined {
  for (const property of [name, `Script=${name}`])
    try {
      const one = new RegExp(`^\\p{${property}}$`, "u");
      return (letter) => one.test(letter);
    } catch {
      // Not a property of this kind.
    }
  return undefined;
}
