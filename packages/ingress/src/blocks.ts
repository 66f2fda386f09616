/** What a platform file loads: builders and the words of claims, without the models. */
export { apps, appsLosses } from "./app/apps.ts";
export type { CheckApps } from "./app/check-types.ts";
export type { AppsInput } from "./app/intent.ts";
export { authProxy } from "./auth-proxy/auth-proxy.ts";
export type { AuthProxyInput } from "./auth-proxy/intent.ts";
export { callbackOf, type ProxyFlavour, redirectUriOf } from "./auth-proxy/redirect-uri.ts";
export { controller } from "./controller/controller.ts";
export type { ControllerInput } from "./controller/intent.ts";
export type { IssuerInput } from "./issuer/intent.ts";
export { issuer } from "./issuer/issuer.ts";
export { parseServesClaim } from "./routes/claims/parse-claim.ts";
