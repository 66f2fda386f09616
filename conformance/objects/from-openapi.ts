import type { Resource } from "@ashlar/core";
import type { ControlPlane } from "../components/control-plane.ts";
import type { Random } from "../policies/random.ts";

interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
}

interface Operation {
  readonly "x-kubernetes-group-version-kind"?: { readonly kind: string };
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
}

interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly get?: unknown; readonly post?: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A kind that the running server lets create, with the schema that it publishes of it. */
export interface ServedSchema {
  readonly apiVersion: string;
  readonly kind: string;
  readonly schema: Schema;
  readonly all: Readonly<Record<string, Schema>>;
}

/** Every kind that the server serves in a collection, by its own OpenAPI. */
export async function servedSchemas(server: ControlPlane): Promise<ServedSchema[]> {
  const index = (await server.get("/openapi/v3")).body as {
    readonly paths: Readonly<Record<string, unknown>>;
  };
  const found = new Map<string, ServedSchema>();
  for (const path of Object.keys(index.paths).filter((path) => /^apis?\/(.*\/)?v[0-9a-z]+$/.test(path))) {
    const apiVersion = path.replace(/^apis?\//, "");
    const { paths, components } = (await server.get(`/openapi/v3/${path}`)).body as OpenApi;
    for (const [url, { get, post }] of Object.entries(paths)) {
      const kind = post?.["x-kubernetes-group-version-kind"]?.kind;
      const schema = Object.values(post?.requestBody?.content ?? {})[0]?.schema;
      // Subresources are posted below a name.
      if (!get || !kind || !schema || url.includes("{name}")) continue;
      found.set(`${apiVersion} ${kind}`, { apiVersion, kind, schema, all: components.schemas });
    }
  }
  return [...found.values()];
}

/** An object with fields of the right types, by chance: it can be decoded, though hardly one of them is valid. */
export function decodableObject({ apiVersion, kind, schema, all }: ServedSchema, random: Random): Resource {
  const value = (node: Schema, depth: number): unknown => {
    const ref = node.$ref ?? node.allOf?.[0]?.$ref;
    if (ref !== undefined) {
      const name = ref.replace("#/components/schemas/", "");
      return SPECIAL[name.split(".").at(-1)!]?.(random) ?? value(all[name]!, depth);
    }
    if (node.type === "array")
      return Array.from({ length: depth > 8 ? 0 : 1 + random.below(2) }, () =>
        value(node.items ?? {}, depth + 1),
      );
    if (node.additionalProperties) return { key: value(node.additionalProperties, depth + 1) };
    if (node.properties) {
      const chance = depth === 0 ? 1 : depth < 4 ? 0.6 : 0.25;
      const entries = Object.entries(node.properties).filter(() => random.chance(depth > 9 ? 0 : chance));
      return Object.fromEntries(entries.map(([name, of]) => [name, value(of, depth + 1)]));
    }
    return scalar(node, random);
  };
  const object = value(schema, 0) as Record<string, unknown>;
  const metadata = { ...(object.metadata as object), name: "tried", namespace: "default" };
  return { ...object, apiVersion, kind, metadata };
}

const SPECIAL: Readonly<Record<string, (random: Random) => unknown>> = {
  Quantity: (random) => random.pick(["100m", "2Gi", 3, 0.5]),
  IntOrString: (random) => random.pick([80, "http"]),
  Time: () => "2026-11-01T12:00:00Z",
  MicroTime: () => "2026-11-01T12:00:00.123456Z",
  FieldsV1: () => ({ "f:spec": {} }),
  RawExtension: () => ({ apiVersion: "v1", kind: "ConfigMap" }),
  JSON: (random) => random.pick(["a", { a: 1 }]),
  JSONSchemaPropsOrArray: (random) => random.pick([{ type: "string" }, [{ type: "string" }], "dropped"]),
  JSONSchemaPropsOrBool: (random) => random.pick([{ type: "string" }, true]),
  JSONSchemaPropsOrStringArray: (random) => random.pick([{ type: "string" }, ["a"]]),
};

function scalar({ type, format }: Schema, random: Random): unknown {
  switch (`${type}/${format ?? ""}`) {
    case "string/":
      return random.pick(["a", "", "TCP"]);
    case "string/byte":
      return "aGVsbG8=";
    case "boolean/":
      return random.chance(0.5);
    case "integer/int32":
      return random.pick([0, 1, 2 ** 31 - 1, -(2 ** 31)]);
    case "integer/int64":
      return random.pick([0, 1, 2 ** 53]);
    case "number/double":
      return random.pick([0.5, 2]);
    case "object/":
      return {};
    default:
      throw new Error(`a type that the generator does not know: ${type} ${format}`);
  }
}
