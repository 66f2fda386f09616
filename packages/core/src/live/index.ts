export { type ApplyEvent, type ApplyPlanOptions, type ApplySummary, applyPlan } from "./apply.ts";
export {
  type ApiAnswer,
  type ApiRequest,
  type Cluster,
  type ClusterOptions,
  connectCluster,
  type Retry,
} from "./cluster.ts";
export { type ApiType, type ApiTypes, groupVersion, pathOf } from "./discovery.ts";
export { withRequests } from "./endable.ts";
export { type ExecAnswer, type ExecRequest, execInPod } from "./exec.ts";
export { endedBy, type HttpAnswer, sendFailure, sendHttp } from "./http.ts";
export { LiveError, type LiveErrorCode } from "./live-error.ts";
export { isMadeByController } from "./made-by-controller.ts";
export { type FieldConflict, getObject, type ListOptions, listObjects, type Refusal } from "./objects.ts";
export { type PermissionOptions, permissionsOf, type Right } from "./permissions.ts";
export { planObjects } from "./plan.ts";
export type { DesiredState, Plan, PlanAction, PlanItem, PlanOptions } from "./plan-state.ts";
export { type AroundPlan, objectsAround } from "./planned.ts";
export type { KnownObjects } from "./read-live.ts";
export { type SealedSecret, type SecretSources, sealWithSources } from "./secret-values.ts";
export type { WaitEvent } from "./wait.ts";
