import type { EnvironmentNamespaces, Environments, Existing, NamespaceOf } from "@ashlar/core";
import type { CheckAccessClaim, CheckGroups } from "@ashlar/iam/blocks";
import type { CheckApps } from "@ashlar/ingress/blocks";
import type { CheckDiagram, Trim } from "@ashlar/network-policy";
import type { CheckPullsClaim, RegistriesInput } from "@ashlar/registry/blocks";
import type {
  PlatformDns,
  PlatformEdge,
  PlatformFirewall,
  PlatformIntent,
  PlatformOidc,
  PlatformProbe,
  PlatformRealm,
  PlatformServiceAccount,
} from "./platform-intent.ts";
import type { Suppression } from "./report/suppression.ts";

/** Environment words of a platform. */
export type EnvironmentName<P extends PlatformIntent> = keyof P["environments"] & string;

/** Every namespace word of a platform: those of its environments and those of none. */
export type NamespaceName<P extends PlatformIntent> =
  | (P["environments"] extends Environments ? NamespaceOf<P["environments"]> : never)
  | (P["namespaces"] extends EnvironmentNamespaces ? NamesIn<P["namespaces"]> : never);

type NamesIn<V> = V extends Existing<infer N> ? N : V extends readonly (infer N extends string)[] ? N : never;

/** Takes a claim's ports off: `env:prod : 5432/TCP`, `dev/busybox:80`. */
type WithoutPorts<S extends string> = S extends `${infer A} :${string}` ? Trim<A> : Trim<S>;
type BeforeColon<S extends string> = S extends `${infer A}:${string}` ? Trim<A> : S;

/** The unknown word of one end of a claim, or `never`. Addresses and `internet` are checked at run time. */
type UnknownParty<S extends string, E extends string, N extends string> = S extends "internet" | `[${string}`
  ? never
  : S extends `env:${infer Name}`
    ? BeforeColon<Name> extends E
      ? never
      : `unknown environment: ${BeforeColon<Name>}`
    : S extends `ns:${infer Name}`
      ? BeforeColon<Name> extends N
        ? never
        : `unknown namespace: ${BeforeColon<Name>}`
      : S extends `${number}.${string}` | `${string}:${string}:${string}`
        ? never
        : S extends `${infer Namespace}/${string}`
          ? Namespace extends N
            ? never
            : `unknown namespace: ${Namespace}`
          : `write env:NAME, ns:NAME, NAMESPACE/WORKLOAD or an address, not: ${S}`;

type UnknownInSides<A extends string, B extends string, E extends string, N extends string> =
  | UnknownParty<WithoutPorts<A>, E, N>
  | UnknownParty<WithoutPorts<B>, E, N>;

type ClaimProblem<S extends string, E extends string, N extends string> = S extends `${infer A}-/->${infer B}`
  ? UnknownInSides<A, B, E, N>
  : S extends `${infer A}->${infer B}`
    ? UnknownInSides<A, B, E, N>
    : `a claim needs -> or -/->: ${S}`;

/** The claim itself, or a literal that names its unknown word. */
export type CheckClaim<S, E extends string, N extends string, G extends string = never> = S extends string
  ? string extends S
    ? S
    : S extends `${string}->${string}`
      ? [ClaimProblem<S, E, N>] extends [never]
        ? S
        : ClaimProblem<S, E, N>
      : S extends `${string} can ${string}` | `${string} cannot ${string}`
        ? CheckAccessClaim<S, G, E, N>
        : S extends `http${string}`
          ? S
          : S extends `${string} pulls ${string}`
            ? CheckPullsClaim<S, E, N>
            : S extends `${string} resolve${string}` | `${string} is forwarded to ${string}`
              ? S
              : `a claim needs ->, -/->, can, cannot, resolves or pulls: ${S}`
  : S;

type CheckClaims<L, E extends string, N extends string, G extends string> = {
  readonly [K in keyof L]: CheckClaim<L[K], E, N, G>;
};

type PlatformRegistry = RegistriesInput[string];

type CheckRegistries<R, N extends string> = {
  readonly [Host in keyof R]: {
    readonly [K in keyof R[Host]]: K extends "pullIn"
      ? CheckWords<R[Host][K], N, "namespace">
      : K extends keyof PlatformRegistry
        ? R[Host][K]
        : `unknown field: ${K & string}`;
  };
};

type CheckRealms<R> = { readonly [K in keyof R]: CheckKeys<R[K], keyof PlatformRealm, "field"> };

/** Group words of a platform. */
type GroupName<P extends PlatformIntent> = P["groups"] extends object ? keyof P["groups"] & string : never;

