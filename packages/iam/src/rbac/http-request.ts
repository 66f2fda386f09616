import { exactName } from "./field-selector.ts";
import { isInt64, isLabelSelector } from "./label-selector.ts";
import type { AccessAction, AccessIdentity, AccessRequest } from "./request.ts";

/** An HTTP request to the API server. */
export interface HttpRequest {
  /** `GET`, `POST`, …; case matters, as in HTTP. */
  readonly method: string;
  /** Path and query as sent: `/api/v1/namespaces/prod/pods?watch=1`; scheme and host before it do not count. */
  readonly url: string;
}

const VERBS: ReadonlyMap<string, string> = new Map([
  ["POST", "create"],
  ["GET", "get"],
  ["HEAD", "get"],
  ["PUT", "update"],
  ["PATCH", "patch"],
  ["DELETE", "delete"],
]);

/**
 * What the API server asks the authorizer about an HTTP request (apiserver/pkg/endpoints/request, RequestInfoFactory): GET of
 * a collection is `list`, or `watch` with the parameter; DELETE of a collection is `deletecollection`; a field selector
 * `metadata.name=x` gives list and watch the name; `namespaces/x` carries the namespace x; the old path prefixes `watch` and
 * `proxy` are verbs; what is not below `/api/v1/` or `/apis/GROUP/VERSION/` is a path with the HTTP method as verb.
 *
 * @example
 * can(model, requestOf({ method: "GET", url: "/apis/apps/v1/namespaces/prod/deployments" }, { groups: ["developer"] }));
 */
export function requestOf({ method, url }: HttpRequest, subject: AccessIdentity = {}): AccessRequest {
  return { ...subject, ...actionOf(method, url.replace(/^[a-z]+:\/\/[^/?#]*/i, "")) };
}

function actionOf(method: string, url: string): AccessAction {
  const mark = url.search(/[?#]/);
  const path = decoded(mark < 0 ? url : url.slice(0, mark)) ?? url;
  const asPath = { verb: method.toLowerCase(), path };
  const [prefix, ...rest] = path.replace(/^\/+|\/+$/g, "").split("/");
  const grouped = prefix === "apis";
  if ((!grouped && prefix !== "api") || rest.length < (grouped ? 3 : 2)) return asPath;
  const group = grouped ? rest[0]! : "";
  let parts = rest.slice(grouped ? 2 : 1);
  let verb = VERBS.get(method) ?? "";
  if (parts[0] === "watch" || parts[0] === "proxy") {
    verb = parts[0];
    parts = parts.slice(1);
    // The server refuses such a path: it is no request for any resource.
    if (parts.length === 0) return { verb: method.toLowerCase(), group };
  }
  let namespace = "";
  if (parts[0] === "namespaces" && parts.length > 1) {
    namespace = parts[1]!;
    if (parts.length > 2 && parts[2] !== "status" && parts[2] !== "finalize") parts = parts.slice(2);
  }
  const resource = parts[0]!;
  let name = parts[1] ?? "";
  const subresource = verb === "proxy" ? "" : (parts[2] ?? "");
  if (name === "" && verb === "get") ({ verb, name } = collection(mark < 0 ? "" : url.slice(mark)));
  if (name === "" && verb === "delete") verb = "deletecollection";
  return {
    verb,
    group,
    resource,
    ...(subresource !== "" && { subresource }),
    ...(name !== "" && { name }),
    ...(namespace !== "" && { namespace }),
  };
}

/** Verb and name of a GET without name, from its parameters (ListOptions). */
function collection(query: string): { verb: string; name: string } {
  const parameters = parametersOf(query);
  const watch = parameters.get("watch");
  const verb = watch === undefined || /^(false|0)$/i.test(watch) ? "list" : "watch";
  const numbers = ["limit", "timeoutSeconds"].map((key) => parameters.get(key));
  const readable = numbers.every((number) => number === undefined || isInt64(number));
  if (!readable || !isLabelSelector(parameters.get("labelSelector") ?? "")) return { verb, name: "" };
  const name = exactName(parameters.get("fieldSelector") ?? "");
  const segment = name !== "." && name !== ".." && !/[/%]/.test(name);
  return { verb, name: segment ? name : "" };
}

/** The first value of each parameter; what cannot be decoded is left out, as Go's url.ParseQuery does. */
function parametersOf(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.replace(/^\?/, "").split("#")[0]!.split("&")) {
    if (pair === "" || pair.includes(";")) continue;
    const cut = pair.indexOf("=");
    const key = decoded((cut < 0 ? pair : pair.slice(0, cut)).replaceAll("+", " "));
    const value = decoded(cut < 0 ? "" : pair.slice(cut + 1).replaceAll("+", " "));
    if (key !== undefined && value !== undefined && !parameters.has(key)) parameters.set(key, value);
  }
  return parameters;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
