import { expect, test } from "vitest";
import type { PlatformPlan } from "../live/plan.ts";
import { NO_CHANGE } from "../meaning.ts";
import type { Io } from "./io.ts";
import { planJson, printPlan } from "./print-plan.ts";

const KEPT = "keeps password as the cluster has it: the environment variable PW is not there";
const secret = { apiVersion: "v1", kind: "Secret", namespace: "shop" };
const same = { action: "none", what: "secret", fields: [], conflicts: [] } as const;
const plan: PlatformPlan = {
  objects: {
    name: "shop",
    context: "test",
    items: [
      { ...same, ref: { ...secret, name: "kept" }, notes: [KEPT] },
      { ...same, ref: { ...secret, name: "same" }, notes: [] },
    ],
    notes: [],
  },
  meaning: NO_CHANGE,
  proofs: [],
  unread: [],
  prune: false,
};

test("an object that stays as it is is told when there is something to be said of it", () => {
  const parts: string[] = [];
  printPlan(plan, { out: (part) => void parts.push(part), color: false } as Io);
  const text = parts.join("");
  expect(text).toContain(`Secret shop/kept\n    ${KEPT}\n`);
  expect(text).not.toContain("shop/same");
  expect(planJson(plan).objects.map(({ ref }) => ref.name)).toEqual(["kept"]);
});
