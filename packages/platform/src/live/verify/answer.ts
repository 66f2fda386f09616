import type { Claim } from "@ashlar/core";

/**
 * `held`: everything that was asked agrees with the claim. `broken`: something that was asked contradicts it. `unknown`: what the
 * claim speaks of could not be asked, or is not there.
 */
export type VerifyOutcome = "held" | "broken" | "unknown";

/** What the cluster said to one claim. */
export interface VerifyAnswer {
  readonly claim: Claim;
  readonly outcome: VerifyOutcome;
  /** What was asked, and of whom, in words. */
  readonly asked: string;
  /** What came back: why it is broken or unknown, and of what a held one was not asked. Holds no credential. */
  readonly evidence: readonly string[];
  /** Why it is not held, in one clause; absent when it is. */
  readonly because?: string;
}

/** The answer to a claim, without the claim. */
export type Answered = Omit<VerifyAnswer, "claim">;

export interface VerifyReport {
  /** In the order of the claims; then what is asked beside them. */
  readonly answers: readonly VerifyAnswer[];
  readonly summary: Readonly<Record<VerifyOutcome, number>>;
}

/** How many pieces of evidence an answer shows. */
const SHOWN = 5;

export function held(asked: string, evidence: readonly string[] = []): Answered {
  return { outcome: "held", asked, evidence: shown(evidence) };
}

export function broken(asked: string, because: string, evidence: readonly string[] = []): Answered {
  return { outcome: "broken", asked, because, evidence: shown(evidence) };
}

export function unknown(asked: string, because: string, evidence: readonly string[] = []): Answered {
  return { outcome: "unknown", asked, because, evidence: shown(evidence) };
}

function shown(evidence: readonly string[]): string[] {
  const all = [...new Set(evidence)];
  return all.length > SHOWN ? [...all.slice(0, SHOWN), `and ${all.length - SHOWN} more`] : all;
}

/**
 * One answer of several to the same claim: one that is broken breaks it, one that is unknown leaves it open.
 *
 * @param asked of the whole
 */
export function all(asked: string, answers: readonly Answered[]): Answered {
  const worst =
    answers.find(({ outcome }) => outcome === "broken") ??
    answers.find(({ outcome }) => outcome === "unknown");
  const evidence = answers.filter(({ outcome }) => outcome === (worst?.outcome ?? "held"));
  const texts = evidence.flatMap((answer) => [
    ...(answer.because === undefined || answer.because === worst?.because ? [] : [answer.because]),
    ...answer.evidence,
  ]);
  if (worst === undefined) return held(asked, texts);
  return { outcome: worst.outcome, asked, because: worst.because ?? "", evidence: shown(texts) };
}
