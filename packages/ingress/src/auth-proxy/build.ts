import { type Block, compose } from "@ashlar/core";
import { routeClaims } from "../app/claims.ts";
import { routeObjects, routeSteps } from "../app/route-objects.ts";
import { parseTarget } from "../app/target.ts";
import { compileProxy } from "./compile.ts";
import type { AuthProxyIntent } from "./intent.ts";
import { proxyParts } from "./parts.ts";

/** The proxy, its Secret, its route and the policy behind it. Total on a valid intent. */
export function buildAuthProxy(intent: AuthProxyIntent): Block {
  const upstream = parseTarget(intent.upstream);
  if (upstream === undefined) return compose();
  const { edge } = intent;
  const { proxy, exposure } = compileProxy(intent, upstream);
  const { resources, sealed } = proxyParts(proxy);
  const app = { tls: exposure.tls, host: exposure.host, path: "/", target: upstream, login: intent.groups };
  return {
    resources: [...resources, ...(edge ? routeObjects([exposure], edge) : [])],
    patches: [],
    sealed: [sealed],
    documents: [],
    steps: edge ? routeSteps([exposure], edge) : [],
    claims: edge ? routeClaims("auth-proxy", app) : [],
  };
}
