import { type Cluster, endedBy } from "@ashlar/core/live";
import type { ReachClaim } from "@ashlar/network-policy";
import type { Platform } from "../../define-platform.ts";
import type { VerifyAnswer, VerifyOutcome, VerifyReport } from "./answer.ts";
import type { VerifyOptions } from "./asking.ts";
import type { Question } from "./questions.ts";

/**
 * Holds a running cluster to a platform's claims, by asking it: the authorizer by SubjectAccessReviews, the network and the DNS by
 * commands in pods, hosts by HTTP from where this program runs, pull secrets by reading them; and, beside the claims, whether the
 * platform's issuer is one. Nothing in the cluster is changed. What could not be asked is `unknown`, never held.
 *
 * Only TCP is tried, from one pod of each kind to one of each kind. A namespace without pods is told of, and a claim about nothing but
 * such namespaces is `unknown`.
 *
 * @throws {LiveError} when the API server cannot be asked at all, and `aborted` when the signal ends it
 * @example
 * const { summary } = await verify(platform, await connectCluster(), { onAnswer: ({ claim, outcome }) => log(claim.text, outcome) });
 */
export async function verify(
  platform: Platform,
  cluster: Cluster,
  options: VerifyOptions = {},
): Promise<VerifyReport> {
  const failed = new AbortController();
  const signals = [options.signal, cluster.signal, failed.signal].filter((one) => one !== undefined);
  const signal = AbortSignal.any(signals);
  // When claims are asked: the models behind them take longer to load than all the rest.
  const { questionsOf } = await import("./questions.ts");
  const questions = questionsOf(platform, cluster, { ...options, signal });
  const { onAnswer } = options;
  const of = questions.length;
  const answers: VerifyAnswer[] = [];
  let number = 0;
  const answer = async (i: number, { claim, ask }: Question): Promise<void> => {
    if (signal.aborted) throw endedBy(signal, "verify");
    const given = { claim, ...(await ask()) };
    answers[i] = given;
    onAnswer?.(given, { number: ++number, of });
  };
  // What connects shows that something listens, which claims that something does not connect need to know.
  const isLast = ({ claim }: Question) => (claim as Partial<ReachClaim>).expect === "no-reach";
  try {
    for (const last of [false, true])
      await Promise.all(questions.flatMap((one, i) => (isLast(one) === last ? [answer(i, one)] : [])));
  } catch (error) {
    // What is still under way would go on asking.
    failed.abort();
    throw error;
  }
  const count = (outcome: VerifyOutcome) => answers.filter((one) => one.outcome === outcome).length;
  return { answers, summary: { held: count("held"), broken: count("broken"), unknown: count("unknown") } };
}
