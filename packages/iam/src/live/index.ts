export {
  type ExecCredential,
  type ExecCredentialOptions,
  type ExecCredentialVersion,
  execCredential,
} from "./exec-credential.ts";
export { LiveError, type LiveErrorCode } from "./live-error.ts";
export { login, logout, refreshTokens } from "./login.ts";
export type { ClientSecret, DeviceCode, LoginOptions, SessionOptions } from "./login-options.ts";
export { openInBrowser } from "./open-browser.ts";
export { type ApplyRealmOptions, applyRealm, type RealmEvent } from "./realm/apply-realm.ts";
export {
  connectKeycloak,
  type KeycloakConnection,
  type KeycloakConnectionOptions,
} from "./realm/connection.ts";
export type { RealmFieldChange } from "./realm/field-changes.ts";
export { formatRealmPlan } from "./realm/format-plan.ts";
export type { PlaceholderSource } from "./realm/placeholder-values.ts";
export { type PlanRealmOptions, planRealm, type RealmPlan } from "./realm/plan-realm.ts";
export { type RealmChange, type RealmDiff, type RealmDiffOptions, realmDiff } from "./realm/realm-diff.ts";
export type { RealmObjectId, RealmObjectKind } from "./realm/realm-parts.ts";
export { defaultTokenFolder } from "./token-cache.ts";
export { type IdTokenClaims, idTokenClaims, type TokenSet } from "./token-set.ts";
