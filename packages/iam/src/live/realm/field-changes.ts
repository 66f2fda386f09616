import { formatPath, isRecord } from "@ashlar/core";

import { LiveError } from "../live-error.ts";
import { isEmpty, type Json } from "./realm-parts.ts";

/** A field that is or becomes different. Values of secrets are in none of it. */
export interface RealmFieldChange {
  /** `redirectUris`, `attributes["pkce.code.challenge.method"]` */
  readonly path: string;
  /** What it is now; absent: nothing, or a secret. */
  readonly from?: unknown;
  /** What it becomes; of a secret only the placeholder. */
  readonly to?: unknown;
  /** The value is a secret: it changes, and that is all that is told. */
  readonly secret?: true;
}

/** Values of placeholders by name; undefined: they are not known now, and what they stand for is not compared. */
export type PlaceholderValues = ReadonlyMap<string, string> | undefined;

/** Keycloak's own `${role_x}` are lower case and stay what they are. */
const PLACEHOLDER = /\$\{([A-Z_][A-Z0-9_]*)\}/g;
const SECRET_FIELD = /(secret|password|private[._-]?key|token|\.rotated)$/i;
/** How Keycloak shows what it does not show. */
const MASKED = /^\*+$/;

/** The names of the placeholders in a value, each once. */
export function placeholdersIn(value: unknown): string[] {
  const found = new Set<string>();
  eachText(value, (text) => {
    for (const [, name = ""] of text.matchAll(PLACEHOLDER)) found.add(name);
  });
  return [...found].sort();
}

/** The value with every placeholder filled. */
export function filled(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string")
    return value.replaceAll(PLACEHOLDER, (whole, name: string) => values.get(name) ?? whole);
  if (Array.isArray(value)) return value.map((one) => filled(one, values));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, filled(inner, values)]));
}

/**
 * Plans are printed and kept: no secret may be in a wanted realm but as `${NAME}`.
 *
 * @throws LiveError `bad-input` with the place of a literal one
 */
export function checkNoLiteralSecret(value: unknown, at: readonly (string | number)[] = []): void {
  if (Array.isArray(value)) for (const [i, one] of value.entries()) checkNoLiteralSecret(one, [...at, i]);
  if (!isRecord(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (isSecret(key) && isLiteralSecret(inner))
      throw new LiveError(
        "bad-input",
        `the realm's ${formatPath([...at, key])} holds a secret itself`,
        `write \${NAME} there, and give the value when the plan is applied`,
      );
    checkNoLiteralSecret(inner, [...at, key]);
  }
}

/**
 * The fields that a wanted object has and that are different now, by path. Maps are compared key by key, lists of texts as sets.
 *
 * @param current the object as it is; undefined: all of it is new
 * @returns besides, the paths that could not be compared, for their values are secrets
 */
export function fieldChanges(
  wanted: Json,
  current: Json | undefined,
  values: PlaceholderValues,
): { readonly changes: readonly RealmFieldChange[]; readonly unchecked: readonly string[] } {
  const changes: RealmFieldChange[] = [];
  const unchecked: string[] = [];
  const compare = (to: unknown, from: unknown, path: readonly string[]) => {
    if (isRecord(to)) {
      for (const [key, inner] of Object.entries(to))
        compare(inner, isRecord(from) && Object.hasOwn(from, key) ? from[key] : undefined, [...path, key]);
      return;
    }
    const shown = formatPath(path);
    if (typeof to === "string" && MASKED.test(to)) return;
    const held = placeholdersIn(to).length > 0;
    if (held && !isEmpty(from)) {
      if (values === undefined || (typeof from === "string" && MASKED.test(from))) {
        unchecked.push(shown);
        return;
      }
    }
    if (same(values === undefined ? to : filled(to, values), from)) return;
    if (held || isSecret(path.at(-1) ?? "")) changes.push({ path: shown, ...(held && { to }), secret: true });
    else
      changes.push({
        path: shown,
        ...(!isEmpty(from) && { from: tidy(from) }),
        ...(!isEmpty(to) && { to: tidy(to) }),
      });
  };
  compare(wanted, current, []);
  return { changes, unchecked };
}

/** What Keycloak gets for a field: its maps are replaced whole, so what it has in them and we do not stays. */
export function merged(wanted: unknown, current: unknown): unknown {
  if (!isRecord(wanted) || !isRecord(current)) return wanted;
  return { ...current, ...wanted };
}

function isSecret(field: string): boolean {
  return SECRET_FIELD.test(field);
}

function isLiteralSecret(value: unknown): boolean {
  return (
    typeof value === "string" &&
    value !== "" &&
    !MASKED.test(value) &&
    !/^(true|false)$/.test(value) &&
    value.replaceAll(PLACEHOLDER, "") !== ""
  );
}

function same(a: unknown, b: unknown): boolean {
  return (isEmpty(a) && isEmpty(b)) || JSON.stringify(tidy(a)) === JSON.stringify(tidy(b));
}

/** Lists of texts mean sets; objects within lists are compared without regard to the order of their fields. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) {
    const inner = value.map(tidy);
    return inner.every((one) => typeof one === "string") ? [...new Set(inner)].sort() : inner;
  }
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, tidy(inner)]),
  );
}

function eachText(value: unknown, visit: (text: string) => void): void {
  if (typeof value === "string") visit(value);
  else if (typeof value === "object" && value !== null)
    for (const inner of Object.values(value)) eachText(inner, visit);
}
