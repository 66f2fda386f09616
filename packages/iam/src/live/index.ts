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
export { defaultTokenFolder } from "./token-cache.ts";
export { type IdTokenClaims, idTokenClaims, type TokenSet } from "./token-set.ts";
