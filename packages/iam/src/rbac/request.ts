import { serviceAccountUser } from "./objects.ts";

/** Who asks. */
export interface AccessIdentity {
  /** User name as the authenticator gives it. */
  readonly user?: string;
  /** Groups as the authenticator gives them; nothing is added to them. */
  readonly groups?: readonly string[];
  /**
   * A ServiceAccount, `namespace/name` or `system:serviceaccount:namespace:name`: the user and, unless `groups` are given,
   * the groups of its tokens (`system:serviceaccounts`, `system:serviceaccounts:NAMESPACE`, `system:authenticated`).
   */
  readonly serviceAccount?: string;
}

/** What is asked, by nobody in particular. */
export interface AccessAction {
  /** `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, `bind`, …; case matters. */
  readonly verb: string;
  /** API group; absent or empty: core. */
  readonly group?: string;
  /** Plural name: `pods`. */
  readonly resource?: string;
  /** `log` of `pods/log`. */
  readonly subresource?: string;
  /** Name of the object; absent for `create`, `list`, `watch` and `deletecollection`. */
  readonly name?: string;
  /** Absent or empty: cluster-scoped, or over all namespaces. */
  readonly namespace?: string;
  /** A path that is no resource, `/healthz`; only without `resource`. */
  readonly path?: string;
}

/** One question to the authorizer: the attributes of a SubjectAccessReview. */
export interface AccessRequest extends AccessIdentity, AccessAction {}

/** A user and the groups that count. */
export interface Identity {
  readonly user: string;
  readonly groups: readonly string[];
}

const NO_GROUPS: readonly string[] = [];
const PREFIX = "system:serviceaccount:";

/** Members of this group are never asked: the API server allows them before it asks RBAC. */
export const MASTERS = "system:masters";

/**
 * User and groups of a request. A `user` stands alone, as in a SubjectAccessReview: who is logged in also has the group
 * `system:authenticated`, which has to be named.
 */
export function identityOf({ user, groups, serviceAccount }: AccessIdentity): Identity {
  if (serviceAccount === undefined) return { user: user ?? "", groups: groups ?? NO_GROUPS };
  const { namespace, name } = splitServiceAccount(serviceAccount);
  return {
    user: user ?? serviceAccountUser(namespace, name),
    groups: groups ?? [
      "system:serviceaccounts",
      `system:serviceaccounts:${namespace}`,
      "system:authenticated",
    ],
  };
}

/** `namespace/name` or `system:serviceaccount:namespace:name`, in parts. */
export function splitServiceAccount(text: string): { readonly namespace: string; readonly name: string } {
  const long = text.startsWith(PREFIX);
  const rest = long ? text.slice(PREFIX.length) : text;
  const cut = rest.indexOf(long ? ":" : "/");
  return cut < 0
    ? { namespace: "", name: rest }
    : { namespace: rest.slice(0, cut), name: rest.slice(cut + 1) };
}
