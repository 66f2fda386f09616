import { isRecord } from "./json.ts";
import { type Resource, type ResourceRef, refKey, refOf } from "./resource.ts";

/** What happened to an object between two sets. */
export interface ObjectChange {
  readonly change: "added" | "removed" | "changed";
  readonly ref: ResourceRef;
  /** The fields that differ; empty for added and removed objects. */
  readonly fields: readonly FieldChange[];
}

/** A field that differs; `before` or `after` is absent when the field is. */
export interface FieldChange {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/**
 * Objects that were added, removed or changed, matched by group, kind, namespace and name; in the order of `after`, the
 * removed ones last. Values of Secrets are never shown, only that they changed.
 */
export function diffResources(before: readonly Resource[], after: readonly Resource[]): ObjectChange[] {
  const old = new Map(before.map((r) => [refKey(refOf(r)), r]));
  const seen = new Set<string>();
  const changes: ObjectChange[] = [];
  for (const resource of after) {
    const ref = refOf(resource);
    const key = refKey(ref);
    if (seen.has(key)) continue;
    seen.add(key);
    const previous = old.get(key);
    if (!previous) changes.push({ change: "added", ref, fields: [] });
    else {
      const fields: FieldChange[] = [];
      compareValues("", previous, resource, fields);
      if (fields.length > 0) changes.push({ change: "changed", ref, fields: hideSecrets(ref, fields) });
    }
  }
  for (const [key, resource] of old)
    if (!seen.has(key)) changes.push({ change: "removed", ref: refOf(resource), fields: [] });
  return changes;
}

function compareValues(path: string, before: unknown, after: unknown, out: FieldChange[]): void {
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let i = 0; i < Math.max(before.length, after.length); i++)
      compareValues(`${path}[${i}]`, before[i], after[i], out);
  } else if (isRecord(before) && isRecord(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      compareValues(joinKey(path, key), own(before, key), own(after, key), out);
  } else {
    out.push({ path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) });
  }
}

function joinKey(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}[${key}]`;
  return path === "" ? key : `${path}.${key}`;
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function hideSecrets(ref: ResourceRef, fields: readonly FieldChange[]): FieldChange[] {
  if (ref.kind !== "Secret") return [...fields];
  return fields.map((f) =>
    /^(data|stringData)\b/.test(f.path)
      ? {
          path: f.path,
          ...("before" in f && { before: "(hidden)" }),
          ...("after" in f && { after: "(hidden)" }),
        }
      : f,
  );
}
