export { type Block, compose, type Existing, existing, IntentError } from "@ashlar/core";
export {
  definePlatform,
  type Platform,
  parsePlatform,
  type UnreadPlatform,
  withGiven,
} from "./define-platform.ts";
export { type GivenFiles, type GivenService, service, yaml } from "./given.ts";
export type { PlatformFirewall, PlatformIntent } from "./platform-intent.ts";
export { type RenderedPlatform, renderPlatform } from "./render.ts";
export type { Suppression } from "./report/suppression.ts";
export { type PlatformTemplate, withParams } from "./with-params.ts";
