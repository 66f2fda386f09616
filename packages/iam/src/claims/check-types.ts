/** What may follow `in`: a namespace, `env:` and an environment, or `any`. */
type UnknownPlace<
  S extends string,
  Env extends string,
  Namespace extends string,
> = S extends `env:${infer Name}`
  ? Name extends Env
    ? never
    : `unknown environment: ${Name}`
  : S extends Namespace | "any namespace"
    ? never
    : `unknown namespace: ${S}`;

/** The unknown subject, or `never`. Names after `group:` and `user:` are free. */
type UnknownSubject<S extends string, Group extends string, Namespace extends string> = S extends
  | Group
  | "anyone"
  | "anonymous"
  | `group:${string}`
  | `user:${string}`
  | `"${string}`
  ? never
  : S extends `serviceaccount:${infer N}/${string}`
    ? N extends Namespace
      ? never
      : `unknown namespace: ${N}`
    : S extends `serviceaccount:${string}`
      ? `write serviceaccount:NAMESPACE/NAME, not: ${S}`
      : `unknown group: ${S}`;

/** The last ` in PLACE` of what follows `can`. */
type PlaceProblem<
  S extends string,
  Env extends string,
  Namespace extends string,
> = S extends `${string} in ${infer Place}`
  ? Place extends `${string} in ${string}`
    ? PlaceProblem<Place, Env, Namespace>
    : UnknownPlace<TrimEnd<Place>, Env, Namespace>
  : never;

type TrimEnd<S extends string> = S extends `${infer Text} ` ? TrimEnd<Text> : S;
type TrimStart<S extends string> = S extends ` ${infer Text}` ? TrimStart<Text> : S;

type AccessClaimProblem<
  S extends string,
  Group extends string,
  Env extends string,
  Namespace extends string,
> = S extends `${infer Subject} cannot ${infer Rest}`
  ? UnknownSubject<TrimEnd<TrimStart<Subject>>, Group, Namespace> | PlaceProblem<Rest, Env, Namespace>
  : S extends `${infer Subject} can ${infer Rest}`
    ? UnknownSubject<TrimEnd<TrimStart<Subject>>, Group, Namespace> | PlaceProblem<Rest, Env, Namespace>
    : `a claim about access needs can or cannot: ${S}`;

/**
 * The claim itself, or a literal that names its unknown group, environment or namespace, which the compiler then prints. Verbs
 * and resources are checked at run time.
 */
export type CheckAccessClaim<
  S,
  Group extends string,
  Env extends string,
  Namespace extends string,
> = S extends string
  ? string extends S
    ? S
    : [AccessClaimProblem<S, Group, Env, Namespace>] extends [never]
      ? S
      : AccessClaimProblem<S, Group, Env, Namespace>
  : S;
