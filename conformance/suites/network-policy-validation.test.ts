import type { Resource } from "@ashlar/core";
import { normalizePolicy, validateNetworkPolicy } from "@ashlar/network-policy";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import type { Case } from "../policies/case.ts";
import { generatedCases } from "../policies/generated.ts";
import { HAND_MADE } from "../policies/hand-made.ts";
import { ourFields, serverVerdict, withoutIndexes } from "../policies/verdict.ts";

let server: ControlPlane;

beforeAll(async () => {
  // With NamespaceLifecycle a namespace that cannot exist would be "not found" before it is looked at.
  server = await startControlPlane({ disableAdmission: ["NamespaceLifecycle"] });
});
afterAll(() => server?.stop());

test("the server is the version that our validation is written for", async () => {
  const { body } = await server.get("/version");
  expect(body).toMatchObject({ major: "1", minor: "36" });
});

describe("our verdict on a policy is the server's", () => {
  test.each([...HAND_MADE])("$name", async (tried) => {
    expect(await difference(tried)).toBeUndefined();
  });

  test.each([1, 2, 3, 4])("300 generated policies, seed %i", async (seed) => {
    const differences: unknown[] = [];
    const verdicts = { accepted: 0, refused: 0 };
    for (const tried of generatedCases(seed, 300)) {
      const different = await difference(tried);
      if (different) differences.push(different);
      verdicts[validateNetworkPolicy(tried.policy).length === 0 ? "accepted" : "refused"]++;
    }
    expect(differences).toEqual([]);
    expect(Math.min(verdicts.accepted, verdicts.refused)).toBeGreaterThan(60);
  });
});

describe("versions and groups", () => {
  test.each(["networking.k8s.io/v1beta1", "extensions/v1beta1"])("%s is not served", async (apiVersion) => {
    const policy = { apiVersion, kind: "NetworkPolicy", metadata: { name: "old" }, spec: {} };
    expect((await server.get(`/apis/${apiVersion}`)).code).toBe(404);
    expect(ourFields(validateNetworkPolicy(policy))).toEqual(["apiVersion"]);
  });
});

describe("what is given to the model is what the server stores", () => {
  test("its defaults are ours: policyTypes, protocols", async () => {
    const tried = [...HAND_MADE, ...generatedCases(5, 300)];
    let compared = 0;
    for (const { name, policy } of tried) {
      const answer = await server.dryRun(policy);
      if (!answer.accepted) continue;
      compared++;
      const spec = answer.object.spec as StoredSpec;
      const normal = normalizePolicy(policy);
      expect.soft(isolatedBy(normal), name).toEqual([...new Set(spec.policyTypes)].sort());
      // Read once more from what the server made of it, it says the same.
      expect.soft(meaning(normalizePolicy(answer.object)), name).toEqual(meaning(normal));
    }
    expect(compared).toBeGreaterThan(150);
  });
});

interface StoredSpec {
  readonly policyTypes: readonly string[];
}

type Normalized = ReturnType<typeof normalizePolicy>;

function isolatedBy(normalized: Normalized): readonly string[] {
  if (!("policy" in normalized)) return ["cannot be read"];
  const { ingress, egress } = normalized.policy;
  return [...(egress ? ["Egress"] : []), ...(ingress ? ["Ingress"] : [])];
}

/** A normal policy less the object that it was made from, requirements by key: the server sorts matchLabels. */
function meaning(normalized: Normalized): unknown {
  if (!("policy" in normalized)) return normalized;
  const { podSelector, ingress, egress } = normalized.policy;
  return JSON.parse(JSON.stringify({ podSelector, ingress, egress }, sorted));
}

/** For JSON.stringify: selectors are conjunctions, addresses have no JSON of their own. */
function sorted(key: string, value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (!Array.isArray(value) || !["podSelector", "pods", "namespaces"].includes(key)) return value;
  return value.map((requirement) => JSON.stringify(requirement)).sort();
}

/** What differs between the server's verdict and ours; `undefined` when nothing does. */
async function difference({ name, policy }: Case): Promise<unknown> {
  const answer = await server.dryRun(policy);
  const theirs = serverVerdict(answer);
  const findings = validateNetworkPolicy(policy);
  const ours = ourFields(findings);
  const differs = {
    name,
    policy: shortened(policy),
    theirs,
    ours,
    message: answer.accepted ? "" : answer.status.message,
  };
  switch (theirs.kind) {
    case "accepted":
      return ours.length === 0 ? undefined : differs;
    case "invalid":
    case "strict":
      return JSON.stringify(ours) === JSON.stringify(theirs.fields) ? undefined : differs;
    case "type": {
      // The server stops at the first wrong type and names it without indexes; we name them all.
      const wrongTypes = findings
        .filter((f) => / must be .* not /.test(f.message))
        .map((f) => withoutIndexes(f.path));
      return wrongTypes.length > 0 && (theirs.field === undefined || wrongTypes.includes(theirs.field))
        ? undefined
        : differs;
    }
  }
}

function shortened(policy: Resource): string {
  const text = JSON.stringify(policy);
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
