export {
  type ApplyEvent,
  type Cluster,
  type ClusterOptions,
  connectCluster,
  LiveError,
  type LiveErrorCode,
} from "@ashlar/core/live";
export {
  type ApplyOptions,
  apply,
  brokenClaims,
  type PlatformPlan,
  type PlatformPlanOptions,
  permissions,
  plan,
} from "./plan.ts";
export type { VerifyAnswer, VerifyOutcome, VerifyReport } from "./verify/answer.ts";
export {
  type HostOptions,
  type OutsideAddress,
  type ProbeOptions,
  type Resolve,
  VERIFY_KINDS,
  type VerifyKind,
  type VerifyOptions,
} from "./verify/asking.ts";
export { verifyJunit } from "./verify/junit.ts";
export { formatAnswer, verifyText } from "./verify/text.ts";
export { verify } from "./verify/verify.ts";
