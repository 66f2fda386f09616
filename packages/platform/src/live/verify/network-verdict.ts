import type { Symptom } from "@ashlar/network-policy";
import type { VerifyOutcome } from "./answer.ts";
import type { Seen } from "./in-pod.ts";

/** What one connection says of a promise. */
export interface WayVerdict {
  readonly outcome: VerifyOutcome;
  readonly text: string;
}

/**
 * Judges one connection.
 *
 * A port that nobody listens on refuses as some network plugins do for a policy, and a pod that is gone is as silent as one that a
 * policy hides. So nothing counts as kept away unless something is known to listen there; and where the plugin drops, a refusal means
 * that the packet arrived.
 *
 * @param open how it is known that something listens there; `undefined`: it is not
 * @param symptom how a refused connection looks with the cluster's network plugin
 * @example judgeWay("no-reach", { what: "timeout", tool: "nc" }, "its readiness", "timeout").outcome // "held"
 */
export function judgeWay(
  expect: "reach" | "no-reach",
  seen: Seen,
  open: string | undefined,
  symptom: Symptom,
): WayVerdict {
  if (seen.what === "unsent") return { outcome: "unknown", text: `not asked: ${seen.text}` };
  const by = `by ${seen.tool}`;
  const listens = open === undefined ? "nothing is known to listen there" : `it listens: ${open}`;
  switch (seen.what) {
    case "open":
      return { outcome: expect === "reach" ? "held" : "broken", text: `connected, ${by}` };
    case "unclear":
      return { outcome: "unknown", text: `${seen.tool} does not say what came of it` };
    case "unreachable":
      return { outcome: expect === "reach" ? "broken" : "unknown", text: `no route, ${by}` };
    case "timeout":
      if (expect === "reach") return { outcome: "broken", text: `no answer, ${by}` };
      return { outcome: open === undefined ? "unknown" : "held", text: `no answer, ${by}; ${listens}` };
    case "refused":
      if (symptom === "timeout" && expect === "no-reach")
        return {
          outcome: "broken",
          text: `refused, ${by}, where the network plugin drops: the packet arrived`,
        };
      if (open === undefined)
        return { outcome: "unknown", text: `refused, ${by}; ${listens}, and a closed port refuses too` };
      return { outcome: expect === "reach" ? "broken" : "held", text: `refused, ${by}; ${listens}` };
  }
}