/** Role words that a platform brings: its own, and those that it takes as given. */
type RoleName<P extends PlatformIntent> =
  | (P["roles"] extends object ? keyof P["roles"] & string : never)
  | (P["given"] extends readonly (infer Item)[] ? GivenRole<Item> : never);

type GivenRole<Item> = Item extends `${string}Role/${infer Name}`
  ? Name
  : Item extends {
        readonly kind: "ClusterRole" | "Role";
        readonly metadata: { readonly name: infer Name extends string };
      }
    ? Name
    : never;

type CheckAccounts<R, N extends string, Role extends string> = {
  readonly [K in keyof R]: K extends `${infer Namespace}/${string}`
    ? Namespace extends N
      ? CheckAccount<R[K], N, Role>
      : `unknown namespace: ${Namespace}`
    : `write NAMESPACE/NAME, not: ${K & string}`;
};

type CheckAccount<A, N extends string, Role extends string> = {
  readonly [K in keyof A]: K extends "roles"
    ? CheckGroups<{ readonly roles: A[K] }, N, Role>["roles"]
    : K extends keyof PlatformServiceAccount
      ? A[K]
      : `unknown field: ${K & string}`;
};

type CheckWord<S, Known extends string, What extends string> = S extends string
  ? string extends S
    ? S
    : S extends Known
      ? S
      : `unknown ${What}: ${S}`
  : S;

type CheckWords<L, Known extends string, What extends string> = {
  readonly [K in keyof L]: CheckWord<L[K], Known, What>;
};

type CheckKeys<R, Known extends string, What extends string> = {
  readonly [K in keyof R]: K extends Known ? R[K] : `unknown ${What}: ${K & string}`;
};

type CheckEach<L, Known extends string, What extends string> = {
  readonly [I in keyof L]: CheckKeys<L[I], Known, What>;
};

type CheckFirewall<F, E extends string, N extends string> = F extends string
  ? CheckDiagram<F, E>
  : {
      readonly [K in keyof F]: K extends "diagram"
        ? CheckDiagram<F[K], E>
        : K extends "isolate"
          ? CheckWords<F[K], E, "environment">
          : K extends "egress"
            ? {
                readonly [J in keyof F[K]]: J extends "isolate"
                  ? CheckWords<F[K][J], E, "environment">
                  : F[K][J];
              }
            : K extends "peers"
              ? CheckKeys<F[K], E, "environment">
              : K extends "defaultDeny"
                ? CheckWords<F[K], N, "namespace">
                : K extends keyof PlatformFirewall
                  ? F[K]
                  : `unknown field: ${K & string}`;
    };

type CheckProbe<R, N extends string> = {
  readonly [K in keyof R]: K extends "in"
    ? CheckWords<R[K], N, "namespace">
    : K extends keyof PlatformProbe
      ? R[K]
      : `unknown field: ${K & string}`;
};

/**
 * What each field of a platform must be, given its own words: an unknown environment or namespace turns the field's
 * type into a literal that names it, which the compiler then prints.
 */
export type CheckPlatform<P> = P extends PlatformIntent ? CheckedFields<P> : PlatformIntent;

type CheckedFields<P extends PlatformIntent> = {
  readonly [K in keyof P]: K extends "firewall"
    ? CheckFirewall<P[K], EnvironmentName<P>, NamespaceName<P>>
    : K extends "expect"
      ? CheckClaims<P[K], EnvironmentName<P>, NamespaceName<P>, GroupName<P>>
      : K extends "groups"
        ? CheckGroups<P[K], NamespaceName<P>, RoleName<P>>
        : K extends "serviceAccounts"
          ? CheckAccounts<P[K], NamespaceName<P>, RoleName<P>>
          : K extends "dns"
            ? CheckKeys<P[K], keyof PlatformDns, "field">
            : K extends "apps"
              ? CheckApps<P[K], NamespaceName<P>, GroupName<P>>
              : K extends "edge"
                ? CheckKeys<P[K], keyof PlatformEdge, "field">
                : K extends "registries"
                  ? CheckRegistries<P[K], NamespaceName<P>>
                  : K extends "realms"
                    ? CheckRealms<P[K]>
                    : K extends "oidc"
                      ? CheckKeys<P[K], keyof PlatformOidc, "field">
                      : K extends "probe"
                        ? CheckProbe<P[K], NamespaceName<P>>
                        : K extends "versions"
                          ? CheckKeys<P[K], keyof NonNullable<PlatformIntent["versions"]>, "field">
                          : K extends "suppress"
                            ? CheckEach<P[K], keyof Suppression, "field">
                            : K extends keyof PlatformIntent
                              ? P[K]
                              : `unknown field: ${K & string}`;
};
