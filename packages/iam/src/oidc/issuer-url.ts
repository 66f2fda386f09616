/** What is wrong with a URL of an issuer, and what to write. */
export interface UrlProblem {
  readonly message: string;
  readonly hint: string;
}

/** RFC 3986 parts, as Go's url.Parse cuts them: fragment first, then query, then scheme and authority. */
const URL_PARTS = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/s;
const HOST = /^(?:\[[0-9A-Fa-f:.]+(?:%25[\w.~-]+)?\]|(?:[^\s"<>\\^`{|}[\]:%]|%[0-9A-Fa-f]{2})*)(?::\d*)?$/;

/**
 * What kube-apiserver refuses in the URL of an issuer: it must be https, without user, query or fragment
 * (apiserver/pkg/apis/apiserver/validation, validateURL).
 */
export function issuerUrlProblems(text: string): UrlProblem[] {
  const hint = "write the issuer as the tokens have it: https://iam.example.test/realms/NAME";
  if (text === "") return [{ message: "expected a URL, found nothing", hint }];
  const found = (what: string, how = hint) => ({
    message: `${what}: ${JSON.stringify(shorten(text))}`,
    hint: how,
  });
  if (hasControl(text)) return [found("a URL has no control characters")];
  const hash = text.indexOf("#");
  const [main, fragment] = hash < 0 ? [text, ""] : [text.slice(0, hash), text.slice(hash + 1)];
  const parts = URL_PARTS.exec(main);
  if (parts === null) return [found("expected a URL that starts with https://")];
  const [, scheme = "", authority = "", path = "", query = ""] = parts;
  const at = authority.lastIndexOf("@");
  const problems: UrlProblem[] = [];
  if (!HOST.test(authority.slice(at + 1)) || /%(?![0-9A-Fa-f]{2})/.test(path + fragment))
    return [found("this is no URL")];
  if (scheme.toLowerCase() !== "https")
    problems.push(
      found("the scheme of an issuer must be https", `write https:// instead of ${shorten(scheme)}:`),
    );
  if (at >= 0)
    problems.push({
      message: "the URL of an issuer must have no user name or password",
      hint: "remove everything before the @",
    });
  if (query !== "")
    problems.push(found("the URL of an issuer must have no query", "remove the ? and what follows"));
  if (fragment !== "")
    problems.push(found("the URL of an issuer must have no fragment", "remove the # and what follows"));
  return problems;
}

/** Keycloak's issuers never end in a slash: with one, the server starts and then refuses every token. */
export function hasSlashThatKeycloakLacks(issuer: string): boolean {
  return /\/realms\/[^/]+\/+$/.test(issuer);
}

function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
