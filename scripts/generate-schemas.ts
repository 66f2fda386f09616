// Writes packages/core/src/schema/data/ from the OpenAPI that Kubernetes publishes in its Go module.
//   node scripts/generate-schemas.ts [--check]     --check: says whether the data is what the source gives, writes nothing
//
// What the published OpenAPI leaves out, and who makes up for it:
//   - enums (the server knows them, its documents of 1.36.3 hold none): the rules about values;
//   - which required fields have a default that is not in `default` (spec.selector of a Deployment has none, ports[].protocol
//     has): `required` there is Go's "no omitempty", which decoding does not ask for. It is kept, but not an error by itself;
//   - how types with a decoder of their own read (Quantity, Time, IntOrString, JSONSchemaPropsOrBool…): schema/scalars.ts.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const VERSION = "1.36.3";
const MODULE = "k8s.io/kubernetes";
const pinnedBy = fileURLToPath(new URL("../conformance/go/kube-apiserver/", import.meta.url));
const target = fileURLToPath(
  new URL(`../packages/core/src/schema/data/kubernetes-${VERSION}.ts`, import.meta.url),
);

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly "x-kubernetes-list-type"?: string;
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
}

interface Operation {
  readonly "x-kubernetes-action"?: string;
  readonly "x-kubernetes-group-version-kind"?: {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  };
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly post?: Operation }>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** Types that Go reads by a decoder of their own, each a letter in the data. */
const SPECIAL: Readonly<Record<string, string>> = {
  "resource.Quantity": "q",
  "intstr.IntOrString": "x",
  "v1.Time": "t",
  "v1.MicroTime": "u",
  "v1.FieldsV1": "a",
  "v1.Patch": "a",
  "v1.JSON": "a",
  "runtime.RawExtension": "a",
  "v1.JSONSchemaPropsOrArray": "1",
  "v1.JSONSchemaPropsOrBool": "2",
  "v1.JSONSchemaPropsOrStringArray": "3",
};

const SCALARS: Readonly<Record<string, string>> = {
  string: "s",
  "string/byte": "y",
  boolean: "b",
  "integer/int32": "i",
  "integer/int64": "l",
  "number/double": "d",
  object: "a",
};

function documents(): OpenApi[] {
  const dir = moduleFolder();
  const folder = join(dir, "api/openapi-spec/v3");
  return readdirSync(folder)
    .filter((name) => /^apis?__.*_openapi\.json$/.test(name))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as OpenApi);
}

/** The folder of the module in the version that conformance pins, fetched when this machine has not got it. */
function moduleFolder(): string {
  const options = { cwd: pinnedBy, encoding: "utf8", env: { ...process.env, GOWORK: "off" } } as const;
  const list = () =>
    execFileSync("go", ["list", "-m", "-f", "{{.Version}} {{.Dir}}", MODULE], options).trim().split(" ");
  if (!list()[1]) execFileSync("go", ["mod", "download", MODULE], options);
  const [version, dir] = list();
  if (version !== `v${VERSION}` || !dir)
    throw new Error(`conformance pins ${MODULE} ${version}, not v${VERSION}: change VERSION here`);
  return dir;
}

/** `io.k8s.api.apps.v1.Deployment` → `apps.v1.Deployment`: package, version and name tell all of them apart. */
function shortName(ref: string): string {
  return ref.replace("#/components/schemas/", "").split(".").slice(-3).join(".");
}

