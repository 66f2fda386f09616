/**
 * What a name promises. `password`: whatever stands there is a credential. `token`: may also be the name of a Secret or
 * the like, so only a value that looks random is one.
 */
export type NameClass = "password" | "token";

/** What every name of a credential has in it, and every setting of one: most texts are done with after looking for it. */
export const PROMISING = /pass|pwd|secret|token|key|credential|cookie|base/i;
/** Names of passwords, at the end of a name: a prefix says whose (`DB_PASSWORD`, `PGPASSWORD`). */
const PASSWORD =
  /(?:passw(?:or)?d|passphrase)$|(?:^|[_-])(?:pass|pwd|passwd)$|erlang[_-]?cookie$|secret[_-]?key[_-]?base$/;
/** Secrets that are no names of Secrets. */
const SHARED_SECRET =
  /(?:client|cookie|session|shared|app|oauth2?|oidc|consumer|jwt|hmac|signing|webhook|state|csrf|master|admin|root)[_-]?secret$/;
const TOKEN =
  /(?:^|[_-])(?:secret|token|credentials?)$|(?:api|access|auth|private|secret|encryption|encrypt|signing|master|shared|account|storage|service)[_-]?(?:key|token)$|secret[_-]?access[_-]?key$/;
/** Names that end alike but hold no credential. */
const HARMLESS =
  /(?:^|[_-])(?:public|next|page|continue|no|csrf[_-]?header)[_-]?(?:key|token)$|(?:^|[_-])(?:require|use|enable|allow|show|force|reset|change|forgot|min|max)[_-].*passw(?:or)?d$/;

/**
 * What the name of a variable, flag, key or setting says of its value; `undefined` when nothing. Words in any case and
 * joined in any way; a trailing number is left out (`PASSWORD_2`).
 *
 * @example credentialName("DB_PASSWORD") // "password"
 * @example credentialName("DB_PASSWORD_FILE") // undefined
 */
export function credentialName(name: string): NameClass | undefined {
  if (name.length > 200 || !PROMISING.test(name)) return undefined;
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[.\s/]/g, "_")
    .replace(/[_-]?\d+$/, "");
  if (HARMLESS.test(words)) return undefined;
  if (PASSWORD.test(words) || SHARED_SECRET.test(words)) return "password";
  return TOKEN.test(words) ? "token" : undefined;
}
