import { decisionOf, firstHeld } from "./can.ts";
import type { AccessEvidence } from "./decision.ts";
import type { AccessModel } from "./model.ts";
import type { AccessSubject } from "./objects.ts";
import { type AccessAction, MASTERS } from "./request.ts";

/** Somebody who may do something, and why. */
export interface AccessHolder {
  readonly subject: AccessSubject;
  /** Absent for `system:masters` where no binding grants it: the API server does not ask RBAC about that group. */
  readonly evidence?: AccessEvidence;
}

/**
 * Every user, group and ServiceAccount that may do something by what bindings give to it by name: exactly those for which
 * `can` allows, asked with that one user or group. Who is in a group is not known: the group stands for them. `system:masters`
 * is always among them. In order of kind (Group, ServiceAccount, User) and name.
 *
 * @example
 * whoCan(model, { verb: "get", resource: "secrets", namespace: "prod" }).map(({ subject }) => subject.name);
 */
export function whoCan(model: AccessModel, action: AccessAction): AccessHolder[] {
  const holders: AccessHolder[] = [];
  for (const group of new Set([...model.groups.keys(), MASTERS])) {
    const found = firstHeld(model, "groups", group, action);
    const subject = { kind: "Group", name: group, namespace: "" };
    if (found) holders.push({ subject, evidence: decisionOf(model, found).evidence });
    else if (group === MASTERS) holders.push({ subject });
  }
  for (const user of model.users.keys()) {
    const found = firstHeld(model, "users", user, action);
    if (found) holders.push({ subject: subjectOfUser(user), evidence: decisionOf(model, found).evidence });
  }
  return holders.sort((a, b) => compareSubjects(a.subject, b.subject));
}

/** The subject that stands for a user name: a ServiceAccount when it has the name of one's tokens. */
export function subjectOfUser(user: string): AccessSubject {
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/s.exec(user);
  if (account === null) return { kind: "User", name: user, namespace: "" };
  return { kind: "ServiceAccount", name: account[2]!, namespace: account[1]! };
}

/** By kind, namespace and name. */
export function compareSubjects(a: AccessSubject, b: AccessSubject): number {
  return compare(a.kind, b.kind) || compare(a.namespace, b.namespace) || compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
