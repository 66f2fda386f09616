import { formatRef, type Resource, refOf } from "@ashlar/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MISTAKES } from "../../bench/mistakes/all.ts";
import { findingsOf, verdictOn } from "../../bench/mistakes/ours.ts";
import { changedObjects, editedSet, RIGHT_FILES, rightObjects } from "../../bench/mistakes/right-set.ts";
import { acceptAll } from "../components/accept.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";

describe("the right set", () => {
  let server: ControlPlane;
  beforeAll(async () => {
    server = await startControlPlane();
  });
  afterAll(() => server?.stop());

  test("is accepted by the API server, object by object", async () => {
    expect(await acceptAll(server, rightObjects())).toEqual([]);
  });

  test("loses an object by an edit that the server refuses: then ours has an error about that object", async () => {
    const unequal: string[] = [];
    let refusals = 0;
    for (const mistake of MISTAKES) {
      const changed = changedObjects(editedSet(mistake).files);
      const errors = verdictOn(mistake).findings.filter(({ severity }) => severity === "error");
      for (const object of changed) {
        if (await isAccepted(server, object)) continue;
        refusals++;
        if (!errors.some(({ subject }) => subject && formatRef(subject) === formatRef(refOf(object))))
          unequal.push(`${mistake.id}: ${formatRef(refOf(object))}`);
      }
    }
    expect(unequal).toEqual([]);
    expect(refusals).toBeGreaterThan(150);
  });

  test("has no finding", () => {
    expect(findingsOf(RIGHT_FILES)).toEqual([]);
  });
});

describe("a planted mistake is found, with object, path and remedy", () => {
  test("there are more than 90, each with a name of its own", () => {
    expect(new Set(MISTAKES.map(({ id }) => id)).size).toBe(MISTAKES.length);
    expect(MISTAKES.length).toBeGreaterThan(90);
  });

  test.each(MISTAKES.map((mistake) => [mistake.id, mistake.what, mistake] as const))(
    "%s: %s",
    (_, __, mistake) => {
      const { findings, found } = verdictOn(mistake);
      expect(
        found,
        `expected ${JSON.stringify(mistake.expected)}, got ${JSON.stringify(findings)}`,
      ).toBeDefined();
    },
  );
});

async function isAccepted(server: ControlPlane, object: Resource): Promise<boolean> {
  const isServed = await server.collectionOf(object).then(
    () => true,
    () => false,
  );
  if (!isServed) return false;
  const answer = await server.dryRun(object);
  return answer.accepted || answer.status.reason === "AlreadyExists";
}
