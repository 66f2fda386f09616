import { formatRef } from "@ashlar/core";
import type { NearRule } from "./near-rule.ts";

/** `NetworkPolicy prod/db comes nearest, at spec.ingress[0].from[0]: namespace dev has env=dev, the rule wants env=prod` */
export function nearText({ policy, path, because }: NearRule): string {
  return `${formatRef(policy.ref)} comes nearest, at ${path}: ${because}`;
}

/**
 * What to write in the rule that comes nearest, so that it admits.
 *
 * @param peer the entry that would admit the other end; absent when it would admit more than the claim asks for.
 */
export function mendText(near: NearRule, field: "from" | "to", ports: string, peer?: string): string {
  const { policy, rule, path, missed } = near;
  const ref = formatRef(policy.ref);
  if (missed === "ports") return `add ${ports} to ${path}.ports of ${ref}`;
  const another = `or add ${peer ?? "an entry for it"} to ${rule.path}.${field}`;
  if (isOneForTwo(near))
    return `make podSelector of ${path} in ${ref} an entry of ${field} of its own: beside namespaceSelector both must hold`;
  if (missed === "namespaceSelector" && near.peer?.kind === "pods" && near.peer.namespaces === undefined)
    return `add a namespaceSelector to ${path} of ${ref} that matches its namespace, ${another}`;
  return `change ${missed} of ${path} in ${ref} so that it matches, ${another}`;
}

/** Two selectors in one entry, where the podSelector alone would admit, in the policy's own namespace. */
function isOneForTwo({ missed, peer, ownNamespace }: NearRule): boolean {
  if (missed !== "namespaceSelector" || peer?.kind !== "pods") return false;
  return ownNamespace && peer.namespaces !== undefined && peer.pods.length > 0;
}
