/** What stands after the scheme of a target. */
type WithoutScheme<S extends string> = S extends `${string}://${infer Rest}` ? Rest : S;

/** The target itself, or a literal that names its unknown namespace. */
type CheckTarget<S, Namespace extends string> = S extends string
  ? string extends S
    ? S
    : WithoutScheme<S> extends `${string}.${infer N}:${string}`
      ? N extends Namespace
        ? S
        : `unknown namespace: ${N}`
      : `write SERVICE.NAMESPACE:PORT, not: ${S}`
  : S;

/** Each group itself, or a literal that names it as unknown. */
type CheckLogin<L, Group extends string> = L extends readonly unknown[]
  ? {
      readonly [I in keyof L]: L[I] extends string
        ? string extends L[I]
          ? L[I]
          : L[I] extends Group
            ? L[I]
            : `unknown group: ${L[I]}`
        : L[I];
    }
  : L;

type CheckApp<A, Namespace extends string, Group extends string> = {
  readonly [K in keyof A]: K extends "to"
    ? CheckTarget<A[K], Namespace>
    : K extends "login"
      ? CheckLogin<A[K], Group>
      : A[K];
};

/**
 * What the apps of a platform must be, given its namespaces and groups: an unknown word turns into a literal that names it, which
 * the compiler then prints.
 */
export type CheckApps<A, Namespace extends string, Group extends string> = {
  readonly [K in keyof A]: CheckApp<A[K], Namespace, Group>;
};
