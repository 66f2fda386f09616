import type { AuthenticationConfiguration, JwtAuthenticator } from "@ashlar/iam";

/** Files with CEL as people write them. */
export function expressionConfigurations(
  url: string,
  certificateAuthority: string,
): readonly AuthenticationConfiguration[] {
  const file = (rest: Omit<JwtAuthenticator, "issuer">): AuthenticationConfiguration => ({
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [{ issuer: { url, certificateAuthority, audiences: ["kubernetes"] }, ...rest }],
  });
  return [
    file({
      claimValidationRules: [
        { expression: "claims.?email_verified.orValue(true) == true", message: "the email is not verified" },
        { expression: "claims.typ != 'Bearer'", message: "access tokens are not taken" },
        { expression: "has(claims.azp) && claims.azp in ['kubernetes', 'account']" },
      ],
      claimMappings: {
        username: { expression: "'oidc:' + claims.preferred_username" },
        groups: { expression: "dyn(claims.?groups.orValue([])).map(g, 'oidc:' + string(g))" },
        uid: { expression: "claims.sub" },
        extra: [
          { key: "example.test/azp", valueExpression: "claims.?azp.orValue('')" },
          { key: "example.test/groups", valueExpression: "claims.groups" },
        ],
      },
      userValidationRules: [
        {
          expression: "user.groups.all(g, !g.startsWith('oidc:system:'))",
          message: "no group of Kubernetes",
        },
        { expression: "size(user.username) < 14 || user.uid == ''" },
      ],
    }),
    file({
      claimMappings: {
        username: { expression: "claims.?preferred_username.orValue('nobody')" },
        groups: { expression: "claims.?realm_access.roles.orValue(claims.?groups.orValue([]))" },
      },
      userValidationRules: [
        { expression: "!user.username.startsWith('system:') || user.groups.exists(g, g == 'developer')" },
        {
          expression:
            "user.username.endsWith('1') || user.groups.size() >= 1 ? true : user.username.contains('y')",
        },
      ],
    }),
  ];
}
