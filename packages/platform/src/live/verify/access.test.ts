import { accessModel, claimRequests, parseAccessClaim } from "@ashlar/iam";
import { expect, test } from "vitest";
import { judgeAccess, reviewSpec } from "./access.ts";

const requests = (text: string) => {
  const claim = parseAccessClaim(text, {
    ...{
      groups: ["developer"],
      groupsPrefix: "oidc:",
      environments: { prod: ["prod", "prod-eu"] },
      by: "expect",
    },
  });
  if (!claim.ok) throw new Error(claim.findings[0]?.message);
  const asked = claimRequests(accessModel([]), claim.value);
  if (!asked.ok) throw new Error(asked.problem);
  return { claim: claim.value, requests: asked.requests };
};
const allowed = { allowed: true, reason: "RBAC: allowed by …" };
const denied = { allowed: false, reason: "" };

test("each verb and namespace is a review of its own, with the groups that the server adds", () => {
  const { requests: reviews } = requests("developer can read pods in env:prod");
  expect(reviews).toHaveLength(6);
  expect(reviewSpec(reviews[0]!)).toEqual({
    groups: ["oidc:developer", "system:authenticated"],
    resourceAttributes: { verb: "get", group: "", resource: "pods", namespace: "prod" },
  });
  expect(reviewSpec(requests("serviceaccount:dev/builder can get /healthz").requests[0]!)).toEqual({
    user: "system:serviceaccount:dev:builder",
    groups: ["system:serviceaccounts", "system:serviceaccounts:dev", "system:authenticated"],
    nonResourceAttributes: { verb: "get", path: "/healthz" },
  });
  expect(reviewSpec(requests("anonymous cannot list pods").requests[0]!)).toMatchObject({
    user: "system:anonymous",
    groups: ["system:unauthenticated"],
  });
});

test("held only when all agree; one that contradicts breaks it, also beside one that was not answered", () => {
  const { claim, requests: reviews } = requests("developer can read pods in prod");
  expect(judgeAccess(claim, reviews, [allowed, allowed, allowed]).outcome).toBe("held");
  const one = judgeAccess(claim, reviews, [allowed, denied, { problem: "no answer" }]);
  expect(one).toMatchObject({ outcome: "broken", evidence: ["list pods in prod: denied"] });
  expect(judgeAccess(claim, reviews, [allowed, allowed, { problem: "no answer" }])).toMatchObject({
    outcome: "unknown",
    because: "no answer",
  });
  const never = requests("developer cannot read pods in prod");
  expect(judgeAccess(never.claim, never.requests, [denied, denied, denied]).outcome).toBe("held");
  expect(judgeAccess(never.claim, never.requests, [denied, allowed, denied]).evidence).toEqual([
    "list pods in prod: allowed (RBAC: allowed by …)",
  ]);
});
