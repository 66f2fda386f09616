export {
  type Block,
  compose,
  type Existing,
  existing,
  type Finding,
  IntentError,
  type Resource,
} from "@ashlar/core";
export { type CheckReport, type CheckSummary, check, networkOf, type ObjectSet, objectSet } from "./check.ts";
export { definePlatform, type Platform, parsePlatform } from "./define-platform.ts";
export type { PlatformFirewall, PlatformIntent } from "./intent.ts";
export { type RenderedPlatform, renderPlatform } from "./render.ts";
export { rules } from "./rules.ts";
export { type PlatformTemplate, withParams } from "./with-params.ts";
