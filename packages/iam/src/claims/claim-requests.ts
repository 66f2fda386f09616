import type { Resource } from "@ashlar/core";
import type { AccessModel } from "../rbac/model.ts";
import type { AccessRequest } from "../rbac/request.ts";
import type { AccessClaim } from "./claim.ts";
import { requestsOf } from "./questions.ts";
import { servedTargets } from "./resolve-target.ts";

/** The requests that decide a claim, or why there is nothing to ask. */
export type ClaimRequests =
  | { readonly ok: true; readonly requests: readonly AccessRequest[] }
  | { readonly ok: false; readonly problem: string; readonly hint: string };

/**
 * What has to be asked of the authorizer to hold a claim: one request for each verb and namespace of a `can`.
 *
 * @param options.resources the whole set: its CustomResourceDefinitions are resources too
 * @example claimRequests(model, claim) // { ok: true, requests: [{ groups: ["developer", …], verb: "get", resource: "pods", … }] }
 */
export function claimRequests(
  model: AccessModel,
  claim: AccessClaim,
  { resources = [] }: { readonly resources?: readonly Resource[] } = {},
): ClaimRequests {
  const target = "path" in claim.target ? undefined : servedTargets(resources).resolve(claim.target);
  if (target !== undefined && "problem" in target) return { ok: false, ...target };
  return { ok: true, requests: [...requestsOf(claim, target, model)] };
}
