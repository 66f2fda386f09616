import { credentialName, PROMISING } from "./credential-names.ts";
import { knownCredential } from "./known-formats.ts";
import { isPlaceholder, isReference, looksRandom } from "./literal-values.ts";

/** What a named value is, when it is a credential: said in words, never with the value. */
export function namedCredential(name: string, value: string): string | undefined {
  return isNamedSecret(name, value) ? "a literal credential" : knownCredential(value);
}

/**
 * The same of a text in which names and values stand together: a command line, a script, a configuration file. Looks at
 * `name=value`, `name: value`, `--name value` and `"name": "value"`.
 */
export function textCredential(text: string): string | undefined {
  const known = knownCredential(text);
  if (known !== undefined || !PROMISING.test(text)) return known;
  for (const { name, value } of settings(text))
    if (isNamedSecret(name, value)) return `a literal ${SAYABLE.test(name) ? name : "credential"}`;
  return undefined;
}

/** Names that cannot be a piece of a credential themselves: a few words, no digits. */
const SAYABLE = /^[A-Za-z]{1,16}(?:[_.-][A-Za-z]{1,16}){0,4}$/;

function isNamedSecret(name: string, value: string): boolean {
  const nameClass = credentialName(name);
  if (nameClass === undefined || isPlaceholder(value) || isReference(value)) return false;
  return nameClass === "password" ? isPasswordLike(value) : looksRandom(value);
}

/** A name of a key in a Secret next to it, a number of seconds, a URL: no password is written so. */
function isPasswordLike(value: string): boolean {
  return (
    value.length >= 3 &&
    value.length <= 4096 &&
    !/^\d{1,3}$/.test(value) &&
    !/^[a-z][a-z0-9+.-]*:\/\//i.test(value)
  );
}

/** Where a name that may promise a credential ends, and its value begins. */
const SEPARATOR =
  /(?:passw(?:or)?d|passphrase|pwd|pass|secret|token|credentials?|key|cookie|base)["']?(?:[ \t]{0,8}(?::=|=>|[:=])[ \t]{0,8}|[ \t]{1,8})/gi;
const NAME_CHARACTER = /[A-Za-z0-9_.-]/;
const LONGEST_NAME = 80;
const LONGEST_VALUE = 512;
const LONGEST_LINE = 512;

function* settings(text: string): Generator<{ readonly name: string; readonly value: string }> {
  for (const match of text.matchAll(SEPARATOR)) {
    const separator = /["']?[ \t]*(?::=|=>|[:=])?[ \t]*$/.exec(match[0])?.[0] ?? "";
    const end = match.index + match[0].length - separator.length;
    let start = match.index;
    while (start > 0 && end - start < LONGEST_NAME && NAME_CHARACTER.test(text[start - 1]!)) start--;
    const name = text.slice(start, end);
    const isFlag = name.startsWith("--");
    if (!isFlag && !/[:=]/.test(separator)) continue;
    if (isComment(text, start)) continue;
    const value = valueAt(text, match.index + match[0].length, separator);
    if (value !== undefined) yield { name: name.replace(/^-+/, ""), value };
  }
}

/** A line that begins with `#`, `//` or `;`. Only so much of it is looked at: lines may be megabytes long. */
function isComment(text: string, at: number): boolean {
  const from = Math.max(0, at - LONGEST_LINE);
  const before = text.slice(from, at);
  const start = before.lastIndexOf("\n") + 1;
  return (start > 0 || from === 0) && /^\s*(?:#|\/\/|;)/.test(before.slice(start));
}

/** The value that stands there; `undefined` for code (`password = getPassword()`), blocks and lists. */
function valueAt(text: string, at: number, separator: string): string | undefined {
  const rest = text.slice(at, at + LONGEST_VALUE);
  const quoted = /^(?:"([^"\n]*)"|'([^'\n]*)')/.exec(rest);
  if (quoted) return quoted[1] ?? quoted[2];
  const bare = /^[^\s,;"'`&|)\]}]+/.exec(rest)?.[0] ?? "";
  const isCode =
    /[([{]|^[A-Za-z_]\w*(?:\.\w+)+$|^[>|]/.test(bare) ||
    (/=/.test(separator) && / /.test(separator) && /^[A-Za-z_]\w*$/.test(bare));
  return bare === "" || bare.startsWith("-") || isCode ? undefined : bare;
}
