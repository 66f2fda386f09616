import type { Block } from "@ashlar/core";
import { proxyParts } from "../auth-proxy/parts.ts";
import { routeClaims } from "./claims.ts";
import { compileApps } from "./compile.ts";
import type { AppsIntent } from "./intent.ts";
import { routeObjects, routeSteps } from "./route-objects.ts";

/** Routes, auth proxies, and a promise for each host. Total on a valid intent. */
export function buildApps(intent: AppsIntent): Block {
  const compiled = compileApps(intent);
  const parts = compiled.flatMap(({ proxy }) => (proxy ? [proxyParts(proxy)] : []));
  const exposures = compiled.map(({ exposure }) => exposure);
  return {
    resources: [...parts.flatMap(({ resources }) => resources), ...routeObjects(exposures, intent)],
    patches: [],
    ...(parts.length > 0 && { sealed: parts.map(({ sealed }) => sealed) }),
    documents: [],
    steps: routeSteps(exposures, intent),
    claims: compiled.flatMap(({ app, target }) => routeClaims("apps", { ...app, target })),
  };
}
