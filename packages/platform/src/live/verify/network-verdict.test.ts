import { expect, test } from "vitest";
import type { Seen } from "./in-pod.ts";
import { judgeWay } from "./network-verdict.ts";

const nc = (what: "open" | "refused" | "timeout" | "unreachable" | "unclear"): Seen => ({ what, tool: "nc" });
const EITHER = "refused or timeout";

test.each([
  // The packet got there and was answered.
  ["reach", nc("open"), undefined, EITHER, "held"],
  ["no-reach", nc("open"), undefined, EITHER, "broken"],
  // Silence is a policy where something listens; a pod that is gone is silent too.
  ["no-reach", nc("timeout"), "yes", EITHER, "held"],
  ["no-reach", nc("timeout"), undefined, EITHER, "unknown"],
  ["no-reach", nc("timeout"), "yes", "timeout", "held"],
  ["reach", nc("timeout"), "yes", EITHER, "broken"],
  ["reach", nc("timeout"), undefined, "timeout", "broken"],
  // A refusal is a policy where the plugin rejects and something listens; a closed port refuses too.
  ["no-reach", nc("refused"), "yes", EITHER, "held"],
  ["no-reach", nc("refused"), undefined, EITHER, "unknown"],
  ["reach", nc("refused"), "yes", EITHER, "broken"],
  ["reach", nc("refused"), undefined, EITHER, "unknown"],
  // Where it drops, a refusal is the pod's own: the packet arrived.
  ["no-reach", nc("refused"), "yes", "timeout", "broken"],
  ["no-reach", nc("refused"), undefined, "timeout", "broken"],
  ["reach", nc("refused"), "yes", "timeout", "broken"],
  ["reach", nc("refused"), undefined, "timeout", "unknown"],
  ["no-reach", nc("unreachable"), "yes", EITHER, "unknown"],
  ["reach", nc("unreachable"), "yes", EITHER, "broken"],
  ["no-reach", nc("unclear"), "yes", EITHER, "unknown"],
  ["reach", nc("unclear"), "yes", EITHER, "unknown"],
  ["no-reach", { what: "unsent", text: "no nc" }, "yes", EITHER, "unknown"],
] as const)("expected %s, seen %o, listens %s, symptom %s: %s", (expected, seen, open, symptom, outcome) => {
  expect(judgeWay(expected, seen, open, symptom).outcome).toBe(outcome);
});
