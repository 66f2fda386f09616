import type { Resource } from "@ashlar/core";
import { withoutDot } from "../cluster-dns/fields.ts";

/** An ExternalName Service and the name that it stands for, in lower case without the dot at its end. */
export interface ExternalService {
  readonly service: Resource;
  readonly namespace: string;
  readonly target: string;
}

/** The ExternalName Services of a set; those without a target, which the API server refuses, are left out. */
export function externalServices(resources: readonly Resource[]): ExternalService[] {
  return resources.flatMap((service): ExternalService[] => {
    const { kind, apiVersion, metadata, spec } = service;
    if (kind !== "Service" || apiVersion !== "v1" || typeof spec !== "object" || spec === null) return [];
    const { type, externalName } = spec as { readonly type?: unknown; readonly externalName?: unknown };
    if (type !== "ExternalName" || typeof externalName !== "string" || externalName === "") return [];
    const namespace = typeof metadata?.namespace === "string" ? metadata.namespace : "default";
    return [{ service, namespace, target: withoutDot(externalName).toLowerCase() }];
  });
}
