export {
  dockerKeyring,
  type FoundCredential,
  type Keyring,
  lookUpCredentials,
} from "./docker-config/keyring.ts";
export {
  type DockerConfigFormat,
  type DockerCredential,
  type ReadDockerConfig,
  readDockerConfig,
} from "./docker-config/read-docker-config.ts";
export { formatImage, type Image, normalizeImage, parseImage } from "./image/parse-image.ts";
export { type NexusInput, type NexusIntent, nexusIntent } from "./nexus/intent.ts";
export { nexus } from "./nexus/nexus.ts";
export { type PullSecretInput, type PullSecretIntent, pullSecretIntent } from "./pull-secret/intent.ts";
export { type PullSecretBuilder, pullSecret } from "./pull-secret/pull-secret.ts";
export type { CheckPullsClaim } from "./pulls/check-types.ts";
export { formatPullsClaim, type Puller, type PullsClaim } from "./pulls/claim.ts";
export {
  type KnownAccount,
  type KnownSecret,
  type PullsModel,
  type PullsModelOptions,
  pullsModel,
  type SecretContent,
} from "./pulls/model.ts";
export { type ParsePullsClaimOptions, parsePullsClaim } from "./pulls/parse-claim.ts";
export { type ProvePullsOptions, type PullsProof, provePulls } from "./pulls/prove-pulls.ts";
export { type PullingPod, type PullVerdict, pullingPod, pullsFrom } from "./pulls/pull-verdict.ts";
export { type RegistriesInput, type RegistriesIntent, registriesIntent } from "./registries/intent.ts";
export { registries } from "./registries/registries.ts";
export { registryRules } from "./rules/index.ts";
