export { apps, appsLosses } from "./app/apps.ts";
export type { CheckApps } from "./app/check-types.ts";
export { type AppsInput, appsIntent } from "./app/intent.ts";
export { authProxy } from "./auth-proxy/auth-proxy.ts";
export { type AuthProxyInput, authProxyIntent } from "./auth-proxy/intent.ts";
export { PROXY_OPTIONS, type ProxyOption } from "./auth-proxy/options.ts";
export { callbackOf, type ProxyFlavour, redirectUriOf } from "./auth-proxy/redirect-uri.ts";
export { controllerAnnotations } from "./controller/build.ts";
export { controller } from "./controller/controller.ts";
export { type ControllerInput, controllerIntent } from "./controller/intent.ts";
export { CONTROLLER_SETTINGS, type ControllerSetting } from "./controller/settings.ts";
export { type IssuerInput, issuerIntent } from "./issuer/intent.ts";
export { issuer } from "./issuer/issuer.ts";
export { hasAuthProxy } from "./routes/auth-proxy.ts";
export {
  type ClaimService,
  type RequiresLoginClaim,
  type RouteClaim,
  requiresLoginClaim,
  type ServesClaim,
  servesClaim,
} from "./routes/claims/claim.ts";
export { type ParseServesClaimOptions, parseServesClaim } from "./routes/claims/parse-claim.ts";
export { type ProveServesOptions, proveServes, type RouteProof } from "./routes/claims/prove-serves.ts";
export type { ControllerName } from "./routes/controllers.ts";
export { formatRouteChange, type RouteChange, type RouteChangeKind, routesDiff } from "./routes/diff.ts";
export { explainUrl } from "./routes/explain.ts";
export { type RoutesModel, type RoutesOptions, routesModel } from "./routes/model.ts";
export { type ProxyLogin, proxyLogins } from "./routes/proxy-logins.ts";
export { type ProxyUpstream, proxyUpstreams } from "./routes/proxy-upstreams.ts";
export type { UrlParts, UrlQuestion } from "./routes/request.ts";
export { resolveUrl } from "./routes/resolve.ts";
export type {
  UrlBackend,
  UrlBreak,
  UrlLogin,
  UrlOutcome,
  UrlRoute,
  UrlStep,
  UrlStepKind,
  UrlTls,
  UrlVerdict,
} from "./routes/verdict.ts";
export { ingressRules } from "./rules/index.ts";
