import { type Finding, formatRef, type Proof, type ProofOutcome, type Related } from "@ashlar/core";
import type { RoutesModel } from "../model.ts";
import { readRequest } from "../request.ts";
import { resolveUrl } from "../resolve.ts";
import { type SampleUrl, sampleUrls } from "../samples.ts";
import type { UrlVerdict } from "../verdict.ts";
import {
  type ClaimService,
  type RequiresLoginClaim,
  type RouteClaim,
  type ServesClaim,
  serviceText,
} from "./claim.ts";
import { loginState } from "./login-state.ts";

export interface ProveServesOptions {
  /** Field path of a claim for findings; absent: none. */
  readonly pathOf?: (claim: RouteClaim) => string;
}

/** What became of a claim, with the verdict that decides. */
export interface RouteProof extends Proof<RouteClaim> {
  readonly verdict?: UrlVerdict;
}

interface Outcome {
  readonly outcome: ProofOutcome;
  readonly message?: string;
  readonly hint?: string;
  readonly verdict?: UrlVerdict;
}

/**
 * Holds claims about URLs against the routes of a set. A claim that a host requires a login is proved for every path of every
 * route of that host, and for every part that a recognised proxy treats in a way of its own. A missing fact makes it `unknown`
 * (`ingress/unproved-claim`), a host that nothing names `vacuous` (`ingress/empty-claim`).
 */
export function proveServes(
  model: RoutesModel,
  claims: readonly RouteClaim[],
  options: ProveServesOptions = {},
): RouteProof[] {
  return claims.map((claim) => {
    const result = claim.kind === "serves" ? proveOne(model, claim) : proveLogin(model, claim);
    const { outcome, verdict } = result;
    const findings = outcome === "proved" ? [] : [findingOf(claim, result, options.pathOf?.(claim) ?? "")];
    return { claim, outcome, findings, ...(verdict && { verdict }) };
  });
}

function proveOne(model: RoutesModel, claim: ServesClaim): Outcome {
  const { service, expect, url } = claim;
  if (expect === "no") return proveDenial(model, claim);
  const verdict = resolveUrl(model, url);
  const { outcome, backends, text } = verdict;
  const isThere = service !== undefined && backends.some((backend) => isMeant(backend, service));
  if ((outcome === "served" || outcome === "login") && isThere) return { outcome: "proved", verdict };
  if (outcome === "unknown")
    return { outcome: "unknown", message: text, hint: missingHint(verdict), verdict };
  const wanted = service === undefined ? "a Service" : serviceText(service);
  const hint =
    outcome === "redirect"
      ? `claim it of ${verdict.location}`
      : outcome === "not-found"
        ? `add a route for ${url} to ${wanted}`
        : `let the route lead to ${wanted}, or correct the claim`;
  return { outcome: "broken", message: `expected ${wanted}: ${text}`, hint, verdict };
}

function proveDenial(model: RoutesModel, { service, url }: ServesClaim): Outcome {
  if (model.ingresses.length === 0 && model.gateways.length === 0)
    return {
      outcome: "vacuous",
      message: "the set has no route at all",
      hint: "add the Ingresses, or drop the claim",
    };
  let last: UrlVerdict | undefined;
  for (const question of questions(model, url)) {
    const verdict = resolveUrl(model, question);
    last = verdict;
    const { outcome, backends, text } = verdict;
    if (outcome === "unknown")
      return {
        outcome: "unknown",
        message: `${question.text}: ${text}`,
        hint: missingHint(verdict),
        verdict,
      };
    const isBroken =
      service === undefined ? outcome !== "not-found" : backends.some((b) => isMeant(b, service));
    if (isBroken)
      return {
        outcome: "broken",
        message: `${question.text}: ${text}`,
        hint: "remove the route, or correct the claim",
        verdict,
      };
  }
  return { outcome: "proved", ...(last && { verdict: last }) };
}

function proveLogin(model: RoutesModel, claim: RequiresLoginClaim): Outcome {
  const { url, groups } = claim;
  let proved: UrlVerdict | undefined;
  let unknown: Outcome | undefined;
  for (const question of questions(model, url)) {
    const verdict = resolveUrl(model, question);
    const state = loginState(verdict, groups);
    if (state.is === "open")
      return { outcome: "broken", message: `${question.text}: ${state.text}`, hint: state.hint, verdict };
    if (state.is === "unknown")
      unknown ??= {
        outcome: "unknown",
        message: `${question.text}: ${state.text}`,
        hint: missingHint(verdict),
        verdict,
      };
    if (state.is === "guarded") proved ??= verdict;
  }
  if (unknown !== undefined) return unknown;
  if (proved !== undefined) return { outcome: "proved", verdict: proved };
  return { outcome: "vacuous", message: "nothing answers there", hint: "correct the URL, or add the route" };
}

/** The URLs that a claim speaks of: its own, and all of the host's routes that are at or below its path. */
function questions(model: RoutesModel, url: string): SampleUrl[] {
  const request = readRequest(url);
  if (typeof request === "string") return [];
  const { scheme, host, port, path, query } = request;
  const own: SampleUrl = { scheme, host, port, path: query === "" ? path : `${path}?${query}`, text: url };
  const below = path.endsWith("/") ? path : `${path}/`;
  const samples = sampleUrls(model, host).filter(
    (sample) =>
      sample.scheme === scheme &&
      sample.port === port &&
      (sample.path === path || sample.path.startsWith(below)),
  );
  return [
    own,
    { ...own, path: `${below}any-other`, text: `${scheme}://${host}${below}any-other` },
    ...samples,
  ];
}

function isMeant({ service, port }: UrlVerdict["backends"][number], wanted: ClaimService): boolean {
  if (service.namespace !== wanted.namespace || service.name !== wanted.name) return false;
  return wanted.port === undefined || String(port) === String(wanted.port);
}

function missingHint({ break: stop }: UrlVerdict): string {
  return stop?.ref === undefined
    ? "add what is missing to the set"
    : `see ${formatRef(stop.ref)}; add what is missing to the set`;
}

const CODES = {
  broken: "ingress/broken-claim",
  unknown: "ingress/unproved-claim",
  vacuous: "ingress/empty-claim",
} as const;

function findingOf({ text, by }: RouteClaim, result: Outcome, path: string): Finding {
  const { outcome, message = "", hint = "", verdict } = result;
  const code = outcome === "proved" ? CODES.unknown : CODES[outcome];
  const what = {
    broken: "does not hold",
    unknown: "is not proved",
    vacuous: "speaks of nothing",
    proved: "",
  }[outcome];
  const related = (verdict?.steps ?? []).map(
    ({ what: kind, text: told, ref, at }): Related => ({
      message: `${kind}: ${told}`,
      ...(ref && { subject: ref }),
      ...(at && { at }),
    }),
  );
  const stop = verdict?.break;
  return {
    code,
    severity: outcome === "broken" || outcome === "vacuous" ? "error" : "warning",
    message: `claim "${text}" of ${by} ${what}: ${message}`,
    hint,
    path,
    ...(stop?.ref && { subject: stop.ref }),
    ...(stop?.at && { at: stop.at }),
    ...(related.length > 0 && { related }),
  };
}
