import { formatPath, type PathSegment } from "../field-path.ts";
import { isPlainObject, jsonValue } from "./json-value.ts";

/**
 * Finds the first part of a value that JSON cannot hold, or that has more than `maxDepth` levels.
 *
 * @throws TypeError naming its path and what is there
 */
export function checkJson(value: unknown, maxDepth: number): void {
  check(value, [], new Set(), maxDepth);
}

function check(raw: unknown, path: readonly PathSegment[], above: Set<object>, depthLeft: number): void {
  const value = jsonValue(raw);
  const wrong = whatIsWrong(value, above, depthLeft);
  if (wrong !== undefined)
    throw new TypeError(`expected a value of JSON at ${formatPath(path) || "the top"}, got ${wrong}`);
  if (typeof value !== "object" || value === null) return;
  above.add(value);
  if (Array.isArray(value))
    for (const [index, item] of value.entries()) check(item ?? null, [...path, index], above, depthLeft - 1);
  else
    for (const [key, member] of Object.entries(value)) {
      const wrongKey = whatIsWrong(key, above, depthLeft);
      if (wrongKey !== undefined)
        throw new TypeError(`expected a key of JSON at ${formatPath(path) || "the top"}, got ${wrongKey}`);
      if (member !== undefined) check(member, [...path, key], above, depthLeft - 1);
    }
  above.delete(value);
}

function whatIsWrong(value: unknown, above: ReadonlySet<object>, depthLeft: number): string | undefined {
  switch (typeof value) {
    case "string":
      return /\p{Surrogate}/u.test(value) ? "half of a surrogate pair, which UTF-8 cannot hold" : undefined;
    case "number":
      return Number.isFinite(value) ? undefined : String(value);
    case "boolean":
      return undefined;
    case "object":
      if (value === null) return undefined;
      if (above.has(value)) return "a cycle: an object inside itself";
      if (depthLeft <= 0) return "too many levels of nesting";
      return Array.isArray(value) || isPlainObject(value)
        ? undefined
        : `a ${Object.prototype.toString.call(value).slice(8, -1)}`;
    default:
      return `a ${typeof value}`;
  }
}
