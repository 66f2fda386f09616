/** What a platform file loads: builders and the words of claims, without the models. */
export type { NexusInput } from "./nexus/intent.ts";
export { nexus } from "./nexus/nexus.ts";
export type { PullSecretInput } from "./pull-secret/intent.ts";
export { type PullSecretBuilder, pullSecret } from "./pull-secret/pull-secret.ts";
export type { CheckPullsClaim } from "./pulls/check-types.ts";
export type { PullsClaim } from "./pulls/claim.ts";
export { parsePullsClaim } from "./pulls/parse-claim.ts";
export type { RegistriesInput } from "./registries/intent.ts";
export { registries } from "./registries/registries.ts";
