import { describe, expect, test } from "vitest";
import type { ApiAnswer, ApiRequest, Cluster } from "./cluster.ts";
import type { ApiType } from "./discovery.ts";
import { applyObject, conflictsOf, deleteObject, listObjects, refusalOf } from "./objects.ts";

// What only a server in a rare state answers. The rest is held against the real one in conformance/suites/live-*.test.ts.

const PODS: ApiType = {
  group: "",
  version: "v1",
  kind: "Pod",
  resource: "pods",
  namespaced: true,
  verbs: [],
};

function answering(answers: readonly ApiAnswer[]) {
  const asked: ApiRequest[] = [];
  const request = async (one: ApiRequest) => {
    asked.push(one);
    const answer = answers[asked.length - 1];
    if (answer === undefined) throw new Error("one request too many");
    return answer;
  };
  return { asked, cluster: { request } as unknown as Cluster };
}

const page = (names: readonly string[], next = ""): ApiAnswer => ({
  status: 200,
  body: {
    metadata: { continue: next },
    items: names.map((name) => ({ metadata: { name, namespace: "a" } })),
  },
});
const EXPIRED: ApiAnswer = { status: 410, body: { kind: "Status", reason: "Expired", message: "too old" } };
const CONFLICT: ApiAnswer = {
  status: 409,
  body: { reason: "Conflict", message: "the object has been modified" },
};

test("a list is read page by page, and what it holds has its kind", async () => {
  const { cluster, asked } = answering([page(["x"], "2"), page(["y"])]);
  const found = await listObjects(cluster, PODS, { namespace: "a", labelSelector: "app=x" });
  expect(found).toEqual(
    ["x", "y"].map((name) => ({ apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "a" } })),
  );
  expect(asked.map(({ path, query }) => [path, query])).toEqual([
    ["/api/v1/namespaces/a/pods", { limit: "500", labelSelector: "app=x" }],
    ["/api/v1/namespaces/a/pods", { limit: "500", continue: "2", labelSelector: "app=x" }],
  ]);
});

test("a list that expires half-way is read again from its beginning, and nothing of before is taken", async () => {
  const { cluster } = answering([page(["gone"], "2"), EXPIRED, page(["x"], "2"), page(["y"])]);
  expect((await listObjects(cluster, PODS)).map(({ metadata }) => metadata.name)).toEqual(["x", "y"]);
});

test("a list that expires for ever ends", async () => {
  const { cluster } = answering(Array.from({ length: 5 }, () => EXPIRED));
  await expect(listObjects(cluster, PODS)).rejects.toMatchObject({ code: "server-error" });
});

test("an apply that lost a race of the server's own is sent again; a conflict of managers is not", async () => {
  const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "x", namespace: "a" } };
  const race = answering([CONFLICT, { status: 409, body: { reason: "AlreadyExists" } }, page([])]);
  expect((await applyObject(race.cluster, PODS, object)).status).toBe(200);
  const causes = [
    {
      reason: "FieldManagerConflict",
      field: ".spec.replicas",
      message: 'conflict with "helm" using apps/v1',
    },
    { reason: "FieldManagerConflict", field: '.metadata.labels["a b"]', message: "conflict with nobody" },
  ];
  const managers = answering([{ status: 409, body: { reason: "Conflict", details: { causes } } }]);
  const answer = await applyObject(managers.cluster, PODS, object);
  expect(conflictsOf(answer.body)).toEqual([
    { path: "spec.replicas", manager: "helm" },
    { path: 'metadata.labels["a b"]', manager: "somebody else" },
  ]);
});

test("a refusal never repeats a secret", () => {
  const body = { reason: "Invalid", message: "s3cr3t-value and czNjcjN0LXZhbHVl are wrong" };
  expect(refusalOf({ status: 422, body }, ["s3cr3t-value", "czNjcjN0LXZhbHVl", ""])).toEqual({
    reason: "Invalid",
    message: "… and … are wrong",
  });
});

test("an admission's words about a Secret may hold its value in another form", () => {
  const told = (message: string) => refusalOf({ status: 403, body: { message } }, ["aGlkZGVu"]).message;
  expect(told(`admission webhook "p.example.com" denied the request: 'S3CR3T is weak'`)).toBe(
    `admission webhook "p.example.com" denied the request (its words may hold a value)`,
  );
  expect(told("ValidatingAdmissionPolicy 'p' with binding 'b' denied request: s3c…")).toBe(
    "ValidatingAdmissionPolicy 'p' with binding 'b' denied request (its words may hold a value)",
  );
  expect(told(".data.p: expected string, got &value.valueUnstructured{Value:90817263}")).toBe(
    ".data.p: expected string",
  );
});

describe("a deletion that lost a race", () => {
  const object = { apiVersion: "v1", kind: "Pod", metadata: { name: "x", namespace: "a", uid: "u1" } };
  const listed = (uid: string): ApiAnswer => ({
    status: 200,
    body: { metadata: {}, items: [{ metadata: { name: "x", namespace: "a", uid } }] },
  });

  test("is sent again while it is the same object", async () => {
    const same = answering([CONFLICT, listed("u1"), { status: 200, body: {} }]);
    expect((await deleteObject(same.cluster, PODS, object, () => true))?.status).toBe(200);
  });

  test("is done when it is another one", async () => {
    const other = answering([CONFLICT, listed("u2")]);
    expect((await deleteObject(other.cluster, PODS, object, () => true))?.status).toBe(404);
  });

  test("is given up when it may no longer be deleted", async () => {
    const taken = answering([CONFLICT, listed("u1")]);
    expect(await deleteObject(taken.cluster, PODS, object, () => false)).toBeUndefined();
  });
});
