import { compose } from "@ashlar/core";
import { type ApiAnswer, type ApiRequest, type Cluster, LiveError } from "@ashlar/core/live";
import { expect, test } from "vitest";
import { type Platform, parsePlatform } from "../../define-platform.ts";
import { verify } from "./verify.ts";

function platformOf(expectations: readonly string[], more: object = {}): Platform {
  const parsed = parsePlatform({
    name: "shop",
    environments: { dev: ["dev"] },
    expect: expectations,
    ...more,
  });
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.findings.map(({ message }) => message).join("\n"));
}

type Answer = (request: ApiRequest) => ApiAnswer | Promise<ApiAnswer>;
const cluster = (answer: Answer) =>
  ({ request: async (request: ApiRequest) => answer(request) }) as unknown as Cluster;
const review = (allowed: boolean): ApiAnswer => ({ status: 201, body: { status: { allowed } } });
const empty: ApiAnswer = { status: 200, body: { items: [], metadata: {} } };
const all: Answer = ({ method }) => (method === "POST" ? review(true) : empty);

test("answers come in the order of the claims, and are told of when they are there", async () => {
  const texts = [
    "env:dev -/-> env:dev",
    "group:a can get pods",
    "a.test resolves",
    "group:a cannot get pods",
  ];
  const told: string[] = [];
  const { answers, summary } = await verify(platformOf(texts), cluster(all), {
    onAnswer: ({ claim }, { number, of }) => told.push(`${number}/${of} ${claim.text}`),
  });
  expect(answers.map(({ claim, outcome }) => `${claim.text}: ${outcome}`)).toEqual([
    "env:dev -/-> env:dev: unknown",
    "group:a can get pods: held",
    "a.test resolves: unknown",
    "group:a cannot get pods: broken",
  ]);
  expect(summary).toEqual({ held: 1, broken: 1, unknown: 2 });
  expect(told).toHaveLength(4);
  // What must not connect is asked when it is known who listens.
  expect(told.at(-1)).toBe("4/4 env:dev -/-> env:dev");
});

test("equal reviews are asked once; only asked kinds are asked", async () => {
  const paths: string[] = [];
  const counting: Answer = (request) => {
    paths.push(request.path);
    return all(request);
  };
  const texts = [
    "group:a can get pods",
    "group:a can get,list pods",
    "env:dev -> env:dev",
    "a.test resolves",
  ];
  const { answers } = await verify(platformOf(texts), cluster(counting), { only: ["access"] });
  expect(answers.map(({ claim }) => claim.text)).toEqual(texts.slice(0, 2));
  expect(paths).toEqual(Array(2).fill("/apis/authorization.k8s.io/v1/subjectaccessreviews"));
});

test("a claim of a kind that nobody knows is unknown", async () => {
  const strange = compose({ claims: [{ kind: "weather", text: "it is sunny", by: "somebody" }] });
  const { answers } = await verify(platformOf([], { also: [strange] }), cluster(all));
  expect(answers).toMatchObject([
    { outcome: "unknown", because: "nobody knows how to ask a claim of kind weather" },
  ]);
});

test("a cluster that cannot be asked at all is an error, and ends what is under way", async () => {
  const lost = new LiveError("unreachable", "no way", "is it up?");
  const failing = cluster(() => {
    throw lost;
  });
  await expect(verify(platformOf(["group:a can get pods", "env:dev -> env:dev"]), failing)).rejects.toBe(
    lost,
  );
});

test("a signal ends it before anything is asked", async () => {
  const signal = AbortSignal.abort();
  let asked = 0;
  const counting = cluster((request) => {
    asked++;
    return all(request);
  });
  await expect(verify(platformOf(["group:a can get pods"]), counting, { signal })).rejects.toMatchObject({
    code: "aborted",
  });
  expect(asked).toBe(0);
});

test("no claim is no answer", async () => {
  expect(await verify(platformOf([]), cluster(all))).toEqual({
    answers: [],
    summary: { held: 0, broken: 0, unknown: 0 },
  });
});
