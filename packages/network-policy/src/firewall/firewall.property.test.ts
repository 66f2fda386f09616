import { applyPatches } from "@ashlar/core";
import type * as z from "@ashlar/core/zod";
import fc from "fast-check";
import { expect, test } from "vitest";
import { proveReach } from "../prove/prove-reach.ts";
import { networkModel } from "../reach/model.ts";
import { networkPolicyRules } from "../rules/index.ts";
import { firewall } from "./firewall.ts";
import type { firewallIntent } from "./intent.ts";

type Input = z.input<ReturnType<typeof firewallIntent>>;

const NAMES = ["common", "prod", "dev", "lab", "ops"];

/** A diagram of up to five environments with ports on some lines, and the options that change policies. */
const intents: fc.Arbitrary<Input> = fc
  .record({
    count: fc.integer({ min: 1, max: NAMES.length }),
    existing: fc.boolean(),
    lines: fc.array(
      fc.record({
        words: fc.array(fc.nat(), { minLength: 2, maxLength: 4 }),
        arrow: fc.constantFrom("->", "<->", "<-"),
        ports: fc.constantFrom("", " : 5432/TCP", " : 53/UDP, 53", " : 8000-8005/TCP", " : SCTP"),
      }),
      { maxLength: 5 },
    ),
    isolate: fc.boolean(),
    egress: fc.array(fc.nat(), { maxLength: 2 }),
    dns: fc.boolean(),
    peers: fc.boolean(),
    cni: fc.constantFrom(undefined, "kube-router@0.2.1", "kube-router@2.5", "calico@3.32"),
  })
  .map(({ count, existing, lines, isolate, egress, dns, peers, cni }) => {
    const names = NAMES.slice(0, count);
    const word = (n: number) => names[n % count] as string;
    const isolated = [...new Set(egress.map(word))];
    return {
      environments: Object.fromEntries(
        names.map((name, i) => [name, i === 0 && existing ? { existing: ["default"] } : [name, `${name}-2`]]),
      ),
      diagram: lines.map((l) => l.words.map(word).join(` ${l.arrow} `) + l.ports).join("\n"),
      ...(isolate && { isolate: names }),
      ...(isolated.length > 0 && { egress: { isolate: isolated, ...(!dns && { dns: false as const }) } }),
      ...(peers && {
        peers: { [word(0)]: { from: [{ cidr: "203.0.113.0/24", except: ["203.0.113.64/26"] }] } },
      }),
      ...(cni && { cni }),
    };
  });

test("the claims of a random diagram hold on its own output, and its plugin has nothing to say against it", () => {
  let claims = 0;
  fc.assert(
    fc.property(intents, (intent) => {
      const block = firewall(intent as never);
      const { resources, partial } = applyPatches(block.resources, block.patches);
      const model = networkModel(resources, { partialNamespaces: partial.map((ref) => ref.name) });
      for (const proof of proveReach(model, block.claims as never)) {
        claims++;
        expect(proof.outcome, `${proof.claim.text}: ${proof.findings[0]?.message}`).toBe("proved");
      }
      const versions = intent.cni === undefined ? {} : { versions: { cni: intent.cni } };
      const findings = networkPolicyRules.flatMap((rule) => rule.check({ resources, ...versions }));
      expect(findings).toEqual([]);
    }),
    { numRuns: 300, seed: 20180901 },
  );
  expect(claims).toBeGreaterThan(1000);
});

const FENCED: Input = {
  environments: { common: { existing: ["default"] }, prod: ["prod"], dev: ["dev"] },
  diagram: "prod <-> common <-> dev\ndev -> prod : 5432/TCP",
};
const EGRESS: Input = {
  environments: { common: { existing: ["default"] }, prod: ["prod"] },
  diagram: "prod <-> common",
  egress: { isolate: ["prod"], dns: false },
};

test.each([
  { name: "ingress", intent: FENCED, direction: "ingress" },
  { name: "egress", intent: EGRESS, direction: "egress" },
])(
  "the claims bite ($name): any policy or rule taken away, and any open rule added, breaks one",
  ({ intent, direction }) => {
    const block = firewall(intent as never);
    const { resources, partial } = applyPatches(block.resources, block.patches);
    const partialNamespaces = partial.map((ref) => ref.name);
    const outcomes = (changed: typeof resources) =>
      proveReach(networkModel(changed, { partialNamespaces }), block.claims as never).map((p) => p.outcome);
    expect(new Set(outcomes(resources))).toEqual(new Set(["proved"]));
    const policies = resources.filter((r) => r.kind === "NetworkPolicy" && direction in (r.spec as object));
    expect(policies.length).toBeGreaterThan(0);
    for (const policy of policies) {
      const spec = policy.spec as Record<string, unknown[]>;
      const rules = spec[direction] ?? [];
      const withRules = (changed: readonly unknown[]) => ({
        ...policy,
        spec: { ...spec, [direction]: changed },
      });
      const replaced = (by: typeof policy) => resources.map((r) => (r === policy ? by : r));
      expect(outcomes(resources.filter((r) => r !== policy))).toContain("broken");
      for (const rule of rules)
        expect(outcomes(replaced(withRules(rules.filter((r) => r !== rule))))).toContain("broken");
      expect(outcomes(replaced(withRules([...rules, {}])))).toContain("broken");
    }
  },
);
