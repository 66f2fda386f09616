export type { CheckAccessClaim } from "./claims/check-types.ts";
export {
  type AccessClaim,
  type ClaimScope,
  type ClaimSubject,
  type ClaimTarget,
  formatAccessClaim,
} from "./claims/claim.ts";
export { type ClaimRequests, claimRequests } from "./claims/claim-requests.ts";
export { type ParseAccessClaimOptions, parseAccessClaim } from "./claims/parse-claim.ts";
export { type AccessProof, type ProveAccessOptions, proveAccess } from "./claims/prove-access.ts";
export { identityOfSubject } from "./claims/questions.ts";
export type { CheckGroups, KnownRole } from "./groups/check-types.ts";
export { groups } from "./groups/groups.ts";
export { type GroupsInput, type GroupsIntent, groupsIntent } from "./groups/intent.ts";
export {
  explainLogin,
  type LoginBinding,
  type LoginExplanation,
  type LoginQuestion,
} from "./identity/explain-login.ts";
export { identityFindings } from "./identity/identity-findings.ts";
export type { TokenUser } from "./identity/mappers.ts";
export {
  type AppLogin,
  type IdentityModel,
  type IdentityOptions,
  identityModel,
  tokenOf,
} from "./identity/model.ts";
export type { RealmSource, RoleRef } from "./identity/read-realm.ts";
export type { HeldRole, Membership } from "./identity/roles.ts";
export type { Claims, Login, Tokens } from "./identity/token.ts";
export type { AccessTokenUse } from "./keycloak/check/clients.ts";
export { type RealmContext, realmFindings } from "./keycloak/check/realm-findings.ts";
export type { LocateField } from "./keycloak/check/report.ts";
export { type RealmInput, type RealmIntent, realmIntent } from "./keycloak/intent.ts";
export { realm } from "./keycloak/realm.ts";
export type { RealmRepresentation } from "./keycloak/representation.ts";
export { apiServerFlags, authenticationConfiguration, kopsOidc } from "./oidc/api-server.ts";
export { type AuthenticateOptions, type Authentication, authenticate } from "./oidc/authenticate.ts";
export {
  type CheckConfigurationOptions,
  checkAuthenticationConfiguration,
} from "./oidc/check-configuration.ts";
export { type CheckKubeconfigOptions, checkKubeconfig } from "./oidc/check-kubeconfig.ts";
export type {
  AuthenticationConfiguration,
  ClaimMapping,
  ClaimMappings,
  ClaimValidationRule,
  JwtAuthenticator,
  ValidationExpression,
} from "./oidc/configuration.ts";
export { configurationFromFlags, type OidcFlags } from "./oidc/flags.ts";
export { type OidcInput, type OidcIntent, oidcIntent } from "./oidc/intent.ts";
export { kubeconfig } from "./oidc/kubeconfig.ts";
export { oidc } from "./oidc/oidc.ts";
export { BUILTIN_VERSION, builtinRbac } from "./rbac/builtin.ts";
export { type AccessVerdict, can, type MissingRole } from "./rbac/can.ts";
export type { AccessEvidence, PlacedRef } from "./rbac/decision.ts";
export { type AccessChange, accessDiff } from "./rbac/diff.ts";
export { type AccessExplanation, explainCan } from "./rbac/explain.ts";
export { formatAccessChange } from "./rbac/format-change.ts";
export { type HttpRequest, requestOf } from "./rbac/http-request.ts";
export {
  type AccessMatrix,
  type AccessMatrixOptions,
  accessCell,
  accessMatrix,
  type MatrixSubject,
} from "./rbac/matrix.ts";
export {
  forbiddenRequest,
  type MayWriteOptions,
  mayWriteBinding,
  mayWriteRole,
  type WriteVerdict,
} from "./rbac/may-write.ts";
export { type AccessModel, type AccessModelOptions, accessModel } from "./rbac/model.ts";
export type { Miss, NearMiss } from "./rbac/near-miss.ts";
export type { AccessBinding, AccessRole, AccessRule, AccessSubject } from "./rbac/objects.ts";
export {
  type AccessAction,
  type AccessIdentity,
  type AccessRequest,
  type Identity,
  identityOf,
} from "./rbac/request.ts";
export { type AccessResource, formatAccessResource, parseAccessResource } from "./rbac/resource-name.ts";
export type { SmallestGrant } from "./rbac/smallest-grant.ts";
export { type AccessHolder, whoCan } from "./rbac/who-can.ts";
export { iamRules } from "./rules/index.ts";
export {
  type ServiceAccountInput,
  type ServiceAccountIntent,
  serviceAccountIntent,
} from "./service-account/intent.ts";
export { serviceAccount } from "./service-account/service-account.ts";
