import { type IntentProblem, isDnsSubdomain, suggest } from "@ashlar/core";

/** Longest texts shown in messages. */
const SHOWN = 80;

export function shown(text: string): string {
  return JSON.stringify(text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
}

/**
 * A host that an Ingress, a Gateway and a certificate can all have: `wiki.strix.kr`, `*.k8s.strix.kr`.
 *
 * Source: validation of Ingress v1 (IsWildcardDNS1123Subdomain, no address), Hostname of Gateway API v1, RFC 1035 (labels of 63).
 */
export function isHost(text: string): boolean {
  const name = text.startsWith("*.") ? text.slice(2) : text;
  return (
    isDnsSubdomain(name) &&
    text.length <= 253 &&
    name.split(".").every((label) => label.length <= 63) &&
    !/^[0-9.]+$/.test(name)
  );
}

/**
 * A path that each side takes as it is: an Ingress of strict controllers (`strict-validate-path-type` of ingress-nginx) and a
 * PathPrefix of Gateway API v1.
 */
export function isPath(text: string): boolean {
  return (
    text.length <= 1024 &&
    /^\/[A-Za-z0-9._/-]*$/.test(text) &&
    !text.includes("//") &&
    !text.split("/").some((part) => part === "." || part === "..")
  );
}

/** A header's name: of what RFC 9110 allows, the part that no configuration language reads as anything else. */
export function isHeaderName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/.test(text);
}

/** A size as nginx reads it: digits, and k, m or g. */
export function isSize(text: string): boolean {
  return /^[1-9]\d{0,8}[kKmMgG]?$/.test(text);
}

/** An address block with a length: `10.0.0.0/16`, `fd00::/64`. */
export function isCidr(text: string): boolean {
  const match = /^([0-9a-f.:]{2,45})\/(\d{1,3})$/.exec(text);
  if (match === null) return false;
  const [, address = "", length] = match;
  if (!address.includes(":"))
    return (
      Number(length) <= 32 &&
      /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(address) &&
      address.split(".").every((part) => Number(part) <= 255)
    );
  const halves = address.split("::");
  const parts = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  return (
    Number(length) <= 128 &&
    halves.length <= 2 &&
    (halves.length === 2 ? parts.length < 8 : parts.length === 8) &&
    parts.every((part) => /^[0-9a-f]{1,4}$/.test(part))
  );
}

/**
 * A group that both auth proxies and claims read as one word: their lists are separated by `,` and `|`, and Kubernetes puts
 * variables into arguments where it finds `$(NAME)`.
 */
export function isGroup(text: string): boolean {
  return /^[\p{L}\p{N}_/:@.+-]{1,200}$/u.test(text);
}

/** The `host` of a URL of an OIDC issuer is not looked at; the whole has to be an https URL without query, user or odd characters. */
export function isIssuerUrl(text: string): boolean {
  const match = /^https:\/\/([a-z0-9.-]+)(?::[1-9]\d{0,4})?((?:\/[A-Za-z0-9._~-]+)*)\/?$/.exec(text);
  return text.length <= 500 && match !== null && isHost(match[1] ?? "") && isPath(match[2] || "/");
}

/** A word that has to be one of those that are known, when they are. */
export function unknownWord(
  path: readonly PropertyKey[],
  what: string,
  word: string,
  known: readonly string[] | undefined,
): IntentProblem[] {
  if (known === undefined || known.includes(word)) return [];
  return [{ path, message: `unknown ${what} ${shown(word)}`, hint: suggest(word, known) }];
}
