/** A regular expression as RE2 and JavaScript both read it. */
export type PatternNode =
  | { readonly op: "character"; readonly test: (code: number) => boolean }
  | { readonly op: "start" | "end" }
  | { readonly op: "sequence" | "either"; readonly of: readonly PatternNode[] }
  /** `most` is absent where there is no bound. */
  | { readonly op: "repeat"; readonly of: PatternNode; readonly least: number; readonly most?: number };

type Test = (code: number) => boolean;

/** Thrown inside this file for what is not read. */
class NotRead extends Error {
  override readonly name = "NotRead";
}

const LONGEST_PATTERN = 2000;
const MAX_NESTING = 50;
/** RE2's own bound of `{n,m}`. */
const MAX_REPEAT = 1000;

/** The parts of a pattern; `undefined` when it is broken, too long, or has what is not read here. */
export function parsePattern(source: string): PatternNode | undefined {
  if (source.length > LONGEST_PATTERN) return undefined;
  const parser: Parser = { characters: [...source], at: 0, nesting: 0 };
  try {
    const node = either(parser);
    return parser.at === parser.characters.length ? node : undefined;
  } catch (error) {
    if (error instanceof NotRead) return undefined;
    throw error;
  }
}

interface Parser {
  readonly characters: readonly string[];
  at: number;
  nesting: number;
}

function either(parser: Parser): PatternNode {
  const of = [sequence(parser)];
  while (takes(parser, "|")) of.push(sequence(parser));
  return of.length === 1 ? of[0]! : { op: "either", of };
}

function sequence(parser: Parser): PatternNode {
  const of: PatternNode[] = [];
  while (parser.at < parser.characters.length && !"|)".includes(parser.characters[parser.at]!))
    of.push(repeated(parser));
  return { op: "sequence", of };
}

function repeated(parser: Parser): PatternNode {
  const node = atom(parser);
  const times = repetition(parser);
  if (times === undefined) return node;
  takes(parser, "?"); // Lazy: which match is taken does not matter here.
  if (repetition(parser) !== undefined) throw new NotRead();
  return { op: "repeat", of: node, ...times };
}

function repetition(parser: Parser): { readonly least: number; readonly most?: number } | undefined {
  if (takes(parser, "*")) return { least: 0 };
  if (takes(parser, "+")) return { least: 1 };
  if (takes(parser, "?")) return { least: 0, most: 1 };
  if (parser.characters[parser.at] !== "{") return undefined;
  const rest = parser.characters.slice(parser.at, parser.at + 12).join("");
  const match = /^\{([0-9]{1,4})(?:(,)([0-9]{0,4}))?\}/.exec(rest);
  if (!match) throw new NotRead();
  parser.at += match[0].length;
  const least = Number(match[1]);
  const most = match[2] === undefined ? least : match[3] === "" ? undefined : Number(match[3]);
  if (Math.max(least, most ?? 0) > MAX_REPEAT || (most !== undefined && most < least)) throw new NotRead();
  return most === undefined ? { least } : { least, most };
}

function atom(parser: Parser): PatternNode {
  const character = parser.characters[parser.at++]!;
  switch (character) {
    case "(":
      return group(parser);
    case "[":
      return { op: "character", test: characterClass(parser) };
    case ".":
      return { op: "character", test: (code) => code !== 10 };
    case "^":
      return { op: "start" };
    case "$":
      return { op: "end" };
    case "\\":
      return { op: "character", test: escaped(parser) };
    case "*":
    case "+":
    case "?":
    case "{":
    case "}":
    case "]":
      throw new NotRead();
    default:
      return { op: "character", test: only(character) };
  }
}

function group(parser: Parser): PatternNode {
  if (takes(parser, "?") && !takes(parser, ":")) throw new NotRead();
  if (++parser.nesting > MAX_NESTING) throw new NotRead();
  const node = either(parser);
  parser.nesting--;
  if (!takes(parser, ")")) throw new NotRead();
  return node;
}

function characterClass(parser: Parser): Test {
  const negated = takes(parser, "^");
  const tests: Test[] = [];
  do {
    const [low, test] = classItem(parser);
    const isRange = parser.characters[parser.at] === "-" && parser.characters[parser.at + 1] !== "]";
    if (!isRange) tests.push(test);
    else {
      parser.at++;
      const [high] = classItem(parser);
      if (low === undefined || high === undefined || high < low) throw new NotRead();
      tests.push((code) => code >= low && code <= high);
    }
  } while (!takes(parser, "]"));
  return (code) => tests.some((test) => test(code)) !== negated;
}

/** One character of a class with its code, or an escape that stands for several. */
function classItem(parser: Parser): readonly [number | undefined, Test] {
  const character = parser.characters[parser.at++];
  if (character === undefined || character === "[") throw new NotRead();
  if (character !== "\\") return [character.codePointAt(0), only(character)];
  const next = parser.characters[parser.at];
  const test = escaped(parser);
  const code = next !== undefined && Object.hasOwn(CONTROL, next) ? CONTROL[next] : next?.codePointAt(0);
  return [next !== undefined && Object.hasOwn(CLASSES, next) ? undefined : code, test];
}

const CONTROL: Readonly<Record<string, number>> = { t: 9, n: 10, f: 12, r: 13 };
const isDigit: Test = (code) => code >= 48 && code <= 57;
const isWord: Test = (code) =>
  isDigit(code) || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
/** RE2's, which has neither the vertical tab nor Unicode's. */
const isSpace: Test = (code) => code === 9 || code === 10 || code === 12 || code === 13 || code === 32;
const CLASSES: Readonly<Record<string, Test>> = {
  d: isDigit,
  D: (code) => !isDigit(code),
  w: isWord,
  W: (code) => !isWord(code),
  s: isSpace,
  S: (code) => !isSpace(code),
};

function escaped(parser: Parser): Test {
  const character = parser.characters[parser.at++];
  if (character === undefined) throw new NotRead();
  if (Object.hasOwn(CLASSES, character)) return CLASSES[character]!;
  if (Object.hasOwn(CONTROL, character)) return (code) => code === CONTROL[character];
  if (/[A-Za-z0-9]/.test(character) || character.codePointAt(0)! > 126) throw new NotRead();
  return only(character);
}

function only(character: string): Test {
  const wanted = character.codePointAt(0);
  return (code) => code === wanted;
}

function takes(parser: Parser, character: string): boolean {
  if (parser.characters[parser.at] !== character) return false;
  parser.at++;
  return true;
}
