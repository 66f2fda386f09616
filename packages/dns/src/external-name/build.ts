import type { Block, Claim, Resource } from "@ashlar/core";
import type { IService } from "kubernetes-models/v1";
import { withoutDot } from "../cluster-dns/fields.ts";
import { type ExternalNamesIntent, serviceName } from "./intent.ts";

/** An ExternalName Service for each name, and the promise that it resolves to its target. */
export function buildExternalNames({ names, clusterDomain }: ExternalNamesIntent): Block {
  const entries = Object.entries(names).map(([key, target]) => [key, withoutDot(target)] as const);
  return {
    resources: entries.map(([key, target]) => externalName(key, target)),
    patches: [],
    documents: [],
    steps: [],
    claims: entries.map(
      ([key, target]): Claim => ({
        kind: "resolves",
        text: `${serviceName(key, clusterDomain)} resolves to ${target}`,
        by: "external-names",
      }),
    ),
  };
}

function externalName(key: string, target: string): Resource {
  const [name = "", namespace = ""] = key.split(".");
  const spec: IService["spec"] = { type: "ExternalName", externalName: target };
  return { apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec };
}
