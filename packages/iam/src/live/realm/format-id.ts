import { show } from "../../keycloak/check/report.ts";
import type { RealmObjectId } from "./realm-parts.ts";

/** `client kubernetes`, `role developer`, `client role kubernetes/developer`, `mapper groups of client kubernetes` */
export function formatId([part = "", name = "", below, inner = "", ...rest]: RealmObjectId): string {
  if (part === "realm") return "the realm";
  if (part === "requiredActions") return `required action ${word(name)}`;
  if (part === "groups") return `group ${[name, below, inner, ...rest].filter(Boolean).map(word).join("/")}`;
  if (part === "roles") return `role ${word(name)}`;
  if (below === "roles") return `client role ${word(name)}/${word(inner)}`;
  return below === "mappers" ? `mapper ${word(inner)} of client ${word(name)}` : `client ${word(name)}`;
}

/** A name as it is when it cannot be mistaken for anything else, else quoted. */
export function word(text = ""): string {
  return /^[\w.:@+~-]+$/.test(text) ? text : printable(show(text));
}

/** A text whose invisible characters are seen: none of them can turn a line around or make two of it. */
export function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`,
  );
}
