import type { Resource } from "@ashlar/core";
import { type AccessBinding, type AccessRole, readBinding, readRole } from "../../rbac/objects.ts";

export interface RbacObjects {
  /** With the rules as written: those of an aggregated role are the controller's business. */
  readonly roles: readonly AccessRole[];
  readonly bindings: readonly AccessBinding[];
}

/** Where kubectl puts an object that names no namespace, unless its context says otherwise. */
const DEFAULT_NAMESPACE = "default";

const read = new WeakMap<readonly Resource[], RbacObjects>();

/** The roles and bindings of a set, as far as they can be read; read once for all rules that are given the same list. */
export function rbacObjects(resources: readonly Resource[]): RbacObjects {
  const known = read.get(resources) ?? readAll(resources);
  read.set(resources, known);
  return known;
}

function readAll(resources: readonly Resource[]): RbacObjects {
  const roles: AccessRole[] = [];
  const bindings: AccessBinding[] = [];
  for (const resource of resources) {
    const role = readRole(resource, DEFAULT_NAMESPACE, false);
    if (role !== undefined) roles.push(role);
    const binding = role === undefined ? readBinding(resource, DEFAULT_NAMESPACE, false) : undefined;
    if (binding !== undefined) bindings.push(binding);
  }
  return { roles, bindings };
}
