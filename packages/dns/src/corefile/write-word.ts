import { namesEnvironment } from "./environment.ts";
import { endsInBackslash, isSpace } from "./lex.ts";

/** A word as it is written, or why it cannot be. */
export type WrittenWord =
  | { readonly ok: true; readonly raw: string }
  | { readonly ok: false; readonly why: string };

export interface WriteOptions {
  /** Let `{$NAME}` and `{%NAME%}` through: CoreDNS puts its environment in. Default: refused. */
  readonly environment?: boolean;
}

/**
 * A value as one word of a Corefile, quoted where it has to be. Refused, since CoreDNS has no way to write it: a lone brace (quoted or
 * not, it opens or closes a block), and a text that needs quotes and has a backslash before a `"` or at its end.
 */
export function writeWord(text: string, { environment = false }: WriteOptions = {}): WrittenWord {
  if (text === "{" || text === "}")
    return { ok: false, why: "a lone brace opens or closes a block, quoted or not" };
  if (!environment && namesEnvironment(text))
    return { ok: false, why: "CoreDNS would put its environment in; say so if that is wanted" };
  if (!text.isWellFormed()) return { ok: false, why: "half a surrogate pair is no letter" };
  if (!needsQuotes(text)) return { ok: true, raw: text };
  const parts = text.split('"');
  if (parts.some(endsInBackslash))
    return {
      ok: false,
      why: "it has white space, a # or a quote, and a backslash before a quote or at its end: CoreDNS cannot read that back",
    };
  return { ok: true, raw: `"${parts.join('\\"')}"` };
}

function needsQuotes(text: string): boolean {
  if (text === "" || text.startsWith('"') || text.startsWith("\ufeff") || text.includes("#")) return true;
  for (let i = 0; i < text.length; i++) if (isSpace(text.charCodeAt(i))) return true;
  return false;
}
