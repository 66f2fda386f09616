import type { Resource } from "@ashlar/core";
import { asFields, asObjects, asText } from "./resources.ts";

/** A workload by kind and name, within the namespace at hand. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/**
 * The workloads that a pod belongs to, nearest first: its controller, and that one's (a ReplicaSet's Deployment, a Job's
 * CronJob). A ReplicaSet or Job that is not in the set is seen through by the way that its controller names it:
 * `web-6d4b75cb6d` with the label `pod-template-hash: 6d4b75cb6d` is of `web`; `backup-29012345` may be of the CronJob
 * `backup`, when there is one.
 */
export function ownersOf(pod: Resource, find: (owner: Owner) => Resource | undefined): Owner[] {
  const owners: Owner[] = [];
  let owner = controllerOf(pod);
  while (owner !== undefined && !owners.some((o) => o.kind === owner?.kind && o.name === owner.name)) {
    owners.push(owner);
    const resource = find(owner);
    owner = resource === undefined ? guessOwner(owner, pod, find) : controllerOf(resource);
  }
  return owners;
}

/** The controller among the ownerReferences of an object; the first reference when none says that it is one. */
export function controllerOf(resource: Resource): Owner | undefined {
  const references = asObjects(asFields(resource.metadata)?.ownerReferences);
  const reference = references.find((r) => r.controller === true) ?? references[0];
  const kind = asText(reference?.kind);
  const name = asText(reference?.name);
  return kind === "" || name === "" ? undefined : { kind, name };
}

function guessOwner(
  { kind, name }: Owner,
  pod: Resource,
  find: (owner: Owner) => Resource | undefined,
): Owner | undefined {
  if (kind === "ReplicaSet") {
    const hash = asText(asFields(asFields(pod.metadata)?.labels)?.["pod-template-hash"]);
    if (hash === "" || !name.endsWith(`-${hash}`)) return undefined;
    return { kind: "Deployment", name: name.slice(0, -hash.length - 1) };
  }
  const scheduled = kind === "Job" ? /^(.+)-[0-9]+$/.exec(name) : null;
  const cronJob = { kind: "CronJob", name: scheduled?.[1] ?? "" };
  return find(cronJob) === undefined ? undefined : cronJob;
}
