import type { AccessBinding, AccessRole } from "../../rbac/objects.ts";
import { builtIn } from "../objects/built-in.ts";
import { effectiveRoles } from "../objects/effective-roles.ts";
import { findRoles } from "../objects/find-role.ts";
import type { RbacObjects } from "../objects/rbac-objects.ts";
import { isEverything } from "../objects/rights.ts";
import { type BoundSubject, subjectKey, subjectsOf } from "../objects/subjects.ts";
import { type Power, powersOf, type RolePower } from "./powers.ts";

/** A role for a subject, by one binding. */
export interface Grant {
  readonly binding: AccessBinding;
  readonly subject: BoundSubject;
  readonly role: AccessRole;
  /** The namespace that it holds in; empty: all of them, and what is in none. */
  readonly scope: string;
  /** Equal for the same role in the same scope, by whatever binding. */
  readonly key: string;
}

/** A power by one rule of one grant. */
export interface HeldPower extends RolePower {
  readonly grant: Grant;
}

/** A subject and all that is bound to it. */
export interface Holder {
  readonly key: string;
  readonly subject: BoundSubject;
  readonly grants: readonly Grant[];
  /** Whether a binding of the set names it. */
  readonly isInSet: boolean;
  /** Whether the built-in bindings name it: a component of Kubernetes. */
  readonly isComponent: boolean;
  /** Whether it may do everything in the cluster already. */
  readonly isAdmin: boolean;
}

/** The powers of a holder by grants of one scope. Over all objects, one of each kind of role is kept. */
export type Powers = ReadonlyMap<Power, readonly HeldPower[]>;

/** Who holds what, by the bindings of a set and the built-in ones. Those of the set come first. */
export function holdersOf({ roles, bindings }: RbacObjects): Holder[] {
  const findRole = findRoles(effectiveRoles(roles));
  const known = new Set(bindings.map(nameOf));
  const all = [...bindings, ...builtIn().bindings.filter((binding) => !known.has(nameOf(binding)))];
  const found = new Map<
    string,
    { readonly subject: BoundSubject; readonly grants: Grant[]; isInSet: boolean }
  >();
  all.forEach((binding, i) => {
    const role = findRole(binding);
    if (role === undefined) return;
    const scope = binding.namespace;
    const key = `${scope} ${role.kind} ${role.name}`;
    for (const subject of subjectsOf(binding)) {
      const grant = { binding, subject, role, scope, key };
      const id = subjectKey(subject);
      const holder = found.get(id);
      if (holder === undefined) found.set(id, { subject, grants: [grant], isInSet: i < bindings.length });
      else holder.grants.push(grant);
    }
  });
  return [...found].map(([key, holder]) => ({
    key,
    ...holder,
    isComponent: builtIn().components.has(key),
    isAdmin: holder.grants.some(({ scope, role }) => scope === "" && role.rules.some(isEverything)),
  }));
}

/** Powers by scope; those of the whole cluster are under `""`. Each role is read once, whoever holds it. */
export function powersByScope(): (holder: Holder) => ReadonlyMap<string, Powers> {
  const ofRole = new Map<AccessRole, readonly RolePower[]>();
  const read = (role: AccessRole) => {
    const known = ofRole.get(role) ?? powersOf(role);
    ofRole.set(role, known);
    return known;
  };
  return ({ grants }) => {
    const scopes = new Map<string, Map<Power, HeldPower[]>>();
    const seen = new Set<string>();
    for (const grant of grants) {
      // A role that is bound twice in one scope gives nothing twice.
      if (seen.has(grant.key)) continue;
      seen.add(grant.key);
      for (const found of read(grant.role)) {
        const powers = scopes.get(grant.scope) ?? new Map<Power, HeldPower[]>();
        scopes.set(grant.scope, powers);
        const list = powers.get(found.power) ?? [];
        powers.set(found.power, list);
        if (found.names.length > 0 || !list.some((one) => isSame(one, grant))) list.push({ ...found, grant });
      }
    }
    return scopes;
  };
}

function isSame({ names, grant }: HeldPower, { role }: Grant): boolean {
  return names.length === 0 && grant.role.kind === role.kind;
}

function nameOf({ kind, namespace, name }: AccessBinding): string {
  return `${kind}/${namespace}/${name}`;
}
