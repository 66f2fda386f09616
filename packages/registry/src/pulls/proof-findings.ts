import { type Finding, findingAbout, formatPath, formatRef, type Locate, refOf } from "@ashlar/core";
import type { PullsClaim } from "./claim.ts";
import { remedyFor, whyNot } from "./explain.ts";
import type { PullsModel } from "./model.ts";
import type { PullVerdict } from "./pull-verdict.ts";
import type { PullQuestion } from "./question.ts";

/** A pod that does not pull what the claim says. */
export function brokenClaim(
  claim: PullsClaim,
  question: PullQuestion,
  verdict: PullVerdict,
  model: PullsModel,
  locate: Locate | undefined,
): Finding {
  return about(question, locate, {
    code: "registry/broken-claim",
    severity: "error",
    message: `${quoted(claim)} does not hold: ${pullerOf(question)} pulls ${imageOf(question)} without a login: ${whyNot(question.pod, verdict)}`,
    hint: remedyFor(model, question.pod, question.repository, verdict),
  });
}

/** The set does not hold what decides. */
export function unprovedClaim(
  claim: PullsClaim,
  question: PullQuestion,
  verdict: PullVerdict,
  locate: Locate | undefined,
): Finding {
  const missing = verdict.outcome === "unknown" ? verdict.missing : "a Secret is unknown";
  return about(question, locate, {
    code: "registry/unproved-claim",
    severity: "error",
    message: `${quoted(claim)} is not proved for ${pullerOf(question)}: ${missing}`,
    hint: "add it to the set; who pulls from a registry with `registries` has the Secret and the ServiceAccount in it",
  });
}

/** The claim speaks of what does not exist. */
export function emptyClaim(claim: PullsClaim, nothing: string, hint: string): Finding {
  return {
    code: "registry/empty-claim",
    severity: "error",
    message: `${quoted(claim)} says nothing: ${nothing}`,
    hint,
    path: "",
  };
}

function about(
  { image }: PullQuestion,
  locate: Locate | undefined,
  finding: Pick<Finding, "code" | "severity" | "message" | "hint">,
): Finding {
  if (image === undefined) return { ...finding, path: "" };
  return findingAbout(image.owner, locate, { ...finding, path: formatPath(image.path) });
}

function quoted(claim: PullsClaim): string {
  return `claim "${claim.text}" (${claim.by})`;
}

function pullerOf({ pod, image }: PullQuestion): string {
  if (image !== undefined) return formatRef(refOf(image.owner));
  return `a pod of ServiceAccount ${pod.namespace}/${pod.serviceAccount ?? "default"}`;
}

function imageOf({ image, repository }: PullQuestion): string {
  if (image !== undefined) return image.text;
  return repository.endsWith("/") ? `images of ${repository.slice(0, -1)}` : repository;
}
