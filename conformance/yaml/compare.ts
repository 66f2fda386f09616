import { type Finding, type Resource, readYaml } from "@ashlar/core";
import type { KubectlReading } from "./kubectl-reader.ts";

/** A value as text that does not depend on the order of keys. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => {
    if (part === 0) return 0;
    if (!isRecord(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Refused by us alone: the reader of kubectl takes a key twice, and leaves objects to the API server. */
const LATER = new Set(["core/unique-key", "core/valid-object"]);

/** How our reading of a text differs from kubectl's: `undefined` when it does not. Deliberate differences do not count. */
export function difference(text: string, kubectl: KubectlReading): string | undefined {
  const { resources, findings } = readYaml(text, { file: "text.yaml" });
  const errors = findings.filter(({ severity }) => severity === "error");
  const refused = errors.filter(({ code }) => !LATER.has(code));
  if (kubectl.error !== undefined)
    return refused.length > 0 ? undefined : `kubectl refuses it (${kubectl.error}), we do not`;
  // A template in a name is text to the reader.
  const strict = refused.filter(({ code }) => code !== "core/no-template");
  if (strict.length > 0) return `kubectl takes it, we refuse it: ${strict.map(told).join("; ")}`;
  // What stays of a document after an error that only we see cannot be compared.
  if (errors.some(({ code }) => code !== "core/valid-object")) return undefined;
  const expected = canonical(kubectl.documents.flatMap((document) => objectsIn(document) ?? []));
  const got = canonical(resources);
  return got === expected ? undefined : `kubectl reads ${expected}, we read ${got}`;
}

/** Whether a text gave resources on our side without any error. */
export function isClean(text: string): boolean {
  const { resources, findings } = readYaml(text, { file: "text.yaml" });
  return resources.length > 0 && findings.every(({ severity }) => severity !== "error");
}

function told({ code, message }: Finding): string {
  return `${code} ${message}`;
}

/**
 * The objects of a document that kubectl read, lists taken apart: written down a second time, from the rules of
 * UnstructuredJSONScheme and the API server's demands on metadata. `undefined`: no object, or a list with one that is none.
 */
function objectsIn(document: unknown): unknown[] | undefined {
  if (document === null) return [];
  if (!isRecord(document) || !isText(document.apiVersion) || !isText(document.kind)) return undefined;
  const { apiVersion, kind, items, metadata } = document;
  if (Array.isArray(items)) {
    const objects = items.map((item: unknown) => {
      const bare = isRecord(item) && !item.apiVersion && !item.kind && kind !== "List";
      return item === null
        ? undefined
        : objectsIn(bare ? { ...item, apiVersion, kind: kind.replace(/List$/, "") } : item);
    });
    return objects.includes(undefined) ? undefined : objects.flat();
  }
  if (items === null && kind.endsWith("List")) return [];
  if (!isRecord(metadata) || !(metadata.name || metadata.generateName)) return undefined;
  const texts = [metadata.name, metadata.generateName, metadata.namespace];
  return texts.every((text) => text === undefined || text === null || typeof text === "string")
    ? [document]
    : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A ConfigMap-like object that holds a text as value, list item, key and deep below. */
export function holding(text: string): Resource {
  return {
    apiVersion: "v1",
    kind: "Widget",
    metadata: { name: "web", annotations: { note: text } },
    value: text,
    list: [text, [text], { in: text }],
    key: Object.fromEntries([[text, text]]),
    deep: { list: [{ a: { b: [Object.fromEntries([[text, [{ c: text }]]])] } }] },
  };
}
