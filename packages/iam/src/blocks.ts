/** What a platform file loads: builders and the words of claims, without the models. */
export type { CheckAccessClaim } from "./claims/check-types.ts";
export type { AccessClaim } from "./claims/claim.ts";
export { parseAccessClaim } from "./claims/parse-claim.ts";
export type { CheckGroups } from "./groups/check-types.ts";
export { groups } from "./groups/groups.ts";
export type { GroupsInput } from "./groups/intent.ts";
export type { RealmInput } from "./keycloak/intent.ts";
export { realm } from "./keycloak/realm.ts";
export { authenticationConfiguration } from "./oidc/api-server.ts";
export type { OidcInput } from "./oidc/intent.ts";
export { oidc } from "./oidc/oidc.ts";
export type { ServiceAccountInput } from "./service-account/intent.ts";
export { serviceAccount } from "./service-account/service-account.ts";