function typeOf(schema: Schema, group: string, used: (name: string) => void): string {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
  if (ref !== undefined) {
    const special = SPECIAL[ref.split(".").slice(-2).join(".")];
    if (special !== undefined) return special;
    const name = shortName(ref);
    used(name);
    return name.startsWith(`${group}.`) ? name.slice(group.length + 1) : name;
  }
  if (schema.type === "array") {
    const keys = schema["x-kubernetes-list-map-keys"] ?? [];
    const kind = schema["x-kubernetes-list-type"] === "set" ? "=" : "";
    return `[${keys.join("+")}${kind}]${typeOf(schema.items ?? {}, group, used)}`;
  }
  if (schema.additionalProperties !== undefined)
    return `{}${typeOf(schema.additionalProperties, group, used)}`;
  const scalar = SCALARS[[schema.type, schema.format].filter(Boolean).join("/")];
  if (scalar === undefined) throw new Error(`a type that is not known: ${JSON.stringify(schema)}`);
  return scalar;
}

function generate(): string {
  const schemas = new Map<string, Schema>();
  const kinds = new Map<string, Map<string, string>>();
  for (const document of documents()) {
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {}))
      schemas.set(shortName(name), schema);
    for (const { post } of Object.values(document.paths)) {
      const named = post?.["x-kubernetes-group-version-kind"];
      const body = Object.values(post?.requestBody?.content ?? {})[0]?.schema.$ref;
      if (post?.["x-kubernetes-action"] !== "post" || !named || !body) continue;
      const apiVersion = named.group === "" ? named.version : `${named.group}/${named.version}`;
      kinds.set(apiVersion, (kinds.get(apiVersion) ?? new Map()).set(named.kind, shortName(body)));
    }
  }

  const written = new Map<string, string>();
  const write = (name: string): void => {
    if (written.has(name)) return;
    written.set(name, "");
    const { properties = {}, required = [] } = schemas.get(name) ?? {};
    const group = name.split(".").slice(0, 2).join(".");
    const fields = Object.entries(properties).map(([field, schema]) => {
      const mark = required.includes(field) ? "!" : "";
      return `${field}${mark}:${typeOf(schema, group, write)}`;
    });
    written.set(name, fields.sort().join(","));
  };
  for (const byKind of kinds.values()) for (const name of byKind.values()) write(name);
  return moduleText(kinds, written);
}

function moduleText(
  kinds: ReadonlyMap<string, ReadonlyMap<string, string>>,
  definitions: ReadonlyMap<string, string>,
): string {
  const groups = new Map<string, string[]>();
  for (const [name, fields] of [...definitions].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [group, version, local] = name.split(".");
    const key = `${group}.${version}`;
    groups.set(key, [...(groups.get(key) ?? []), `${local}(${fields})`]);
  }
  const kindLines = [...kinds]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([apiVersion, byKind]) => {
      const named = [...byKind].sort(([a], [b]) => (a < b ? -1 : 1));
      const group = named[0]![1].split(".").slice(0, 2).join(".");
      const local = named.map(([kind, name]) => {
        if (name !== `${group}.${kind}`) throw new Error(`${apiVersion} ${kind} is defined as ${name}`);
        return kind;
      });
      return `${apiVersion} ${group} ${local.join(",")}`;
    });
  const definitionLines = [...groups].map(([group, texts]) => `${group} ${texts.join(";")}`);
  return [
    `// Generated by scripts/generate-schemas.ts from the OpenAPI of Kubernetes ${VERSION}: do not edit. The grammar is in ../definitions.ts.`,
    "",
    `/** apiVersion, package of the definitions, and the kinds that can be created. */`,
    `export const KINDS = \`${kindLines.join("\n")}\`;`,
    "",
    `/** Package of the definitions, and each of its definitions with its fields. */`,
    `export const DEFINITIONS = \`${definitionLines.join("\n")}\`;`,
    "",
  ].join("\n");
}

const text = generate();
if (process.argv.includes("--check")) {
  const same = readFileSync(target, "utf8") === text;
  console.log(
    same
      ? "the schema data is what the source gives"
      : "the schema data differs: run scripts/generate-schemas.ts",
  );
  process.exitCode = same ? 0 : 1;
} else {
  writeFileSync(target, text);
  console.log(`${(text.length / 1024).toFixed(0)} KB, ${text.split("\n").length} lines`);
}
