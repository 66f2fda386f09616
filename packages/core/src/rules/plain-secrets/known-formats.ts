import { isPlaceholder, isReference } from "./literal-values.ts";

/** A kind of credential that shows by its form alone, whatever it is called. */
interface KnownFormat {
  /** For the message: the value itself is never printed. */
  readonly what: string;
  /** A text that any match contains: most texts are done with after looking for it. */
  readonly mark: string;
  /** Linear on any input: every repetition is bounded or of one class. Group 1, where there is one, is the secret part. */
  readonly pattern: RegExp;
}

const FORMATS: readonly KnownFormat[] = [
  {
    what: "a private key",
    mark: "PRIVATE KEY-----",
    pattern: /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY-----(?:\s|\\n|\\r){0,8}([A-Za-z0-9+/=:,\- ]{12})/,
  },
  {
    what: "a JSON web token",
    mark: "eyJ",
    pattern: /\beyJ[A-Za-z0-9_-]{12,4096}\.eyJ[A-Za-z0-9_-]{12,8192}\.([A-Za-z0-9_-]{8})/,
  },
  { what: "an AWS access key", mark: "AKIA", pattern: /\b(AKIA[A-Z2-7]{16})\b/ },
  { what: "a temporary AWS access key", mark: "ASIA", pattern: /\b(ASIA[A-Z2-7]{16})\b/ },
  { what: "a GitHub token", mark: "gh", pattern: /\b(gh[pousr]_[A-Za-z0-9]{36})/ },
  { what: "a GitHub token", mark: "github_pat_", pattern: /\b(github_pat_[A-Za-z0-9_]{60})/ },
  { what: "a GitLab token", mark: "glpat-", pattern: /\b(glpat-[A-Za-z0-9_-]{20})/ },
  { what: "a Slack token", mark: "xox", pattern: /\b(xox[abprs]-[A-Za-z0-9-]{20})/ },
  {
    what: "a Slack webhook",
    mark: "hooks.slack.com/",
    pattern: /hooks\.slack\.com\/services\/(T[A-Za-z0-9]{6,12}\/B[A-Za-z0-9]{6,12}\/[A-Za-z0-9]{20})/,
  },
  { what: "an npm token", mark: "npm_", pattern: /\b(npm_[A-Za-z0-9]{36})\b/ },
  { what: "a Google API key", mark: "AIza", pattern: /\b(AIza[A-Za-z0-9_-]{35})/ },
  { what: "a Stripe key", mark: "k_live_", pattern: /\b([sr]k_live_[A-Za-z0-9]{20})/ },
  { what: "a HashiCorp Vault token", mark: "hvs.", pattern: /\b(hvs\.[A-Za-z0-9_-]{24})/ },
  {
    what: "registry credentials",
    mark: '"auths"',
    pattern: /"auths"[\s\S]{0,300}?"auth"\s{0,4}:\s{0,4}"([A-Za-z0-9+/=]{8,4096})"/,
  },
  {
    what: "a user with a password",
    mark: "curl",
    pattern: /\bcurl\b[^\n]{0,200}?\s(?:-u|--user)[ =]["']?[^\s:"'$]{1,64}:([^\s"'$]{3,128})/,
  },
];

/** `scheme://user:password@host`; what stands for the password must be no reference. */
const URL_WITH_PASSWORD = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:@/'"<>`]{0,128}:([^\s@/'"<>`]{1,256})@[^\s@/]/gi;
/** `Authorization: Basic …`, in any of the ways in which configuration says it. */
const AUTHORIZATION =
  /authorization["']?[\s:=,]{1,8}["']?(?:basic|bearer)\s{1,4}([A-Za-z0-9+/=_.-]{8,4096})/gi;

/** `ab://:c@d` */
const SHORTEST = 9;

/** What credential a text holds by its form; `undefined` when it shows none. */
export function knownCredential(text: string): string | undefined {
  if (text.length < SHORTEST) return undefined;
  for (const { what, mark, pattern } of FORMATS) {
    if (!text.includes(mark)) continue;
    const match = pattern.exec(text);
    if (match && !isPlaceholder(match[1] ?? match[0])) return what;
  }
  if (text.includes("://"))
    for (const [, password = ""] of text.matchAll(URL_WITH_PASSWORD))
      if (!isPlaceholder(password) && !isReference(password)) return "a URL with a password";
  if (/authorization/i.test(text))
    for (const [, value = ""] of text.matchAll(AUTHORIZATION))
      if (!isPlaceholder(value) && /[0-9=]/.test(value)) return "an Authorization header";
  return undefined;
}
