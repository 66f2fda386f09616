import type { Locate, Proof } from "@ashlar/core";
import { parseImage } from "../image/parse-image.ts";
import type { PullsClaim } from "./claim.ts";
import type { PullsModel } from "./model.ts";
import { brokenClaim, emptyClaim, unprovedClaim } from "./proof-findings.ts";
import { imagesOf, type PullVerdict, pullingPod, pullsFrom } from "./pull-verdict.ts";
import type { PullQuestion } from "./question.ts";

export interface PullsProof extends Proof<PullsClaim> {
  /** The verdict that breaks the claim or, when the outcome is `unknown`, might. */
  readonly verdict?: PullVerdict;
}

export interface ProvePullsOptions {
  /** Where the fields of the set were written, for findings. */
  readonly locate?: Locate;
}

/**
 * Proves claims about pulling: that kubelet finds a credential for the image in the Secrets of the pod, else of its ServiceAccount.
 * That the registry takes the password, and has the image, is not proved here.
 *
 * About a namespace a claim holds for pods of the ServiceAccount `default` without pull secrets of their own, also those to come, and
 * for every pod of the set there that runs such an image. `broken`: no credential, or a Secret that kubelet cannot read. `unknown`: a
 * Secret or ServiceAccount is not in the set. `vacuous`: no namespace, no such workload, or none that runs such an image.
 * Findings: `registry/broken-claim`, `registry/unproved-claim`, `registry/empty-claim`.
 *
 * @example provePulls(pullsModel(resources, { sealed }), claims)[0]?.outcome // "proved"
 */
export function provePulls(
  model: PullsModel,
  claims: readonly PullsClaim[],
  { locate }: ProvePullsOptions = {},
): PullsProof[] {
  return claims.map((claim) => prove(claim, model, locate));
}

function prove(claim: PullsClaim, model: PullsModel, locate: Locate | undefined): PullsProof {
  const asked = questionsOf(claim, model);
  if ("nothing" in asked)
    return { claim, outcome: "vacuous", findings: [emptyClaim(claim, asked.nothing, asked.hint)] };
  let doubt: { readonly question: PullQuestion; readonly verdict: PullVerdict } | undefined;
  for (const question of asked.questions) {
    const verdict = pullsFrom(model, question.pod, question.repository);
    if (verdict.outcome === "unknown") doubt ??= { question, verdict };
    else if (verdict.outcome !== "pulls")
      return {
        claim,
        outcome: "broken",
        verdict,
        findings: [brokenClaim(claim, question, verdict, model, locate)],
      };
  }
  if (doubt === undefined) return { claim, outcome: "proved", findings: [] };
  const { question, verdict } = doubt;
  return { claim, outcome: "unknown", verdict, findings: [unprovedClaim(claim, question, verdict, locate)] };
}

type Asked =
  | { readonly questions: readonly PullQuestion[] }
  | { readonly nothing: string; readonly hint: string };

/** What has to hold for the claim to hold: one pull each. */
function questionsOf({ puller, what }: PullsClaim, model: PullsModel): Asked {
  const isMeant = matcherOf(what);
  const ofTemplates = (is: (template: PullsModel["templates"][number]) => boolean): PullQuestion[] =>
    model.templates.filter(is).flatMap((template) =>
      imagesOf(template)
        .filter(isMeant)
        .map((image) => ({
          pod: pullingPod(template),
          repository: `${image.registry}/${image.repository}`,
          image: { owner: template.owner, ...image },
        })),
    );
  if (puller.kind === "workload") {
    const { namespace, workload, name } = puller;
    const own = model.templates.filter(
      (template) =>
        template.namespace === namespace &&
        template.owner.kind === workload &&
        template.owner.metadata?.name === name,
    );
    if (own.length === 0)
      return {
        nothing: `the set has no ${workload} ${namespace}/${name} with pods`,
        hint: "correct the name, or add the object to the set",
      };
    const questions = ofTemplates((template) => own.includes(template));
    if (questions.length > 0) return { questions };
    return {
      nothing: `${workload} ${namespace}/${name} runs no image of ${"image" in what ? what.image : what.registry}`,
      hint: "correct the image or the registry, or leave the claim out",
    };
  }
  const accounts =
    puller.kind === "serviceAccount"
      ? [{ namespace: puller.namespace, account: puller.name, all: false }]
      : puller.namespaces.map((namespace) => ({ namespace, account: "default", all: true }));
  if (accounts.length === 0)
    return {
      nothing: `${puller.name} has no namespace`,
      hint: "give it a namespace, or leave the claim out",
    };
  const questions = accounts.flatMap(({ namespace, account, all }): PullQuestion[] => [
    { pod: { namespace, serviceAccount: account }, repository: wholeOf(what) },
    ...ofTemplates(
      (template) =>
        template.namespace === namespace && (all || pullingPod(template).serviceAccount === account),
    ),
  ]);
  return { questions };
}

/** Whether an image is one that a claim speaks of: of the registry, or the same repository whatever its tag. */
function matcherOf(what: PullsClaim["what"]) {
  const repository = wholeOf(what);
  return (image: { readonly registry: string; readonly repository: string }): boolean =>
    "registry" in what
      ? `${image.registry}/` === repository
      : `${image.registry}/${image.repository}` === repository;
}

/** The repository that a pod to come pulls; with nothing after the slash for every one of a registry. */
function wholeOf(what: PullsClaim["what"]): string {
  if ("registry" in what) return `${what.registry === "index.docker.io" ? "docker.io" : what.registry}/`;
  const parsed = parseImage(what.image);
  return parsed.ok ? `${parsed.value.registry}/${parsed.value.repository}` : what.image;
}
