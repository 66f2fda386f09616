import type { Finding, PatchOperation } from "../finding.ts";
import { isRecord } from "../json.ts";
import type { Result } from "../result.ts";
import { listIndex, parsePointer } from "./json-pointer.ts";
import { sameJson } from "./same-json.ts";

/** Thrown inside this file where an operation does not apply; it becomes the finding. */
class Inapplicable extends Error {
  override readonly name = "Inapplicable";
}

/**
 * A value after a JSON patch (RFC 6902; `add`, `remove`, `replace` and `test`). All or nothing: the first operation that
 * does not apply is a finding, whose `path` is its place in the patch (`[2]`), and nothing is changed. Never mutates the
 * value or the patch; what the patch does not reach is shared with the result.
 *
 * @example applyJsonPatch({ a: 1 }, [{ op: "replace", path: "/a", value: 2 }]) // { ok: true, value: { a: 2 } }
 */
export function applyJsonPatch(value: unknown, patch: readonly PatchOperation[]): Result<unknown> {
  let current = value;
  for (const [index, operation] of patch.entries()) {
    try {
      current = applyOperation(current, operation);
    } catch (error) {
      if (!(error instanceof Inapplicable)) throw error;
      return { ok: false, findings: [inapplicable(index, operation, error.message)] };
    }
  }
  return { ok: true, value: current };
}

function inapplicable(index: number, operation: PatchOperation, reason: string): Finding {
  return {
    code: "core/valid-patch",
    severity: "error",
    message: `expected a patch that applies, got ${operation.op} ${operation.path}: ${reason}`,
    hint: "make the patch from the value as it is now",
    path: `[${index}]`,
  };
}

function applyOperation(root: unknown, operation: PatchOperation): unknown {
  const keys = typeof operation.path === "string" ? parsePointer(operation.path) : undefined;
  if (keys === undefined) throw new Inapplicable("the path is no JSON pointer");
  switch (operation.op) {
    case "test":
      if (!sameJson(valueAt(root, keys), operation.value)) throw new Inapplicable("the value is another one");
      return root;
    case "add":
      return keys.length === 0
        ? operation.value
        : changed(root, keys, 0, (at, key) => add(at, key, operation.value));
    case "replace":
      return keys.length === 0
        ? operation.value
        : changed(root, keys, 0, (at, key) => put(at, key, operation.value));
    case "remove":
      if (keys.length === 0) throw new Inapplicable("the whole value cannot be removed");
      return changed(root, keys, 0, remove);
    default:
      throw new Inapplicable("the operation is none of add, remove, replace and test");
  }
}

function valueAt(root: unknown, keys: readonly string[]): unknown {
  return keys.reduce(child, root);
}

/** The member or item of a value that is there. */
function child(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) {
    const index = listIndex(key);
    if (index === undefined || index >= parent.length) throw new Inapplicable(`the list has no item ${key}`);
    return parent[index];
  }
  if (!isRecord(parent)) throw new Inapplicable(`there is nothing that could hold ${JSON.stringify(key)}`);
  if (!Object.hasOwn(parent, key)) throw new Inapplicable(`there is no member ${JSON.stringify(key)}`);
  return parent[key];
}

/** A copy of the value in which `change` was done to the parent of what the keys lead to. */
function changed(
  value: unknown,
  keys: readonly string[],
  depth: number,
  change: (parent: unknown, key: string) => unknown,
): unknown {
  const key = keys[depth]!;
  if (depth === keys.length - 1) return change(value, key);
  return put(value, key, changed(child(value, key), keys, depth + 1, change));
}

/** A copy with another value in a place that is there. */
function put(parent: unknown, key: string, value: unknown): unknown {
  child(parent, key);
  if (Array.isArray(parent)) return parent.with(listIndex(key)!, value);
  return withMember(parent as Readonly<Record<string, unknown>>, key, value);
}

function add(parent: unknown, key: string, value: unknown): unknown {
  if (!Array.isArray(parent)) {
    if (!isRecord(parent)) throw new Inapplicable(`there is nothing that could hold ${JSON.stringify(key)}`);
    return withMember(parent, key, value);
  }
  const index = key === "-" ? parent.length : listIndex(key);
  if (index === undefined || index > parent.length)
    throw new Inapplicable(`the list has no place ${key} for an item`);
  return parent.toSpliced(index, 0, value);
}

function remove(parent: unknown, key: string): unknown {
  child(parent, key);
  if (Array.isArray(parent)) return parent.toSpliced(listIndex(key)!, 1);
  return Object.fromEntries(
    Object.entries(parent as Readonly<Record<string, unknown>>).filter(([name]) => name !== key),
  );
}

/** `__proto__` is a key like any other: entries define members, they do not assign them. */
function withMember(parent: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  if (key !== "__proto__") return { ...parent, [key]: value };
  const others = Object.entries(parent).filter(([name]) => name !== key);
  return Object.fromEntries([...others, [key, value]]);
}
