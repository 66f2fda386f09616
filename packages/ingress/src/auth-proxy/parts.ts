import type { Resource, Sealed } from "@ashlar/core";
import { guardPolicy } from "./guard-policy.ts";
import type { ProxyApp } from "./proxy-app.ts";
import { proxySecret } from "./sealed.ts";
import { proxyWorkload } from "./workload.ts";

/** All of an auth proxy but its route. */
export function proxyParts(app: ProxyApp): {
  readonly resources: readonly Resource[];
  readonly sealed: Sealed;
} {
  return { resources: [...proxyWorkload(app), ...guardPolicy(app)], sealed: proxySecret(app) };
}
