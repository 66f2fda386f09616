import { CelUnread, type Expression } from "./parse.ts";

/** A value of JSON, or an optional one. */
type Value = unknown;

/** The expression fails for these values: the server refuses the token. */
export class CelError extends Error {
  override readonly name = "CelError";
}

/** What `.?field` gives: one value or none. No value of JSON is one. */
type Optional = Map<"value", Value>;

type Scope = ReadonlyMap<string, Value>;

const ABSENT: Optional = new Map();

/**
 * The value of an expression over JSON values, by the rules of cel-go: comparing unlike types is false, a field that is not there
 * an error, and `&&`, `||`, `all`, `exists` have a value in spite of an error on one side where the other side decides.
 *
 * @throws CelError where the expression has no value
 * @throws CelUnread for a function that is not known here
 */
export function evaluateCel(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "list":
      return expression.items.map((item) => plain(evaluateCel(item, scope)));
    case "name":
      if (scope.has(expression.name)) return scope.get(expression.name);
      throw new CelUnread(`${expression.name} is not known`);
    case "select":
      return select(evaluateCel(expression.of, scope), expression.field, expression.optional);
    case "index":
      return index(evaluateCel(expression.of, scope), evaluateCel(expression.at, scope));
    case "not":
      return !truth(evaluateCel(expression.of, scope));
    case "choice":
      return evaluateCel(
        truth(evaluateCel(expression.condition, scope)) ? expression.yes : expression.no,
        scope,
      );
    case "binary":
      return binary(expression, scope);
    case "call":
      return call(expression, scope);
  }
}

function binary({ operator, left, right }: Extract<Expression, { kind: "binary" }>, scope: Scope): Value {
  const values = [left, right].map((side) => () => truth(evaluateCel(side, scope)));
  if (operator === "&&") return decided(values, false);
  if (operator === "||") return decided(values, true);
  const [a, b] = [plain(evaluateCel(left, scope)), plain(evaluateCel(right, scope))];
  if (operator === "==") return isEqual(a, b);
  if (operator === "!=") return !isEqual(a, b);
  if (operator === "in") {
    if (Array.isArray(b)) return b.some((item) => isEqual(a, item));
    throw new CelUnread("in is read for lists only");
  }
  if (operator === "+") {
    if (typeof a === "string" && typeof b === "string") return a + b;
    if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b];
    throw typeof a === "number" && typeof b === "number"
      ? new CelUnread("sums are not read")
      : new CelError("no such overload");
  }
  if (typeof a === "string" && typeof b === "string") throw new CelUnread("the order of texts is not read");
  if (typeof a !== "number" || typeof b !== "number") throw new CelError("no such overload");
  return operator === "<" ? a < b : operator === "<=" ? a <= b : operator === ">" ? a > b : a >= b;
}

