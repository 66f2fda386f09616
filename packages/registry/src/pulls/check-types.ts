/** The unknown puller, or `never`. Names of ServiceAccounts and workloads are free. */
type UnknownPuller<
  S extends string,
  Env extends string,
  Namespace extends string,
> = S extends `env:${infer Name}`
  ? Name extends Env
    ? never
    : `unknown environment: ${Name}`
  : S extends `serviceaccount:${infer Rest}`
    ? UnknownNamespaceOf<Rest, Namespace>
    : S extends Namespace
      ? never
      : UnknownNamespaceOf<S, Namespace>;

type UnknownNamespaceOf<S extends string, Namespace extends string> = S extends `${infer N}/${string}`
  ? N extends Namespace
    ? never
    : `unknown namespace: ${N}`
  : `unknown namespace: ${S}`;

type PullsClaimProblem<
  S extends string,
  Env extends string,
  Namespace extends string,
> = S extends `${infer Who} pulls ${string}`
  ? UnknownPuller<Who, Env, Namespace>
  : `a claim about pulling needs pulls: ${S}`;

/**
 * The claim itself, or a literal that names its unknown environment or namespace, which the compiler then prints. Images and
 * registries are checked at run time.
 */
export type CheckPullsClaim<S, Env extends string, Namespace extends string> = S extends string
  ? string extends S
    ? S
    : [PullsClaimProblem<S, Env, Namespace>] extends [never]
      ? S
      : PullsClaimProblem<S, Env, Namespace>
  : S;
