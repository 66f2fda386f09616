import type { AuthProxy } from "./auth-proxy.ts";
import type { UrlRequest } from "./request.ts";
import type { UrlLogin } from "./verdict.ts";

/** What an auth proxy does with a request. */
export type ProxyGuard =
  /** It asks for a login. */
  | { readonly does: "login"; readonly login: UrlLogin }
  /** It lets everybody through. */
  | { readonly does: "pass"; readonly why: string }
  /** It answers itself: its login and callback pages. */
  | { readonly does: "own" }
  | { readonly does: "unknown"; readonly why: string };

/** Whether a request has to log in, as the proxy's flags say. */
export function proxyGuard(proxy: AuthProxy, request: UrlRequest): ProxyGuard {
  return proxy.flavour === "oauth2-proxy" ? oauth2Proxy(proxy, request) : gatekeeper(proxy, request);
}

/** Whether another path or method may be guarded in another way. */
export function hasUnguardedPart({ flavour, option }: AuthProxy): boolean {
  return flavour === "oauth2-proxy" ? skipsOf(option).length > 0 : resourcesOf(option).length > 0;
}

/** A path for each part that the proxy guards in a way of its own, as far as its flags say it in plain texts. */
export function partPaths({ flavour, option }: AuthProxy): string[] {
  const texts =
    flavour === "gatekeeper"
      ? resourcesOf(option).map(({ uri }) => uri.replace(/\*$/, "any"))
      : skipsOf(option).map((skip) =>
          skip
            .replace(/^[A-Za-z]+!?=/, "")
            .replace(/^\^|\$$|\.\*\$?$/g, "")
            .replaceAll("\\", ""),
        );
  return texts.filter((text) => text.startsWith("/"));
}

/** Source: oauth2-proxy 7 documentation, "Command line options"; `skip-auth-route` is `METHOD=regex`, `METHOD!=regex` or a regex. */
function oauth2Proxy({ option, hasMore }: AuthProxy, request: UrlRequest): ProxyGuard {
  const prefix = option("proxy-prefix", "OAUTH2_PROXY_PROXY_PREFIX")[0] ?? "/oauth2";
  if (request.path === prefix || request.path.startsWith(`${prefix}/`)) return { does: "own" };
  if (option("skip-auth-preflight", "OAUTH2_PROXY_SKIP_AUTH_PREFLIGHT")[0] === "true")
    if (request.method === "OPTIONS") return { does: "pass", why: "skip-auth-preflight" };
  const skips = skipsOf(option);
  for (const skip of skips) {
    const [, method, not, pattern = skip] = /^(?:([A-Za-z]+)(!)?=)?([\s\S]*)$/.exec(skip) ?? [];
    if (method !== undefined && (method.toUpperCase() === request.method) === (not === "!")) continue;
    const isMatch = matchesPattern(pattern, request.path);
    if (isMatch === undefined) return { does: "unknown", why: `skip-auth-route ${skip} is not decided here` };
    if (isMatch) return { does: "pass", why: `skip-auth-route ${skip}` };
  }
  const groups = listed(option("allowed-group", "OAUTH2_PROXY_ALLOWED_GROUPS"));
  const roles = listed(option("allowed-role", "OAUTH2_PROXY_ALLOWED_ROLES")).map((role) => `role:${role}`);
  const all = [...groups, ...roles];
  if (hasMore && skips.length === 0 && all.length === 0)
    return {
      does: "unknown",
      why: "some of the proxy's options are in a file or in variables of another object",
    };
  return { does: "login", login: { kind: "proxy", ...(all.length > 0 && { groups: all }) } };
}

function skipsOf(option: AuthProxy["option"]): string[] {
  return [
    ...listed(option("skip-auth-route", "OAUTH2_PROXY_SKIP_AUTH_ROUTES")),
    ...listed(option("skip-auth-regex", "OAUTH2_PROXY_SKIP_AUTH_REGEX")),
  ];
}

