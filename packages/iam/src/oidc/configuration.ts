import type { OidcIntent } from "./intent.ts";

/**
 * What kube-apiserver reads from the file of `--authentication-config`
 * (apiserver.config.k8s.io; apiserver/pkg/apis/apiserver/v1/types.go).
 */
export interface AuthenticationConfiguration {
  readonly apiVersion: string;
  readonly kind: "AuthenticationConfiguration";
  readonly jwt: readonly JwtAuthenticator[];
  readonly anonymous?: {
    readonly enabled: boolean;
    readonly conditions?: readonly { readonly path: string }[];
  };
}

/** One issuer, and how its tokens become a user. */
export interface JwtAuthenticator {
  readonly issuer: {
    readonly url: string;
    readonly discoveryURL?: string;
    /** PEM. Absent: the certificates of the server's host. */
    readonly certificateAuthority?: string;
    readonly audiences: readonly string[];
    readonly audienceMatchPolicy?: string;
    readonly egressSelectorType?: string;
  };
  readonly claimValidationRules?: readonly ClaimValidationRule[];
  readonly claimMappings: ClaimMappings;
  readonly userValidationRules?: readonly ValidationExpression[];
}

/** Either `claim` with `requiredValue`, or a CEL `expression` over `claims` that must be true. */
export interface ClaimValidationRule {
  readonly claim?: string;
  readonly requiredValue?: string;
  readonly expression?: string;
  readonly message?: string;
}

export interface ClaimMappings {
  readonly username: ClaimMapping;
  readonly groups?: ClaimMapping;
  readonly uid?: { readonly claim?: string; readonly expression?: string };
  readonly extra?: readonly { readonly key: string; readonly valueExpression: string }[];
}

/** Either `claim` with `prefix` ("" for none), or a CEL `expression` over `claims`. */
export interface ClaimMapping {
  readonly claim?: string;
  readonly prefix?: string;
  readonly expression?: string;
}

/** A CEL expression over `user` that must be true. */
export interface ValidationExpression {
  readonly expression: string;
  readonly message?: string;
}

/** No token may name a user or group of Kubernetes itself: `system:masters` would be above every rule. */
export const NO_SYSTEM_NAMES: readonly ValidationExpression[] = [
  {
    expression: "!user.username.startsWith('system:')",
    message: "a user name from a token must not start with system:",
  },
  {
    expression: "user.groups.all(group, !group.startsWith('system:'))",
    message: "a group from a token must not start with system:",
  },
];

/** The authenticator of an intent, as the configuration file holds it. */
export function jwtAuthenticator(intent: OidcIntent): JwtAuthenticator {
  const audiences = [...new Set([intent.clientId, ...intent.audiences])];
  const rules: ClaimValidationRule[] = [
    ...Object.entries(intent.requiredClaims).map(([claim, requiredValue]) => ({ claim, requiredValue })),
    ...intent.claimValidationRules.map(validationExpression),
  ];
  return {
    issuer: {
      url: intent.issuer,
      ...(intent.certificateAuthority !== undefined && { certificateAuthority: intent.certificateAuthority }),
      audiences,
      ...(audiences.length > 1 && { audienceMatchPolicy: "MatchAny" }),
    },
    ...(rules.length > 0 && { claimValidationRules: rules }),
    claimMappings: {
      username: { claim: intent.usernameClaim, prefix: intent.usernamePrefix },
      ...(intent.groupsClaim !== "" && {
        groups: { claim: intent.groupsClaim, prefix: intent.groupsPrefix },
      }),
      ...(intent.uidClaim !== undefined && { uid: { claim: intent.uidClaim } }),
    },
    userValidationRules: [...NO_SYSTEM_NAMES, ...intent.userValidationRules.map(validationExpression)],
  };
}

function validationExpression({ expression, message }: { expression: string; message?: string | undefined }) {
  return { expression, ...(message !== undefined && { message }) };
}
