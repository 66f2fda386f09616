import { describe, expect, it } from "vitest";
import { namespace, ownedBy, pod, policy } from "../../test/objects.ts";
import { networkModel } from "./model.ts";
import { representatives } from "./representatives.ts";
import { reach } from "./verdict.ts";

const replicas = (space: string, count: number, labelsOf: (i: number) => Record<string, string>) =>
  Array.from({ length: count }, (_, i) =>
    pod(`${space}/w-${i}`, {
      labels: labelsOf(i),
      ips: [`10.${space === "a" ? 1 : 2}.${i >> 8}.${i & 255}`],
      metadata: ownedBy("StatefulSet", "w"),
    }),
  );
const closed = policy("b/closed", { podSelector: { matchLabels: { canary: "yes" } } });

describe("questions about many pods", () => {
  it("find the one pod among many that answers differently", () => {
    const set = [
      ...[namespace("a"), namespace("b"), closed],
      ...replicas("a", 300, () => ({})),
      ...replicas("b", 300, (i): Record<string, string> => (i === 217 ? { canary: "yes" } : {})),
    ];
    const model = networkModel(set);
    const verdict = reach(model, { from: "a/w", to: "b/w", port: 80 });
    expect([verdict.outcome, verdict.about?.to]).toEqual(["partial", "b/w-217"]);
    const units = model.named.get("a/w")![0]!.units;
    expect(representatives(model, units, model.named.get("b/w")![0]!.units, "TCP").length).toBeLessThan(10);
    expect(
      reach(networkModel(set.filter((r) => r.metadata.name !== "w-217")), { from: "a/w", to: "b/w" }).allowed,
    ).toBe(true);
  });

  it("keep two pods of a class, so that replicas are asked about one another", () => {
    const model = networkModel([namespace("b"), closed, ...replicas("b", 300, () => ({ canary: "yes" }))]);
    expect(reach(model, { from: "b/w", to: "b/w", port: 80 }).outcome).toBe("denied");
    expect(reach(model, { from: "b/w-1", to: "b/w-1", port: 80 }).outcome).toBe("allowed");
  });
});
