/**
 * Host names of rules, and what they match. Ingress and Gateway API differ in wildcards: `*.example.org` of an Ingress stands for
 * one label, that of a Gateway or HTTPRoute for one or more.
 */

/** A host of a rule in lower case; empty for every host. */
export function ruleHost(value: unknown): string {
  const host = typeof value === "string" ? value.toLowerCase() : "";
  return host === "*" ? "" : host;
}

export function isWildcard(host: string): boolean {
  return host.startsWith("*.");
}

/** Whether a host of an Ingress rule or of its `tls` is for a host: itself, or one label in place of the star. */
export function coversOneLabel(rule: string, host: string): boolean {
  if (rule === "" || rule === host) return true;
  const dot = host.indexOf(".");
  return isWildcard(rule) && dot > 0 && rule.slice(1) === host.slice(dot);
}

/** Whether a hostname of the Gateway API is for a host: itself, or any labels in place of the star. */
export function coversLabels(rule: string, host: string): boolean {
  if (rule === "" || rule === host) return true;
  return isWildcard(rule) && host.length > rule.length - 1 && host.endsWith(rule.slice(1));
}

/**
 * The hosts that a listener and a route have in common, by the rules of the Gateway API; `undefined`: none.
 *
 * @example intersection("*.example.org", "www.example.org") // "www.example.org"
 */
export function intersection(listener: string, route: string): string | undefined {
  if (listener === "") return route;
  if (route === "" || listener === route) return listener;
  if (isWildcard(listener) && coversLabels(listener, isWildcard(route) ? route.slice(2) : route))
    return route;
  if (isWildcard(listener) && isWildcard(route)) {
    if (route.slice(1) === listener.slice(1) || route.endsWith(listener.slice(1))) return route;
    return listener.endsWith(route.slice(1)) ? listener : undefined;
  }
  return isWildcard(route) && coversLabels(route, listener) ? listener : undefined;
}

/** What the host stands for in a table: the keys under which a rule may be, the most specific first. */
export function wildcardsOf(host: string): string[] {
  const found: string[] = [];
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1))
    if (dot > 0) found.push(`*${host.slice(dot)}`);
  return found;
}
