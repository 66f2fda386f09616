import type { Resource } from "@ashlar/core";
import { field, recordsAt } from "../keycloak/check/report.ts";
import type { IdentityModel } from "./model.ts";

/** The hosts that Ingresses of the set serve, each with the first Ingress. A rule without host serves them all: then none are known. */
export function servedHosts({ options }: IdentityModel): ReadonlyMap<string, Resource> {
  const hosts = new Map<string, Resource>();
  for (const resource of options.resources ?? []) {
    if (resource.kind !== "Ingress") continue;
    for (const { item } of recordsAt(field(resource.spec, "rules"), [])) {
      if (typeof item.host !== "string" || item.host === "" || item.host.startsWith("*")) return new Map();
      if (!hosts.has(item.host.toLowerCase())) hosts.set(item.host.toLowerCase(), resource);
    }
  }
  return hosts;
}
