type Schema = Readonly<Record<string, unknown>>;

interface OpenApi {
  readonly definitions: Readonly<Record<string, Schema>>;
}

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/**
 * JSON schemas as kubeconform wants them, by file name (`deployment-apps-v1.json`), made of the API server's own OpenAPI
 * the way openapi2jsonschema makes those that kubeconform fetches, in their strict form: no fields but the known ones,
 * `null` for what is optional, numbers or text for quantities and ports.
 */
export function standaloneSchemas({ definitions }: OpenApi): ReadonlyMap<string, string> {
  const strict = Object.fromEntries(
    Object.entries(definitions).map(([name, schema]) => [
      name,
      SPECIAL[name.split(".").at(-1)!] ?? strictly(schema),
    ]),
  );
  const files = new Map<string, string>();
  for (const [name, schema] of Object.entries(definitions)) {
    const kinds = (schema["x-kubernetes-group-version-kind"] ?? []) as readonly GroupVersionKind[];
    if (kinds.length !== 1) continue; // options of requests belong to every group
    const { group, version, kind } = kinds[0]!;
    const suffix = [...(group === "" ? [] : [group.split(".")[0]!]), version].join("-");
    files.set(
      `${kind}-${suffix}.json`.toLowerCase(),
      JSON.stringify({ ...strict[name], definitions: reachable(name, strict) }),
    );
  }
  return files;
}

const SPECIAL: Readonly<Record<string, Schema>> = {
  IntOrString: { oneOf: [{ type: "string" }, { type: "integer" }] },
  Quantity: { oneOf: [{ type: "string" }, { type: "number" }] },
};

/** The schema without fields that it does not name, optional fields as null too. */
function strictly(schema: Schema): Schema {
  const properties = schema.properties as Readonly<Record<string, Schema>> | undefined;
  if (!properties) return schema;
  const required = (schema.required ?? []) as readonly string[];
  const nullable = Object.entries(properties).map(([name, property]) => {
    const isPlain = typeof property.type === "string" && !required.includes(name);
    return [name, isPlain ? { ...property, type: [property.type, "null"] } : property];
  });
  return { ...schema, properties: Object.fromEntries(nullable), additionalProperties: false };
}

/** The definitions that a definition needs. */
function reachable(name: string, all: Readonly<Record<string, Schema>>): Readonly<Record<string, Schema>> {
  const found: Record<string, Schema> = {};
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (Object.hasOwn(found, next)) continue;
    found[next] = all[next]!;
    for (const [, ref] of JSON.stringify(all[next]).matchAll(/"#\/definitions\/([^"]+)"/g)) open.push(ref!);
  }
  return found;
}
