/** Values that stand for another one: expanded, looked up or read from a file. */
const REFERENCE =
  /\$\(|\$\{|\{\{|^\$|^%.*%$|^<.*>$|^@|^(?:\.{0,2}|~)\/|^[A-Za-z]:\\|^(?:file|env|vault|ref\+\w+|op|sm|ssm|arn|secret|awssm|gcpsm|azurekv|keyring|exec|cmd)[:+]|secretKeyRef|^!/;

/** Whether a value is looked up elsewhere: `$(DB_PASSWORD)`, `${file:…}`, `/run/secrets/db`, `vault:…`, `<from the vault>`. */
export function isReference(value: string): boolean {
  return REFERENCE.test(value);
}

const PLACEHOLDER =
  /^(?:x{3,}|\*+|\.{3}|-+|_+|null|nil|none|undefined|true|false|yes|no|on|off|enabled|disabled|required|optional|todo|tbd|fixme|redacted|masked|hidden|placeholder|dummy|sample|default|unset|empty|string|n\/a|my[-_]?(?:password|secret|token))$|example|change[-_ ]?me|change[-_ ]?it|replace[-_ ]?(?:me|this|with)|your[-_ ]|insert[-_ ]|to[-_ ]?be[-_ ]?(?:set|filled|defined)|x{6,}|\*{3,}|\.{3,}/i;
/** A word that only says what belongs there: `password`, `secret`, `token`. */
const OWN_NAME =
  /^(?:(?:user|db|the)[-_ ]?)?(?:pass(?:word|wd|phrase)?|pwd|secret|token|key|credentials?|api[-_]?key)$/i;

/** Whether a value says that the real one is yet to come: empty, `changeme`, `<password>`, `xxxx`, `REDACTED`. */
export function isPlaceholder(value: string): boolean {
  return value.trim() === "" || PLACEHOLDER.test(value) || OWN_NAME.test(value);
}

/**
 * Whether a value was drawn at random rather than written: a UUID, 20 or more of hexadecimal or base64 with digits, or 12
 * or more of upper case, lower case and digits mixed. Names of resources (`oauth2-proxy-v2`) are not.
 */
export function looksRandom(value: string): boolean {
  if (!/^[A-Za-z0-9+/=_.~-]{12,4096}$/.test(value)) return false;
  const digits = value.replace(/[^0-9]/g, "").length;
  if (/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)) return true;
  if (/^[0-9a-f]+$/i.test(value)) return value.length >= 20 && digits >= 4 && digits < value.length;
  const isMixed = /[a-z]/.test(value) && /[A-Z]/.test(value) && digits > 0;
  if (isMixed && !/[.-]/.test(value)) return true;
  return value.length >= 20 && digits >= 4 && !/[.-]/.test(value) && /[A-Za-z]/.test(value);
}
