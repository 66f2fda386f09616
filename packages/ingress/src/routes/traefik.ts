import type { Resource } from "@ashlar/core";
import { fieldsOf, own, textOf } from "./fields.ts";
import { annotationOf, type RouteSet } from "./route-set.ts";
import { miss, step, type Trace, title } from "./trace.ts";
import type { UrlLogin } from "./verdict.ts";

const MIDDLEWARES = "traefik.ingress.kubernetes.io/router.middlewares";
const GROUPS = ["traefik.io", "traefik.containo.us"];
const LOGINS: readonly (readonly [field: string, kind: UrlLogin["kind"]])[] = [
  ["forwardAuth", "external"],
  ["basicAuth", "basic"],
  ["digestAuth", "basic"],
];
/** What neither answers instead of the backend nor asks for a login. */
const HARMLESS = new Set([
  "addPrefix",
  "buffering",
  "circuitBreaker",
  "compress",
  "contentType",
  "errors",
  "grpcWeb",
  "headers",
  "inFlightReq",
  "passTLSClientCert",
  "rateLimit",
  "replacePath",
  "replacePathRegex",
  "retry",
  "stripPrefix",
  "stripPrefixRegex",
]);

/** Notes the login that the middlewares of an Ingress ask for: `NAMESPACE-NAME@kubernetescrd`, several with commas. */
export function followMiddlewares(trace: Trace, ingress: Resource): void {
  const path = `metadata.annotations[${MIDDLEWARES}]`;
  for (const word of annotationOf(ingress, MIDDLEWARES).split(",")) {
    const name = word.trim();
    if (name === "") continue;
    const middleware = findMiddleware(trace.set, name);
    if (middleware === undefined) {
      miss(trace, "login", `Middleware ${name} is not in the set`, ingress, path);
      continue;
    }
    const spec = fieldsOf(middleware.spec);
    const login = LOGINS.find(([field]) => own(spec, field) !== undefined);
    if (login !== undefined) {
      step(trace, "login", `${title(trace.set, middleware)} asks for a login (${login[0]})`, middleware);
      trace.login = { kind: login[1] };
    } else if (!Object.keys(spec).every((key) => HARMLESS.has(key)))
      miss(trace, "route", `what ${title(trace.set, middleware)} does is not modelled`, middleware, "spec");
  }
}

function findMiddleware(set: RouteSet, reference: string): Resource | undefined {
  const [name, provider] = reference.split("@");
  if (provider !== undefined && provider !== "kubernetescrd") return undefined;
  return GROUPS.flatMap((group) => set.all(group, "Middleware")).find(
    (one) => `${set.namespaceOf(one)}-${textOf(fieldsOf(one.metadata).name)}` === name,
  );
}
