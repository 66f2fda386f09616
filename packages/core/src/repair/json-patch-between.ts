import type { PatchOperation } from "../finding.ts";
import { isRecord } from "../json.ts";
import { formatPointer } from "./json-pointer.ts";
import { sameJson } from "./same-json.ts";

/**
 * The JSON patch (RFC 6902) that makes `after` of `before`: per object what was removed, added and replaced; lists of one
 * length item by item, other lists as a whole. Empty when both are the same.
 *
 * @example jsonPatchBetween({ a: 1 }, { b: 1 }) // [{ op: "remove", path: "/a" }, { op: "add", path: "/b", value: 1 }]
 */
export function jsonPatchBetween(before: unknown, after: unknown): PatchOperation[] {
  const patch: PatchOperation[] = [];
  collect(before, after, [], patch);
  return patch;
}

function collect(before: unknown, after: unknown, path: (string | number)[], patch: PatchOperation[]): void {
  if (sameJson(before, after)) return;
  const at = (key: string | number, step: () => void) => {
    path.push(key);
    step();
    path.pop();
  };
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    before.forEach((item, index) => {
      at(index, () => collect(item, after[index], path, patch));
    });
    return;
  }
  if (!isRecord(before) || !isRecord(after)) {
    patch.push({ op: "replace", path: formatPointer(path), value: after });
    return;
  }
  for (const key of Object.keys(before))
    at(key, () => {
      if (!Object.hasOwn(after, key)) patch.push({ op: "remove", path: formatPointer(path) });
      else collect(before[key], after[key], path, patch);
    });
  for (const key of Object.keys(after))
    if (!Object.hasOwn(before, key))
      at(key, () => patch.push({ op: "add", path: formatPointer(path), value: after[key] }));
}
