import { checkJson } from "./check-json.ts";
import { isPlainObject, jsonValue } from "./json-value.ts";
import { orderedResource } from "./ordered-resource.ts";
import { keyText, literalBlock, numberText, stringText } from "./scalar-text.ts";

/** Deeper values are refused, as `readYaml` refuses them: no Kubernetes object nests this deep. */
const MAX_DEPTH = 500;
/** A longer key needs `?` before it: readers look for its colon no further than 1024 characters. */
const SIMPLE_KEY_LENGTH = 1000;

/** A longer text hardly comes twice: it is not remembered. */
const REMEMBERED_LENGTH = 40;

/** Keys and short texts come again and again: how each is written. */
interface Written {
  readonly keys: Map<string, string>;
  /** What stands behind `key:`, the line break included, of texts of one line. */
  readonly texts: Map<string, string>;
}

/** Thrown inside this file where a value cannot be written; `checkJson` then tells which and why. */
class Unwritable extends Error {
  override readonly name = "Unwritable";
}

/**
 * Objects as a stream of YAML documents with `---` between them, so that kubectl's reader (sigs.k8s.io/yaml) gives back
 * every text, key and number unchanged. The same objects give the same bytes. No anchors; lists are not indented, as
 * kubectl prints them; apiVersion, kind and metadata come first, all other fields as given.
 *
 * Values are those of JSON: members that are `undefined` are left out (`null` in lists), `toJSON` is honoured, `-0` is 0.
 *
 * @throws TypeError naming the path of a value that JSON lacks: NaN, Infinity, a function, a symbol, a bigint, a Map, a
 *   cycle, half of a surrogate pair, or more than 500 levels
 * @example writeYaml([{ apiVersion: "v1", kind: "Namespace", metadata: { name: "prod" } }])
 */
export function writeYaml(resources: readonly unknown[]): string {
  const written: Written = { keys: new Map(), texts: new Map() };
  return explained(resources, MAX_DEPTH + 1, () =>
    resources.map((resource) => root(written, orderedResource(resource) ?? null)).join("---\n"),
  );
}

/** One value of JSON as a YAML document, its keys in the order given. See `writeYaml` for what it keeps and throws. */
export function writeYamlValue(value: unknown): string {
  return explained(value, MAX_DEPTH, () => root({ keys: new Map(), texts: new Map() }, value));
}

/** Objects as one JSON `List` for `kubectl apply -f -`, indented by two spaces. See `writeYaml` for what it throws. */
export function writeJsonList(resources: readonly unknown[]): string {
  checkJson(resources, MAX_DEPTH + 1);
  const items = resources.map(orderedResource);
  return `${JSON.stringify({ apiVersion: "v1", kind: "List", items }, null, 2)}\n`;
}

function explained(value: unknown, maxDepth: number, write: () => string): string {
  try {
    return write();
  } catch (error) {
    if (error instanceof Unwritable) checkJson(value, maxDepth);
    throw error;
  }
}

function root(written: Written, raw: unknown): string {
  const value = jsonValue(raw);
  if (value === undefined) throw new Unwritable();
  const text = valueText(written, value, "", "", 0);
  // A collection begins on a line of its own, a scalar after a space.
  return text.slice(1);
}

/**
 * A value behind `key:` or `-`, up to its line break. `pad` is the indentation of the line with the key or dash,
 * `inner` that of the members of a mapping below it.
 */
function valueText(written: Written, value: unknown, pad: string, inner: string, depth: number): string {
  switch (typeof value) {
    case "string":
      return textOf(written, value, pad);
    case "number":
      if (!Number.isFinite(value)) throw new Unwritable();
      return ` ${numberText(value)}\n`;
    case "boolean":
      return value ? " true\n" : " false\n";
    case "object":
      if (value === null) return " null\n";
      if (depth >= MAX_DEPTH) throw new Unwritable();
      if (Array.isArray(value))
        return value.length === 0 ? " []\n" : `\n${items(written, value, pad, pad, depth)}`;
      return members(written, value, inner, `\n${inner}`, depth) || " {}\n";
    default:
      throw new Unwritable();
  }
}

/** The members of a mapping, the first behind `lead`; `""` when it has none. */
function members(written: Written, fields: object, pad: string, lead: string, depth: number): string {
  if (!isPlainObject(fields)) throw new Unwritable();
  let text = "";
  let before = lead;
  const inner = `${pad}  `;
  for (const name of Object.keys(fields)) {
    const value = jsonValue((fields as Readonly<Record<string, unknown>>)[name]);
    if (value === undefined) continue;
    const key = keyOf(written, name);
    const opening = key.length > SIMPLE_KEY_LENGTH ? `? ${key}\n${pad}:` : `${key}:`;
    text += before + opening + valueText(written, value, pad, inner, depth + 1);
    before = pad;
  }
  return text;
}

/** The items of a list, the first behind `lead`. A collection in a list begins on the line of its dash. */
function items(written: Written, list: readonly unknown[], pad: string, lead: string, depth: number): string {
  const inner = `${pad}  `;
  let text = "";
  let before = lead;
  for (const raw of list) {
    const value = jsonValue(raw) ?? null;
    text += `${before}-`;
    before = pad;
    if (typeof value !== "object" || value === null) text += valueText(written, value, pad, inner, depth + 1);
    else if (depth + 1 >= MAX_DEPTH) throw new Unwritable();
    else if (!Array.isArray(value)) text += members(written, value, inner, " ", depth + 1) || " {}\n";
    else text += value.length === 0 ? " []\n" : ` ${items(written, value, inner, "", depth + 1)}`;
  }
  return text;
}

function keyOf({ keys }: Written, name: string): string {
  let text = keys.get(name);
  if (text === undefined) {
    text = keyText(name);
    if (text === undefined) throw new Unwritable();
    keys.set(name, text);
  }
  return text;
}

function textOf({ texts }: Written, value: string, pad: string): string {
  const known = value.length <= REMEMBERED_LENGTH ? texts.get(value) : undefined;
  if (known !== undefined) return known;
  const block = literalBlock(value);
  if (block === undefined) {
    const text = stringText(value);
    if (text === undefined) throw new Unwritable();
    const line = ` ${text}\n`;
    if (value.length <= REMEMBERED_LENGTH) texts.set(value, line);
    return line;
  }
  let text = ` ${block.header}\n`;
  for (const line of block.lines) text += line === "" ? "\n" : `${pad}  ${line}\n`;
  return text;
}
