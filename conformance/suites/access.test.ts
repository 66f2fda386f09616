import { readFile } from "node:fs/promises";
import type { Resource } from "@ashlar/core";
import { type AccessModel, accessModel, can } from "@ashlar/iam";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtinRbacModule, rbacObjects } from "../access/builtin-rbac.ts";
import { differences } from "../access/differences.ts";
import { EDGES_OF_BINDINGS } from "../access/edge-bindings.ts";
import { EDGES_OF_RULES } from "../access/edge-rules.ts";
import { randomRequests, randomSet } from "../access/random-set.ts";
import { askAuthorizer } from "../access/rbac-authorizer.ts";
import { reviewAll } from "../access/reviews.ts";
import { settled } from "../access/settled.ts";
import { NAMESPACES } from "../access/words.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";

const EDGES = [...EDGES_OF_RULES, ...EDGES_OF_BINDINGS];
const SEEDS = [11, 12, 13, 14];
const REQUESTS_OF_SEED = 900;

const sets = SEEDS.map((seed) =>
  randomSet({ seed, prefix: `s${seed}-`, roles: 14, bindings: 20, storable: true }),
);
const own: readonly Resource[] = [...EDGES.flatMap((edge) => edge.resources), ...sets.flat()];

let server: ControlPlane;
let builtin: string;
let model: AccessModel;

beforeAll(async () => {
  server = await startControlPlane({ controllers: true });
  builtin = await builtinRbacModule(server);
  for (const name of NAMESPACES)
    await server.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
  for (const resource of own) {
    const answer = await server.create(resource, { fieldValidation: "Strict" });
    if (!answer.accepted) throw new Error(`${JSON.stringify(resource)}: ${answer.status.message}`);
  }
  await settled(server);
  model = accessModel(own);
});
afterAll(() => server?.stop());

test("the built-in roles and bindings are those of a new server", async () => {
  const data = new URL("../../packages/iam/src/rbac/data/builtin-1.36.3.ts", import.meta.url);
  expect(await readFile(data, "utf8")).toBe(builtin);
});

describe("can() is what SubjectAccessReviews say", () => {
  test("at every edge of the semantics, with the reason", async () => {
    const asks = EDGES.flatMap((edge) => edge.asks.map(([ask]) => ask));
    const reviews = await reviewAll(server, asks);
    const written = EDGES.flatMap((edge) => edge.asks.map(([, allowed]) => allowed));
    expect(reviews.map((review) => review.allowed)).toEqual(written);
    expect(await differences(server, model, asks, reviews)).toEqual([]);
    expect(asks.length).toBeGreaterThanOrEqual(130);
    // The comparison notices one binding that is missing, and built-in roles that are.
    const less = accessModel(own.filter(({ metadata }) => metadata.name !== "z-edge-order"));
    expect(await differences(server, less, asks, reviews)).not.toEqual([]);
    const bare = accessModel(own, { builtins: false });
    expect(await differences(server, bare, asks, reviews)).not.toEqual([]);
  });

  test.each(SEEDS)("in random requests of the random set of seed %i", async (seed) => {
    const asks = randomRequests(seed + 1000, sets[SEEDS.indexOf(seed)]!, REQUESTS_OF_SEED);
    const reviews = await reviewAll(server, asks);
    expect(await differences(server, model, asks, reviews)).toEqual([]);
    const allowed = reviews.filter((review) => review.allowed).length;
    expect(allowed).toBeGreaterThan(asks.length / 5);
    expect(allowed).toBeLessThan((asks.length * 4) / 5);
    expect(reviews.some((review) => !review.allowed && review.reason.includes("not found"))).toBe(true);
  });

  test("for the subjects of the built-in bindings", async () => {
    const builtins = (await rbacObjects(server)) as readonly Resource[];
    const asks = randomRequests(7, builtins, 900);
    const reviews = await reviewAll(server, asks);
    expect(await differences(server, model, asks, reviews)).toEqual([]);
    expect(reviews.filter((review) => review.allowed).length).toBeGreaterThan(200);
  });
});

describe("can() is what the authorizer's code says, in the order of the files", () => {
  const COUNT = 60;
  const PER_SET = 500;

  test(`${COUNT * PER_SET} random requests of ${COUNT} random sets, half of them with what no server stores`, async () => {
    const questions = Array.from({ length: COUNT }, (_, i) => {
      const size = { roles: 6 + (i % 20), bindings: 8 + (i % 30) };
      const resources = randomSet({ seed: i + 1, prefix: "", storable: i % 2 === 0, ...size });
      return { resources, requests: randomRequests(i + 5000, resources, PER_SET) };
    });
    const answers = await askAuthorizer(questions);
    let allowed = 0;
    const wrong = questions.flatMap(({ resources, requests }, i) => {
      const ours = accessModel(resources, { builtins: false });
      return requests.flatMap((ask, k) => {
        const expected = answers[i]!.verdicts[k]!;
        const got = can(ours, ask);
        if (expected.allowed) allowed++;
        const isSame = got.allowed === expected.allowed && got.reason === expected.reason;
        return isSame ? [] : [{ set: i, ask, expected, got: { allowed: got.allowed, reason: got.reason } }];
      });
    });
    expect(wrong.slice(0, 5)).toEqual([]);
    expect(answers.flatMap((answer) => answer.verdicts).length).toBe(COUNT * PER_SET);
    expect(allowed).toBeGreaterThan(8_000);
    expect(allowed).toBeLessThan(22_000);
  });
});
