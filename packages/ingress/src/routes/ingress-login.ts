import type { IngressRoute } from "./ingress-routes.ts";
import { NGINX } from "./ingress-routes.ts";
import { annotationOf } from "./route-set.ts";
import { groupsText, miss, step, type Trace } from "./trace.ts";
import { followMiddlewares } from "./traefik.ts";
import type { UrlLogin } from "./verdict.ts";

/**
 * Notes the login that the annotations of an Ingress ask for, where its controller reads them: `auth-url`, `auth-type`,
 * `auth-tls-secret` of ingress-nginx; the middlewares of Traefik.
 */
export function followIngressLogin(trace: Trace, { ingress, edge }: IngressRoute): void {
  const found = nginxLogin((key) => annotationOf(ingress, `${NGINX}${key}`));
  const { controller } = edge;
  if (found !== undefined) {
    const path = `metadata.annotations[${NGINX}${found.key}]`;
    if (controller?.nginxAnnotations) {
      step(trace, "login", found.text, ingress, path);
      trace.login = found.login;
    } else if (controller === undefined || controller.nginxAnnotations === undefined)
      miss(trace, "login", `whether the controller reads ${NGINX}${found.key} is not known`, ingress, path);
    else
      step(trace, "login", `no login: ${controller.name} does not read ${NGINX}${found.key}`, ingress, path);
  }
  if (controller?.name === "traefik") followMiddlewares(trace, ingress);
}

interface NginxLogin {
  readonly key: string;
  readonly text: string;
  readonly login: UrlLogin;
}

function nginxLogin(annotation: (key: string) => string): NginxLogin | undefined {
  const url = annotation("auth-url");
  if (url !== "") {
    // oauth2-proxy takes the groups that may pass from the query of its auth endpoint.
    const groups = /[?&]allowed_groups=([^&]*)/.exec(url)?.[1];
    const named = groups === undefined ? [] : decoded(groups).split(",");
    const login: UrlLogin = { kind: "external", ...(named.length > 0 && { groups: named }) };
    const signin = annotation("auth-signin");
    const asks = `${withoutQuery(url)} decides${groupsText(login)}`;
    return {
      key: "auth-url",
      login,
      text:
        signin === ""
          ? `${asks}; who is not logged in gets 401`
          : `${asks}; logins at ${withoutQuery(signin)}`,
    };
  }
  const type = annotation("auth-type");
  if (type === "basic" || type === "digest")
    return { key: "auth-type", login: { kind: "basic" }, text: `HTTP ${type} authentication` };
  if (annotation("auth-tls-secret") === "") return undefined;
  const verify = annotation("auth-tls-verify-client");
  if (verify !== "" && verify !== "on") return undefined;
  return { key: "auth-tls-secret", login: { kind: "certificate" }, text: "a client certificate is required" };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A query may hold what should not be printed. */
function withoutQuery(url: string): string {
  return url.split("?")[0]!;
}
