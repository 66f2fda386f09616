import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseIpRange } from "../policy/ip.ts";
import type { NormalPolicy } from "../policy/normal.ts";
import { normalizePolicy } from "../policy/normalize.ts";
import type { ReachClaim } from "./claim.ts";
import { type NaiveEnd, type NaiveFlow, naiveAllows } from "./naive.test-support.ts";
import { naiveOutcome } from "./naive-outcome.test-support.ts";
import { proveClaims, type ReachProof } from "./prove-claims.ts";
import {
  claim,
  claimBetween,
  classOf,
  contains,
  doubtfulWorld,
  type World,
  world,
} from "./worlds.test-support.ts";

function prove(c: ReachClaim, w: World): ReachProof {
  return proveAll([c], w)[0]!;
}

function proveAll(claims: readonly ReachClaim[], w: World): ReachProof[] {
  const normal = w.policies.map((p): NormalPolicy => {
    const read = normalizePolicy(p);
    if ("invalid" in read) throw new Error(read.invalid.message);
    return read.policy;
  });
  return proveClaims(
    {
      policies: normal,
      namespaces: w.namespaces,
      workload: (ref) => ({ targets: w.units[ref] ? [{ unit: w.units[ref] }] : [] }),
      families: [4, 6],
      ...(w.podCidr !== undefined && { podRanges: [parseIpRange(w.podCidr)!] }),
    },
    claims,
  );
}

/** Checks outcomes against the naive ones, and counts them. */
function outcomes(
  worlds: fc.Arbitrary<World>,
  claims: fc.Arbitrary<ReachClaim>,
  numRuns: number,
): Record<ReachProof["outcome"], number> {
  const seen = { proved: 0, broken: 0, unknown: 0, vacuous: 0 };
  fc.assert(
    fc.property(worlds, claims, (w, c) => {
      const { outcome } = prove(c, w);
      seen[outcome]++;
      expect(outcome, c.text).toBe(naiveOutcome(c, w));
    }),
    { numRuns },
  );
  return seen;
}

describe("proofs", () => {
  test("agree with trying every label, port and address class", () => {
    const seen = outcomes(world, claim, 1200);
    for (const outcome of ["proved", "broken", "vacuous"] as const)
      expect(seen[outcome], JSON.stringify(seen)).toBeGreaterThan(50);
  });

  test("agree with trying everything where facts are missing", () => {
    const seen = outcomes(doubtfulWorld, claimBetween, 300);
    for (const outcome of ["proved", "broken", "unknown"] as const)
      expect(seen[outcome], JSON.stringify(seen)).toBeGreaterThan(20);
  });

  test("do not depend on the other claims that are proved along", () => {
    fc.assert(
      fc.property(world, fc.array(claim, { minLength: 2, maxLength: 8 }), (w, claims) => {
        const alone = claims.map((c) => prove(c, w).outcome);
        expect(proveAll(claims, w).map((p) => p.outcome)).toEqual(alone);
      }),
      { numRuns: 1000 },
    );
  });

  test("come with witnesses that are allowed or denied as they say", () => {
    let checked = 0;
    fc.assert(
      fc.property(world, claim, (w, c) => {
        const { outcome, witness } = prove(c, w);
        if (witness === undefined) return;
        checked++;
        const end = ({
          namespace,
          namespaceLabels = {},
          labels = {},
          address,
          ports = [],
        }: typeof witness.from): NaiveEnd => {
          const names: Record<string, number[]> = {};
          for (const { name, protocol, number } of ports)
            if (name !== undefined) names[`${protocol}/${name}`] = [number];
          return {
            ...(namespace !== undefined && { namespace }),
            namespaceLabels,
            labels,
            address: classOf(address),
            names,
          };
        };
        const flow: NaiveFlow = { ...witness, from: end(witness.from), to: end(witness.to) };
        const inClaim =
          c.ports?.some((p) => p.protocol === flow.protocol && p.from <= flow.port && flow.port <= p.to) ??
          true;
        const allowed = naiveAllows(w.policies, flow, contains);
        const breaks =
          c.expect === "no-reach"
            ? allowed && inClaim
            : c.expect === "reach"
              ? !allowed && inClaim
              : allowed !== inClaim;
        expect(breaks, `${c.text} ${outcome} ${JSON.stringify(witness)}`).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(checked).toBeGreaterThan(500);
  });
});
