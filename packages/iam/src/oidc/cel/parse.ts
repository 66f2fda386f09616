/** An expression, as far as it is read: what of CEL (cel-spec, langdef) authentication rules are written with. */
export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "select"; readonly of: Expression; readonly field: string; readonly optional: boolean }
  | { readonly kind: "index"; readonly of: Expression; readonly at: Expression }
  /** A function, or a method when it has `of`. */
  | {
      readonly kind: "call";
      readonly of?: Expression;
      readonly name: string;
      readonly args: readonly Expression[];
    }
  | { readonly kind: "not"; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: "choice";
      readonly condition: Expression;
      readonly yes: Expression;
      readonly no: Expression;
    };

/** The expression uses what is not read here, or is none. */
export class CelUnread extends Error {
  override readonly name = "CelUnread";
}

const TOKEN =
  /\s*(?:(&&|\|\||[=!<>]=|\.\?|[-+!<>?:.,()[\]])|(\d+)(?![\w.])|([A-Za-z_]\w*)(?!["'])|("(?:[^"\\\n]|\\["'\\/nrt])*"|'(?:[^'\\\n]|\\["'\\/nrt])*'))/y;
const LEVELS: readonly (readonly string[])[] = [
  ["||"],
  ["&&"],
  ["==", "!=", "<", "<=", ">", ">=", "in"],
  ["+"],
];
const MAX_DEPTH = 100;
const MAX_LENGTH = 10_000;

/**
 * Reads an expression: fields and `.?field`, indexes, calls, lists, text, whole numbers, `! && || == != < <= > >= in +` and `? :`.
 *
 * @throws CelUnread for anything else
 */
export function parseCel(text: string): Expression {
  const tokens = tokensOf(text);
  let at = 0;
  let depth = 0;
  const takes = (token: string) => tokens[at]?.text === token && !tokens[at]?.isText && ++at > 0;
  const expect = (token: string) => {
    if (!takes(token)) throw new CelUnread(`expected ${token}, found ${tokens[at]?.text ?? "the end"}`);
  };

  const expression = (): Expression => {
    if (++depth > MAX_DEPTH) throw new CelUnread("it is nested too deeply");
    const condition = binary(0);
    let result = condition;
    if (takes("?")) {
      const yes = binary(0);
      expect(":");
      result = { kind: "choice", condition, yes, no: expression() };
    }
    depth--;
    return result;
  };

  const binary = (level: number): Expression => {
    const operators = LEVELS[level];
    if (operators === undefined) return unary();
    let left = binary(level + 1);
    for (let operator = operators.find(takes); operator !== undefined; operator = operators.find(takes))
      left = { kind: "binary", operator, left, right: binary(level + 1) };
    return left;
  };

  const unary = (): Expression => {
    let nots = 0;
    while (takes("!")) nots++;
    let result = member(primary());
    for (let i = 0; i < nots; i++) result = { kind: "not", of: result };
    return result;
  };

  const member = (start: Expression): Expression => {
    let of = start;
    for (;;) {
      const isOptional = takes(".?");
      if (isOptional || takes(".")) {
        const field = name();
        of =
          !isOptional && takes("(")
            ? { kind: "call", of, name: field, args: list(")") }
            : { kind: "select", of, field, optional: isOptional };
      } else if (takes("[")) {
        of = { kind: "index", of, at: expression() };
        expect("]");
      } else return of;
    }
  };

  const primary = (): Expression => {
    if (takes("(")) {
      const inner = expression();
      expect(")");
      return inner;
    }
    if (takes("[")) return { kind: "list", items: list("]") };
    const token = tokens[at];
    if (token?.isText || /^\d/.test(token?.text ?? "")) {
      at++;
      return { kind: "literal", value: token?.isText ? token.text : Number(token?.text) };
    }
    const word = name();
    if (word === "true" || word === "false") return { kind: "literal", value: word === "true" };
    if (word === "null") return { kind: "literal", value: null };
    return takes("(") ? { kind: "call", name: word, args: list(")") } : { kind: "name", name: word };
  };

  const list = (end: string): Expression[] => {
    const items: Expression[] = [];
    while (!takes(end)) {
      if (items.length > 0) expect(",");
      items.push(expression());
    }
    return items;
  };

  const name = (): string => {
    const token = tokens[at++];
    // Names with __ stand for letters that CEL's have not.
    if (
      token === undefined ||
      token.isText ||
      !/^[A-Za-z_]/.test(token.text) ||
      token.text.includes("__") ||
      token.text === "in"
    )
      throw new CelUnread(`expected a name, found ${token?.text ?? "the end"}`);
    return token.text;
  };

  const result = expression();
  if (at < tokens.length) throw new CelUnread(`expected the end, found ${tokens[at]?.text}`);
  return result;
}

interface Token {
  readonly text: string;
  readonly isText: boolean;
}

function tokensOf(text: string): Token[] {
  if (text.length > MAX_LENGTH) throw new CelUnread(`it has more than ${MAX_LENGTH} characters`);
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  for (let at = 0; at < end; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) throw new CelUnread(`what stands at ${at + 1} is not read`);
    const quoted = match[4];
    tokens.push(
      quoted === undefined
        ? { text: match[0].trim(), isText: false }
        : { text: unquoted(quoted), isText: true },
    );
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function unquoted(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}
