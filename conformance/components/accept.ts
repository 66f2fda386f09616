import { formatRef, type Patch, type Resource, refOf } from "@ashlar/core";
import type { Answer } from "./api-client.ts";
import type { ControlPlane } from "./control-plane.ts";

/** An object that the API server does not take, and what it says. */
export interface Refusal {
  /** `NetworkPolicy prod/namespace-ingress` */
  readonly object: string;
  readonly message: string;
}

/**
 * Asks the server for every object with strict field validation, and gives those that it refuses: an empty list means that
 * all are accepted. Namespaces are created for real first (those of the set, and plain ones where an object is in a namespace
 * that the set does not hold); everything else is a dry run, so objects need not exist together or in order.
 *
 * @param patches partial objects, applied onto what is there as server-side apply does, as dry runs
 */
export async function acceptAll(
  server: ControlPlane,
  resources: readonly Resource[],
  patches: readonly Patch[] = [],
): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  const note = (resource: Resource, answer: Answer) => {
    if (!answer.accepted && answer.status.reason !== "AlreadyExists")
      refusals.push({ object: formatRef(refOf(resource)), message: answer.status.message });
  };
  const strict = { fieldValidation: "Strict" } as const;

  const namespaces = resources.filter(isNamespace);
  for (const namespace of namespaces) note(namespace, await server.create(namespace, strict));
  const others = resources.filter((resource) => !isNamespace(resource));
  for (const name of new Set([...others, ...patches.map((p) => p.merge)].map((r) => r.metadata.namespace)))
    if (name !== undefined && !namespaces.some((n) => n.metadata.name === name)) {
      const plain = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
      note(plain, await server.create(plain));
    }
  for (const resource of others) note(resource, await server.dryRun(resource));
  for (const { merge } of patches) note(merge, await server.apply(merge, { ...strict, dryRun: true }));
  return refusals;
}

function isNamespace({ apiVersion, kind }: Resource): boolean {
  return apiVersion === "v1" && kind === "Namespace";
}