/** The first value that decides; else an error of another one, else the opposite. */
function decided(values: readonly (() => boolean)[], decisive: boolean): boolean {
  let failure: unknown;
  for (const value of values) {
    try {
      if (value() === decisive) return decisive;
    } catch (error) {
      if (!(error instanceof CelError)) throw error;
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return !decisive;
}

function call(expression: Extract<Expression, { kind: "call" }>, scope: Scope): Value {
  const { of, name, args } = expression;
  if (of === undefined) {
    const [arg] = args;
    if (arg === undefined || args.length > 1) throw new CelUnread(`${name} is not read`);
    if (name === "has") return has(arg, scope);
    const value = plain(evaluateCel(arg, scope));
    if (name === "dyn") return value;
    if (name === "size") return size(value);
    if (name === "string" && typeof value === "string") return value;
    if (name === "string" && typeof value === "boolean") return String(value);
    if (name === "string" && typeof value === "object") throw new CelError("no such overload");
    throw new CelUnread(`${name} is not read`);
  }
  const target = evaluateCel(of, scope);
  if (args.length === 2) return macro(name, plain(target), args as [Expression, Expression], scope);
  const [arg] = args.map((argument) => evaluateCel(argument, scope));
  if (isOptional(target)) {
    if (name === "orValue" && args.length === 1)
      return target.has("value") ? target.get("value") : plain(arg);
    if (name === "hasValue" && args.length === 0) return target.has("value");
    throw new CelUnread(`${name} of an optional value is not read`);
  }
  if (args.length === 0 && name === "size") return size(target);
  if (args.length === 0 && name === "lowerAscii" && typeof target === "string")
    return target.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  const isTest = name === "startsWith" || name === "endsWith" || name === "contains";
  if (!isTest || args.length !== 1) throw new CelUnread(`${name} is not read`);
  if (typeof target !== "string" || typeof arg !== "string") throw new CelError("no such overload");
  if (name === "contains") return target.includes(arg);
  return name === "startsWith" ? target.startsWith(arg) : target.endsWith(arg);
}

/** `list.all(x, …)`, `exists`, `map`, `filter`. */
function macro(
  name: string,
  target: Value,
  [variable, body]: readonly [Expression, Expression],
  scope: Scope,
): Value {
  if (!["all", "exists", "map", "filter"].includes(name) || variable.kind !== "name")
    throw new CelUnread(`${name} is not read`);
  if (!Array.isArray(target)) {
    if (typeof target === "object" && target !== null) throw new CelUnread(`${name} of a map is not read`);
    throw new CelError("no such overload");
  }
  const items: readonly unknown[] = target;
  const of = (item: unknown) => evaluateCel(body, new Map(scope).set(variable.name, item));
  if (name === "all" || name === "exists")
    return decided(
      items.map((item) => () => truth(of(item))),
      name === "exists",
    );
  return name === "map" ? items.map((item) => plain(of(item))) : items.filter((item) => truth(of(item)));
}

function has(arg: Expression, scope: Scope): boolean {
  if (arg.kind !== "select" || arg.optional) throw new CelUnread("has is read for fields only");
  const of = evaluateCel(arg.of, scope);
  if (isOptional(of)) throw new CelUnread("has of an optional value is not read");
  if (!isMap(of)) throw new CelError("no such key");
  return Object.hasOwn(of, arg.field);
}

/** Behind `.?` every further field is optional too. */
function select(value: Value, field: string, optional: boolean): Value {
  if (isOptional(value)) {
    return value.has("value") ? select(value.get("value"), field, true) : ABSENT;
  }
  if (!isMap(value)) throw new CelError(`no such key: ${field}`);
  const found = Object.hasOwn(value, field);
  if (optional) return found ? new Map([["value", value[field]]]) : ABSENT;
  if (found) return value[field];
  throw new CelError(`no such key: ${field}`);
}

function index(value: Value, at: Value): Value {
  if (typeof at === "string") return select(value, at, false);
  if (isOptional(value) || typeof at !== "number") throw new CelUnread("such an index is not read");
  if (!Array.isArray(value)) throw new CelError("no such overload");
  if (at >= value.length) throw new CelError(`index out of bounds: ${at}`);
  return value[at];
}

function size(value: Value): number {
  if (typeof value === "string") return [...value].length;
  if (Array.isArray(value)) return value.length;
  throw isMap(value) ? new CelUnread("the size of a map is not read") : new CelError("no such overload");
}

function truth(value: Value): boolean {
  if (typeof value === "boolean") return value;
  throw new CelError("no such overload");
}

function isEqual(a: Value, b: Value): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (isMap(a) && isMap(b)) throw new CelUnread("maps are not compared");
  return a === b;
}

function plain(value: Value): Value {
  if (isOptional(value)) throw new CelUnread("an optional value needs orValue");
  return value;
}

function isOptional(value: Value): value is Optional {
  return value instanceof Map;
}

function isMap(value: Value): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isOptional(value);
}