interface GuardedResource {
  readonly uri: string;
  readonly isOpen: boolean;
  readonly methods: readonly string[];
  readonly groups: readonly string[];
}

/** Source: gogatekeeper 3 documentation, "Configuration", "Resources"; keycloak-proxy 2 and louketo-proxy 1 read the same. */
function gatekeeper({ option, name, hasMore }: AuthProxy, request: UrlRequest): ProxyGuard {
  const base = option("base-uri", "PROXY_BASE_URI")[0] ?? "";
  const prefix = `${base}${option("oauth-uri", "PROXY_OAUTH_URI")[0] ?? "/oauth"}`;
  if (request.path === prefix || request.path.startsWith(`${prefix}/`)) return { does: "own" };
  const resources = resourcesOf(option);
  const matching = resources
    .filter(({ uri }) => matchesUri(uri, request.path))
    .sort(
      (a, b) =>
        Number(b.uri === request.path) - Number(a.uri === request.path) || b.uri.length - a.uri.length,
    );
  const [first] = matching;
  if (first !== undefined) {
    if (first.isOpen) return { does: "pass", why: `resource ${first.uri} is white-listed` };
    if (first.methods.length > 0 && !first.methods.includes(request.method))
      return { does: "unknown", why: `resource ${first.uri} is for other methods` };
    const { groups } = first;
    return { does: "login", login: { kind: "proxy", ...(groups.length > 0 && { groups }) } };
  }
  const deny = option("enable-default-deny", "PROXY_ENABLE_DEFAULT_DENY")[0];
  if (deny === "false")
    return { does: "pass", why: "no resource of the proxy is for it, and enable-default-deny is off" };
  if (hasMore || (deny === undefined && name === "keycloak-proxy"))
    return { does: "unknown", why: "no resource of the proxy is for it in its flags" };
  return { does: "login", login: { kind: "proxy" } };
}

function resourcesOf(option: AuthProxy["option"]): GuardedResource[] {
  return [...option("resources", "PROXY_RESOURCES"), ...option("resource")].map((text) => {
    const fields = new Map(
      text.split("|").map((part) => {
        const cut = part.indexOf("=");
        return [part.slice(0, cut), part.slice(cut + 1)] as const;
      }),
    );
    const groups = words(fields.get("groups"));
    const roles = words(fields.get("roles")).map((role) => `role:${role}`);
    const anyRole = fields.get("require-any-role") === "true" || roles.length < 2;
    const roleTexts = anyRole ? roles : [roles.join(" and ")];
    // Both lists have to be met: one of the groups, and the roles.
    const both = groups.flatMap((group) => roleTexts.map((role) => `${group} and ${role}`));
    return {
      uri: fields.get("uri") ?? "",
      isOpen: fields.get("white-listed") === "true",
      methods: words(fields.get("methods")).map((method) => method.toUpperCase()),
      groups: both.length > 0 ? both : [...groups, ...roleTexts],
    };
  });
}

function matchesUri(uri: string, path: string): boolean {
  if (!uri.endsWith("*")) return uri === path;
  const prefix = uri.slice(0, -1);
  return path.startsWith(prefix) || path === prefix.replace(/\/$/, "");
}

/**
 * Whether a regular expression matches, for those that are plain texts with anchors, with `.*` at an end; `undefined`: another
 * one.
 */
function matchesPattern(pattern: string, path: string): boolean | undefined {
  const match = /^(\^)?((?:[\w\-/~%]|\\[.\-/])*)((?:\.\*)?\$?)$/.exec(pattern);
  if (match === null) return undefined;
  const text = match[2]!.replaceAll("\\", "");
  const isWhole = match[3] === "$";
  if (match[1] === undefined) return isWhole ? path.endsWith(text) : path.includes(text);
  return isWhole ? path === text : path.startsWith(text);
}

function listed(values: readonly string[]): string[] {
  return values.flatMap((value) => words(value));
}

function words(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
