import type { Resource } from "@ashlar/core";
import { fieldsOf, listOf, textOf, textsOf } from "./fields.ts";

/** A request, as the naive matcher takes it. */
export interface NaiveRequest {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

interface Candidate {
  readonly id: string;
  readonly backend: string;
  readonly isExact: boolean;
  readonly isWhole: boolean;
  readonly length: number;
  readonly isSure: boolean;
  readonly key: string;
}

const elements = (path: string) => path.replace(/\/$/, "").split("/");

/**
 * Which route of Ingresses of one class, whose controller is not known, a request meets: read from the objects one by one, with
 * no index. `OBJECT PATH`, `none`, or `open` where the API leaves it to the controller.
 */
export function naiveIngress(ingresses: readonly Resource[], { host, path }: NaiveRequest): string {
  const wildcard = host.includes(".") && host.indexOf(".") > 0 ? `*${host.slice(host.indexOf("."))}` : "-";
  const named = [host, wildcard, ""].filter((key) =>
    ingresses.some((one) => rulesOf(one).some((rule) => textOf(rule.host) === key)),
  );
  for (const [level, key] of named.entries()) {
    const found = ingresses.flatMap((one) => candidates(one, key, path));
    const best = [...found].sort(
      (a, b) =>
        Number(b.isExact) - Number(a.isExact) || b.length - a.length || Number(b.isWhole) - Number(a.isWhole),
    )[0];
    if (best !== undefined) {
      const equal = found.filter((one) => one.key === best.key);
      if (!best.isSure || level > 0 || new Set(equal.map((one) => one.backend)).size > 1) return "open";
      return best.id;
    }
    const defaults = ingresses.filter(
      (one) => fieldsOf(one.spec).defaultBackend && rulesOf(one).some((rule) => textOf(rule.host) === key),
    );
    if (defaults.length > 0) return defaultOf(defaults);
  }
  const withDefault = ingresses.filter((one) => fieldsOf(one.spec).defaultBackend);
  const bare = withDefault.filter((one) => rulesOf(one).length === 0);
  if (bare.length > 0) return defaultOf(bare);
  return named.length > 0 && withDefault.length > 0 ? "open" : "none";
}

function defaultOf(ingresses: readonly Resource[]): string {
  const different = new Set(ingresses.map((one) => JSON.stringify(fieldsOf(one.spec).defaultBackend)));
  return different.size > 1 ? "open" : `${ingresses[0]!.metadata.name} spec.defaultBackend`;
}

function rulesOf(ingress: Resource): ReturnType<typeof fieldsOf>[] {
  return listOf(fieldsOf(ingress.spec).rules).map(fieldsOf);
}

function candidates(ingress: Resource, host: string, asked: string): Candidate[] {
  return rulesOf(ingress).flatMap((rule, i) => {
    if (textOf(rule.host) !== host) return [];
    return listOf(fieldsOf(rule.http).paths).flatMap((value, j): Candidate[] => {
      const { path: given, pathType, backend } = fieldsOf(value);
      const path = textOf(given);
      const id = `${ingress.metadata.name} spec.rules[${i}].http.paths[${j}]`;
      const common = { id, backend: JSON.stringify(backend) };
      const exact = {
        ...common,
        isExact: true,
        isWhole: true,
        length: path.length,
        isSure: true,
        key: `exact ${path}`,
      };
      if (pathType === "Exact") return path === asked ? [exact] : [];
      if (pathType === "Prefix") {
        const wanted = elements(path);
        const sent = elements(asked);
        const length = path.replace(/\/$/, "").length;
        const key = `prefix ${path.replace(/\/$/, "")}`;
        const isMet = wanted.every((part, k) => part === sent[k]);
        return isMet ? [{ ...common, isExact: false, isWhole: true, length, isSure: true, key }] : [];
      }
      if (path === asked) return [exact];
      const open = {
        ...common,
        isExact: false,
        isWhole: false,
        length: path.length,
        isSure: false,
        key: `open ${path}`,
      };
      return asked.startsWith(path) ? [open] : [];
    });
  });
}

interface GatewayMatch {
  readonly id: string;
  readonly original: string;
  readonly shared: string;
  readonly route: Resource;
  readonly rank: readonly number[];
}

/**
 * Which rule of HTTPRoutes a request to one Gateway meets that takes routes of its own namespace: the listeners' and routes' hosts
 * are compared with the request's, every match is tried, and what is met is sorted by the precedence of the specification.
 */
export function naiveGateway(gateway: Resource, routes: readonly Resource[], request: NaiveRequest): string {
  const listeners = listOf(fieldsOf(gateway.spec).listeners).map(fieldsOf);
  const open = listeners
    .filter((one) => isFor(textOf(one.hostname), request.host))
    .sort((a, b) => weight(textOf(b.hostname)) - weight(textOf(a.hostname)));
  const [listener] = open;
  if (listener === undefined) return "none";
  const own = textOf(listener.hostname);
  const hosts: string[] = [];
  const found = routes.flatMap((route) => {
    const spec = fieldsOf(route.spec);
    const given = textsOf(spec.hostnames);
    return (given.length > 0 ? given : [""]).flatMap((original): GatewayMatch[] => {
      const meets = own === "" || original === "" || isFor(own, star(original)) || isFor(original, star(own));
      if (!meets || !isFor(original, request.host)) return [];
      const shared = weight(original) > weight(own) ? original : own;
      hosts.push(shared);
      return listOf(spec.rules).flatMap((rule, i) =>
        matches(route, fieldsOf(rule), i, original, shared, request),
      );
    });
  });
  const compare = (a: GatewayMatch, b: GatewayMatch) => {
    for (let i = 0; i < a.rank.length; i++) if (a.rank[i] !== b.rank[i]) return b.rank[i]! - a.rank[i]!;
    return a.route.metadata.name < b.route.metadata.name
      ? -1
      : a.route.metadata.name > b.route.metadata.name
        ? 1
        : 0;
  };
  const [best] = found.sort(compare);
  if (best === undefined) return "none";
  const first = hosts.sort((a, b) => weight(b) - weight(a))[0];
  return best.shared === first ? best.id : "open";
}

function matches(
  route: Resource,
  rule: ReturnType<typeof fieldsOf>,
  index: number,
  original: string,
  shared: string,
  request: NaiveRequest,
): GatewayMatch[] {
  const all = listOf(rule.matches).map(fieldsOf);
  return (all.length > 0 ? all : [fieldsOf({})]).flatMap((match): GatewayMatch[] => {
    const { type = "PathPrefix", value = "/" } = fieldsOf(match.path);
    const path = textOf(value);
    const isExact = type === "Exact";
    const sent = elements(request.path);
    const isPath = isExact ? path === request.path : elements(path).every((part, k) => part === sent[k]);
    const headers = listOf(match.headers).map(fieldsOf);
    const query = listOf(match.queryParams).map(fieldsOf);
    const isMet =
      isPath &&
      (match.method === undefined || match.method === request.method) &&
      headers.every((h) => request.headers[textOf(h.name).toLowerCase()] === h.value) &&
      query.every((q) => request.query[textOf(q.name)] === q.value);
    if (!isMet) return [];
    const length = isExact ? path.length : path.replace(/\/$/, "").length;
    const counts = [Number(match.method !== undefined), headers.length, query.length];
    const id = `${route.metadata.name} spec.rules[${index}]`;
    return [
      {
        id,
        original,
        shared,
        route,
        rank: [weight(shared), weight(original), Number(isExact), length, ...counts],
      },
    ];
  });
}

/** A host that the pattern is for, to compare two patterns by. */
function star(host: string): string {
  return host.replace(/^\*/, "x");
}

function isFor(pattern: string, host: string): boolean {
  if (pattern === "") return true;
  return pattern.startsWith("*.")
    ? host.endsWith(pattern.slice(1)) && host.length > pattern.length - 1
    : pattern === host;
}

function weight(host: string): number {
  return host === "" ? 0 : host.startsWith("*") ? host.length : 1000 + host.length;
}
