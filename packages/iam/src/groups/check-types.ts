/** Role words that need no definition. */
export type KnownRole = "cluster-admin" | "admin" | "edit" | "view" | "cluster-view";

/** Each word itself, or a literal that names it as unknown. */
type CheckRoles<L, Role extends string> = {
  readonly [I in keyof L]: L[I] extends string
    ? string extends L[I]
      ? L[I]
      : L[I] extends Role
        ? L[I]
        : `unknown role: ${L[I]}`
    : L[I];
};

type CheckNamespaces<R, Namespace extends string, Role extends string> = {
  readonly [K in keyof R]: K extends Namespace ? CheckRoles<R[K], Role> : `unknown namespace: ${K & string}`;
};

type CheckGrants<G, Namespace extends string, Role extends string> = {
  readonly [K in keyof G]: K extends "cluster"
    ? CheckRoles<G[K], Role>
    : K extends "namespaces"
      ? CheckNamespaces<G[K], Namespace, Role>
      : `unknown field: ${K & string}`;
};

/**
 * What the groups of a platform must be, given its namespaces and its own role names: an unknown namespace or role turns into a
 * literal that names it, which the compiler then prints.
 */
export type CheckGroups<G, Namespace extends string, Role extends string = never> = {
  readonly [K in keyof G]: CheckGrants<G[K], Namespace, Role | KnownRole>;
};
