import type { AccessBinding } from "../../rbac/objects.ts";

/** Somebody whom a binding is for. */
export interface BoundSubject {
  readonly kind: "User" | "Group" | "ServiceAccount";
  readonly name: string;
  /** Of a ServiceAccount; empty for others. */
  readonly namespace: string;
  /** Its place in `subjects`. */
  readonly index: number;
}

const ACCOUNT_USER = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** The subjects of a binding that can be anybody. A User named as a ServiceAccount logs in is that ServiceAccount. */
export function subjectsOf(binding: AccessBinding): BoundSubject[] {
  return binding.subjects.flatMap(({ kind, name, namespace }, index): BoundSubject[] => {
    if (name === "") return [];
    if (kind === "ServiceAccount") return namespace === "" ? [] : [{ kind, name, namespace, index }];
    if (kind !== "User" && kind !== "Group") return [];
    const account = kind === "User" ? ACCOUNT_USER.exec(name) : null;
    if (account === null) return [{ kind, name, namespace: "", index }];
    return [{ kind: "ServiceAccount", name: account[2]!, namespace: account[1]!, index }];
  });
}

/** Names one subject: `Group developer`, `ServiceAccount dev/ci`. */
export function subjectName({ kind, name, namespace }: BoundSubject): string {
  return namespace === "" ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** The identity of a subject, wherever it stands. */
export function subjectKey({ kind, name, namespace }: BoundSubject): string {
  return `${kind}/${namespace}/${name}`;
}
