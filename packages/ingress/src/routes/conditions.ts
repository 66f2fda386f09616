import { fieldsOf, listOf, textOf } from "./fields.ts";
import type { UrlRequest } from "./request.ts";

/** What an HTTPRoute match asks besides the path. */
export interface Conditions {
  readonly method?: string;
  readonly headers: readonly Condition[];
  readonly query: readonly Condition[];
}

interface Condition {
  /** Header names are in lower case. */
  readonly name: string;
  readonly value: string;
  /** The value is a regular expression: whether it matches is not decided here. */
  readonly isPattern: boolean;
}

/** The conditions of one entry of `matches`. Of two entries for one name only the first counts, as the API says. */
export function readConditions(match: unknown): Conditions {
  const { method, headers, queryParams } = fieldsOf(match);
  const wanted = textOf(method);
  return {
    ...(wanted !== "" && { method: wanted }),
    headers: readList(headers, (name) => name.toLowerCase()),
    query: readList(queryParams, (name) => name),
  };
}

/** Order among routes of one path: with a method first, then more headers, then more query parameters; negative: a is first. */
export function compareConditions(a: Conditions, b: Conditions): number {
  const method = Number(b.method !== undefined) - Number(a.method !== undefined);
  return method || b.headers.length - a.headers.length || b.query.length - a.query.length;
}

/** Whether a request meets the conditions; `undefined`: a regular expression decides. */
export function meetsConditions(conditions: Conditions, request: UrlRequest): boolean | undefined {
  const { method, headers, query } = conditions;
  if (method !== undefined && method !== request.method) return false;
  let isOpen = false;
  for (const { name, value, isPattern } of headers) {
    const sent = Object.hasOwn(request.headers, name) ? request.headers[name] : undefined;
    if (sent === undefined || (!isPattern && sent !== value)) return false;
    isOpen ||= isPattern;
  }
  if (query.length > 0) {
    const sent = new URLSearchParams(request.query);
    for (const { name, value, isPattern } of query) {
      const first = sent.get(name);
      if (first === null || (!isPattern && first !== value)) return false;
      isOpen ||= isPattern;
    }
  }
  return isOpen ? undefined : true;
}

/** Whether there is none. */
export function isUnconditional({ method, headers, query }: Conditions): boolean {
  return method === undefined && headers.length === 0 && query.length === 0;
}

function readList(value: unknown, nameOf: (name: string) => string): Condition[] {
  const found = new Map<string, Condition>();
  for (const item of listOf(value)) {
    const { name, value: wanted, type } = fieldsOf(item);
    const key = nameOf(textOf(name));
    if (!found.has(key))
      found.set(key, { name: key, value: textOf(wanted), isPattern: textOf(type) === "RegularExpression" });
  }
  return [...found.values()];
}
