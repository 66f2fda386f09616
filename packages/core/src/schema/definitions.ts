import { DEFINITIONS, KINDS } from "./data/kubernetes-1.36.3.ts";

/**
 * The type of a value, as the API's definitions name it. Letters stand for what Go reads without a definition:
 * `s` string, `b` boolean, `i` and `l` whole numbers of 32 and 64 bits, `d` any number, `q` Quantity, `x` IntOrString,
 * `t` Time, `u` MicroTime, `y` bytes in base64, `a` any JSON, `1` `2` `3` a JSON schema or also a list of them, a boolean,
 * a list of strings.
 */
export type ValueType =
  | { readonly kind: "scalar"; readonly letter: string }
  | { readonly kind: "struct"; readonly name: string }
  /** `keys` identify the items of a list that is merged by key; `set`: the items are unique. */
  | { readonly kind: "list"; readonly of: ValueType; readonly keys: readonly string[]; readonly set: boolean }
  | { readonly kind: "map"; readonly of: ValueType };

/** A field of a definition. `required` is what the API publishes: decoding does not ask for it. */
export interface FieldDefinition {
  readonly required: boolean;
  readonly type: ValueType;
}

export type Definition = ReadonlyMap<string, FieldDefinition>;

/**
 * The fields of a definition, `apps.v1.DeploymentSpec`; parsed when it is first asked for.
 *
 * The data is one text that nothing reads before the first question: importing it costs a string literal.
 */
export function definitionOf(name: string): Definition {
  const known = parsed.get(name);
  if (known) return known;
  const definition = parseDefinition(name);
  parsed.set(name, definition);
  return definition;
}

/** The definition of a built-in kind: `definitionName("apps/v1", "Deployment")` is `apps.v1.Deployment`. */
export function definitionName(apiVersion: string, kind: string): string | undefined {
  const version = builtInVersions().get(apiVersion);
  return version?.kinds.has(kind) ? `${version.definitions}.${kind}` : undefined;
}

export interface BuiltInVersion {
  /** The package of its definitions: `apps.v1`. */
  readonly definitions: string;
  readonly kinds: ReadonlySet<string>;
}

/** Every apiVersion of Kubernetes 1.36, also those that are served on demand alone, with the kinds that can be created. */
export function builtInVersions(): ReadonlyMap<string, BuiltInVersion> {
  versions ??= new Map(
    KINDS.split("\n").map((line) => {
      const [apiVersion, definitions, kinds] = line.split(" ");
      return [apiVersion!, { definitions: definitions!, kinds: new Set(kinds!.split(",")) }];
    }),
  );
  return versions;
}

const parsed = new Map<string, Definition>();
let versions: ReadonlyMap<string, BuiltInVersion> | undefined;
let texts: ReadonlyMap<string, string> | undefined;

/** The text of each definition, by its name. */
function definitionTexts(): ReadonlyMap<string, string> {
  if (texts) return texts;
  const found = new Map<string, string>();
  for (const line of DEFINITIONS.split("\n")) {
    const space = line.indexOf(" ");
    const group = line.slice(0, space);
    for (const text of line.slice(space + 1).split(";")) {
      const open = text.indexOf("(");
      found.set(`${group}.${text.slice(0, open)}`, text.slice(open + 1, -1));
    }
  }
  texts = found;
  return found;
}

function parseDefinition(name: string): Definition {
  const text = definitionTexts().get(name);
  if (text === undefined) throw new Error(`there is no definition ${name} in the schema data`);
  const group = name.slice(0, name.lastIndexOf("."));
  const fields = new Map<string, FieldDefinition>();
  for (const field of text === "" ? [] : text.split(",")) {
    const colon = field.indexOf(":");
    const required = field[colon - 1] === "!";
    const type = parseType(field.slice(colon + 1), group);
    fields.set(field.slice(0, required ? colon - 1 : colon), { required, type });
  }
  return fields;
}

/** `[name]Container`, `{}s`, `q`, `core.v1.PodSpec`. */
function parseType(text: string, group: string): ValueType {
  if (text.startsWith("{}")) return { kind: "map", of: parseType(text.slice(2), group) };
  if (text.startsWith("[")) {
    const close = text.indexOf("]");
    const inside = text.slice(1, close);
    const set = inside.endsWith("=");
    const keys = inside === "" || set ? [] : inside.split("+");
    return { kind: "list", of: parseType(text.slice(close + 1), group), keys, set };
  }
  if (text.length === 1) return { kind: "scalar", letter: text };
  return { kind: "struct", name: text.includes(".") ? text : `${group}.${text}` };
}
