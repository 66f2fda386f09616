import { isRecord } from "../json.ts";
import type { Resource } from "../resource.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import { FIELD_MANAGER } from "./objects.ts";

/**
 * Whether applying the object under this name would change nothing: it owns exactly its fields, and each has its value. Never says yes
 * where the server might see a change; a no may be one for want of knowledge (a quantity in other words, a defaulted key of
 * a list), and the server's dry run tells.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
 */
export function isApplied(object: Resource, live: Resource, manager = FIELD_MANAGER): boolean {
  const entry = ownEntry(live, manager);
  const { apiVersion: _, kind: __, metadata, ...rest } = object;
  // Names and the uid say which object it is: they are nobody's fields.
  const { name: ___, namespace: ____, uid: _____, ...meta } = metadata;
  // The server keeps no entry of an applying without a field.
  if (entry === undefined) return Object.keys(rest).length === 0 && Object.keys(meta).length === 0;
  if (entry.apiVersion !== object.apiVersion) return false;
  const applied = { ...rest, ...(Object.keys(meta).length > 0 && { metadata: meta }) };
  return isSame(withDefaults(applied, object), live, fieldsOf(entry.fieldsV1));
}

/** A rule of a NetworkPolicy is one value to the server, which it fills in: each port of it has a protocol. */
function withDefaults(applied: Fields, { apiVersion, kind }: Resource): Fields {
  if (kind !== "NetworkPolicy" || apiVersion !== "networking.k8s.io/v1" || !isRecord(applied.spec))
    return applied;
  const spec: Record<string, unknown> = { ...applied.spec };
  for (const direction of ["ingress", "egress"])
    if (Array.isArray(spec[direction]))
      spec[direction] = spec[direction].map((rule) =>
        isRecord(rule) && Array.isArray(rule.ports) ? { ...rule, ports: rule.ports.map(withProtocol) } : rule,
      );
  return { ...applied, spec };
}

function withProtocol(port: unknown): unknown {
  return isRecord(port) ? { protocol: "TCP", ...port } : port;
}

/** The entry of `managedFields` that applying under this name left, when there is one. */
function ownEntry(live: Resource, name: string): Fields | undefined {
  return listOf(live.metadata.managedFields)
    .map(fieldsOf)
    .find(
      ({ manager, operation, subresource }) =>
        manager === name && operation === "Apply" && textOf(subresource) === "",
    );
}

/** Whether applying under this name owns the same fields of both. */
export function ownsTheSame(a: Resource, b: Resource, manager: string): boolean {
  return isEqual(ownEntry(a, manager)?.fieldsV1, ownEntry(b, manager)?.fieldsV1);
}

/** A field that was applied and no longer is, and that stays since others own it too. */
export interface GivenUp {
  /** `spec.template.spec.containers[name="proxy"]` */
  readonly path: string;
  readonly owners: readonly string[];
}

/** What applying under this name no longer owns of an object, and others still do: the outermost fields. */
export function givenUp(live: Resource, after: Resource, name: string): GivenUp[] {
  const own = ownEntry(after, name);
  const others = listOf(after.metadata.managedFields)
    .map(fieldsOf)
    .filter((entry) => !isEqual(entry, own))
    .map(({ manager, fieldsV1 }) => ({ manager: textOf(manager), fields: fieldsOf(fieldsV1) }));
  return givenUpIn(fieldsOf(ownEntry(live, name)?.fieldsV1), fieldsOf(own?.fieldsV1), others, "");
}

type Owner = { readonly manager: string; readonly fields: Fields };

function givenUpIn(before: Fields, now: Fields, others: readonly Owner[], path: string): GivenUp[] {
  return Object.keys(before).flatMap((key) => {
    const there = others.flatMap(({ manager, fields }) =>
      key !== "." && Object.hasOwn(fields, key) ? { manager, fields: fieldsOf(fields[key]) } : [],
    );
    if (there.length === 0) return [];
    const at = `${path}${segmentOf(key, path)}`;
    if (Object.hasOwn(now, key)) return givenUpIn(fieldsOf(before[key]), fieldsOf(now[key]), there, at);
    return { path: at, owners: [...new Set(there.map(({ manager }) => manager))] };
  });
}

/** A part of a path as the server writes it in conflicts. */
function segmentOf(key: string, path: string): string {
  const name = key.slice(2);
  if (key.startsWith("f:")) return path === "" ? name : `.${name}`;
  if (key.startsWith("v:")) return `[=${name}]`;
  const keys = Object.entries(keysOf(key) ?? {}).map(([field, value]) => `${field}=${JSON.stringify(value)}`);
  return `[${keys.join(",")}]`;
}

/** Whether applying objects owns the field: `["metadata", "labels", "app"]`. */
export function ownsField(live: Resource, path: readonly string[]): boolean {
  let fields: unknown = ownEntry(live, FIELD_MANAGER)?.fieldsV1;
  for (const name of path) fields = isRecord(fields) ? fields[`f:${name}`] : undefined;
  return fields !== undefined;
}

/** `owned` is a set of fields as FieldsV1 writes it: `f:NAME`, `k:{KEYS}`, `v:VALUE`, and `.` for the thing itself. */
function isSame(applied: unknown, live: unknown, owned: Fields): boolean {
  const names = Object.keys(owned).filter((name) => name !== ".");
  if (names.length === 0) return isEqual(applied, live);
  if (Array.isArray(applied)) return Array.isArray(live) && isSameList(applied, live, owned, names);
  if (!isRecord(applied) || !isRecord(live)) return false;
  const fields = Object.keys(applied);
  return (
    fields.length === names.length &&
    fields.every((field) => {
      const inner = Object.hasOwn(owned, `f:${field}`) ? owned[`f:${field}`] : undefined;
      if (!isRecord(inner)) return false;
      // The server leaves out what is empty, and it stays Ashlar's.
      return Object.hasOwn(live, field)
        ? isSame(applied[field], live[field], inner)
        : isEmpty(applied[field]);
    })
  );
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

function isSameList(
  applied: readonly unknown[],
  live: readonly unknown[],
  owned: Fields,
  names: readonly string[],
): boolean {
  if (applied.length !== names.length) return false;
  if (names.every((name) => name.startsWith("v:")))
    return applied.every(
      (item, i) =>
        names.includes(`v:${JSON.stringify(item)}`) && live.indexOf(item) > live.indexOf(applied[i - 1]),
    );
  const keys = names.map((name) => (name.startsWith("k:") ? keysOf(name) : undefined));
  let last = -1;
  return applied.every((item) => {
    const at = keys.findIndex((key) => key !== undefined && hasKeys(item, key));
    const key = keys[at];
    if (key === undefined) return false;
    const place = live.findIndex((one) => hasKeys(one, key));
    // Applying puts items into their order, with those of others between them.
    if (place <= last) return false;
    last = place;
    return isSame(item, live[place], fieldsOf(owned[names[at]!]));
  });
}

function keysOf(name: string): Fields | undefined {
  try {
    const keys: unknown = JSON.parse(name.slice(2));
    return isRecord(keys) ? keys : undefined;
  } catch {
    return undefined;
  }
}

function hasKeys(item: unknown, keys: Fields): boolean {
  // The one key of a list that the server fills in.
  const keyOf = (fields: Fields, name: string) =>
    name === "protocol" ? (fields[name] ?? "TCP") : fields[name];
  return isRecord(item) && Object.entries(keys).every(([name, value]) => keyOf(item, name) === value);
}

/** Equal as JSON, whatever the order of fields. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  if (!isRecord(a) || !isRecord(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isEqual(a[name], b[name]))
  );
}
