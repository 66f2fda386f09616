import { type Finding, findingAbout, formatRef, type Inventory, type Related, refOf } from "@ashlar/core";
import type { AccessBinding } from "../../rbac/objects.ts";
import { type BoundSubject, subjectName } from "./subjects.ts";

/** A warning about one subject of a binding. `says` goes on after `RoleBinding dev/ci: `. */
export function aboutSubject(
  { locate }: Inventory,
  binding: AccessBinding,
  subject: BoundSubject,
  { code, says, hint }: { readonly code: string; readonly says: string; readonly hint: string },
): Finding {
  return findingAbout(binding.resource, locate, {
    code,
    severity: "warning",
    message: `${formatRef(refOf(binding.resource))}: ${says}`,
    hint,
    path: `subjects[${subject.index}].name`,
  });
}

/** A binding's role with where it holds: `ClusterRole view in dev`, `ClusterRole view in every namespace`. */
export function grantOf({ role, namespace }: AccessBinding): string {
  return `${role.kind} ${role.name} ${namespace === "" ? "in every namespace" : `in ${namespace}`}`;
}

/** Points at the subject of another binding. */
export function relatedSubject(
  { locate }: Inventory,
  binding: AccessBinding,
  subject: BoundSubject,
): Related {
  const path = `subjects[${subject.index}]`;
  const at = locate?.(binding.resource, path);
  const message = `${binding.role.kind} ${binding.role.name} for ${subjectName(subject)}`;
  return { message, subject: refOf(binding.resource), path, ...(at && { at }) };
}
