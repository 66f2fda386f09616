import { type Fields, fieldsOf, textOf } from "@ashlar/core";
import type { ApiAnswer, Cluster } from "@ashlar/core/live";
import {
  type AccessClaim,
  type AccessModel,
  type AccessRequest,
  claimRequests,
  identityOf,
} from "@ashlar/iam";
import { type Answered, broken, held, unknown } from "./answer.ts";
import type { Asking } from "./asking.ts";

/** What the authorizer of the cluster said to one request; `problem`: it was not asked. */
type Review = { readonly allowed: boolean; readonly reason: string } | { readonly problem: string };

const PATH = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

/** Asks the cluster's authorizer by SubjectAccessReviews; equal questions of several claims are asked once. */
export function accessAsker(
  { cluster, set }: Asking,
  model: AccessModel,
): (claim: AccessClaim) => Promise<Answered> {
  const reviews = new Map<string, Promise<Review>>();
  const ask = (request: AccessRequest): Promise<Review> => {
    const spec = reviewSpec(request);
    const key = JSON.stringify(spec);
    const known = reviews.get(key) ?? review(cluster, spec);
    reviews.set(key, known);
    return known;
  };
  return async (claim) => {
    const asked = claimRequests(model, claim, { resources: set.resources });
    if (!asked.ok) return unknown("nothing", `${asked.problem}: ${asked.hint}`);
    const { requests } = asked;
    if (requests.length === 0) return unknown("nothing", "it speaks of no namespace");
    const answers = await Promise.all(requests.map(ask));
    return judgeAccess(claim, requests, answers);
  };
}

/** Holds the authorizer's answers against a claim: one that contradicts breaks it. */
export function judgeAccess(
  claim: Pick<AccessClaim, "expect">,
  requests: readonly AccessRequest[],
  reviews: readonly Review[],
): Answered {
  const asked = `the authorizer, by ${requests.length} SubjectAccessReview${requests.length === 1 ? "" : "s"}`;
  const texts = requests.map(requestText);
  const wrong = reviews.flatMap((answer, i) =>
    "allowed" in answer && answer.allowed === (claim.expect === "cannot")
      ? [
          `${texts[i]}: ${answer.allowed ? "allowed" : "denied"}${answer.reason === "" ? "" : ` (${answer.reason})`}`,
        ]
      : [],
  );
  if (wrong.length > 0)
    return broken(asked, claim.expect === "can" ? "a request is denied" : "a request is allowed", wrong);
  const problem = reviews.find((answer) => "problem" in answer);
  if (problem !== undefined && "problem" in problem) return unknown(asked, problem.problem);
  return held(asked);
}

/** The spec of a SubjectAccessReview: who asks, with the groups that the API server would give, and for what. */
export function reviewSpec(request: AccessRequest): Fields {
  const { user, groups } = identityOf(request);
  const { verb, path, group = "", resource = "", subresource, name, namespace } = request;
  const of =
    path === undefined
      ? {
          resourceAttributes: {
            ...{ verb, group, resource },
            ...(subresource !== undefined && { subresource }),
            ...(name !== undefined && { name }),
            ...(namespace !== undefined && { namespace }),
          },
        }
      : { nonResourceAttributes: { verb, path } };
  return { ...(user !== "" && { user }), groups: [...groups], ...of };
}

async function review(cluster: Cluster, spec: Fields): Promise<Review> {
  const body = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
  return readReview(await cluster.request({ method: "POST", path: PATH, body }));
}

function readReview({ status, body }: ApiAnswer): Review {
  const { allowed, reason, evaluationError } = fieldsOf(body.status);
  if (status >= 200 && status < 300 && typeof allowed === "boolean")
    return { allowed, reason: textOf(reason) || textOf(evaluationError) };
  const message = textOf(body.message) || `the server answered ${status}`;
  if (status === 403) return { problem: `the caller may not create SubjectAccessReviews: ${message}` };
  return { problem: `the review was not answered: ${message}` };
}

function requestText({
  verb,
  path,
  group = "",
  resource = "",
  subresource,
  name,
  namespace,
}: AccessRequest): string {
  if (path !== undefined) return `${verb} ${path}`;
  const of = `${resource}${group === "" ? "" : `.${group}`}${subresource === undefined ? "" : `/${subresource}`}`;
  const what = name === undefined ? of : `${of} named ${name}`;
  return `${verb} ${what}${namespace === undefined || namespace === "" ? "" : ` in ${namespace}`}`;
}
