import { describe, expect, test } from "vitest";
import type { Resource } from "../resource.ts";
import { bothPatches, configOfPatch, withdrawnPatch } from "./patch-config.ts";

// A ServiceAccount's imagePullSecrets are one value to the API server, with one owner: what others put there must not get lost.

const account = (names: readonly string[]): Resource => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "default", namespace: "dev", uid: "u1", labels: { theirs: "x" } },
  imagePullSecrets: names.map((name) => ({ name })),
});
const patch = (names: readonly string[]): Resource => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "default", namespace: "dev", labels: { ours: "y" } },
  imagePullSecrets: names.map((name) => ({ name })),
});
const namesOf = ({ imagePullSecrets }: Resource) =>
  (imagePullSecrets as { name: string }[] | undefined)?.map(({ name }) => name);

describe("what is applied for a patch", () => {
  test("names the very object, so that none is made", () => {
    const { metadata } = configOfPatch(patch(["ours"]), account([]), undefined);
    expect(metadata).toEqual({ name: "default", namespace: "dev", labels: { ours: "y" }, uid: "u1" });
  });

  test.each<[string, string[], string[], string[] | undefined, string[]]>([
    ["others' entries stay", ["theirs"], ["ours"], undefined, ["theirs", "ours"]],
    [
      "what is there stays in its place",
      ["ours", "theirs"],
      ["new", "ours"],
      ["ours"],
      ["ours", "theirs", "new"],
    ],
    ["twice is once", ["theirs", "ours"], ["ours"], ["ours"], ["theirs", "ours"]],
    ["an entry of before that is gone goes", ["theirs", "old"], ["ours"], ["old"], ["theirs", "ours"]],
  ])("%s", (_, live, now, before, expected) => {
    const previous = before && patch(before);
    expect(namesOf(configOfPatch(patch(now), account(live), previous))).toEqual(expected);
  });
});

describe("what is applied to take it back", () => {
  test("nothing but which object it is", () => {
    expect(withdrawnPatch(patch(["ours"]), account(["ours"]), "ashlar-shop")).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: "dev", uid: "u1" },
    });
  });

  test("others' entries of a list that is one value stay", () => {
    expect(namesOf(withdrawnPatch(patch(["ours"]), account(["theirs", "ours"]), "ashlar-shop"))).toEqual([
      "theirs",
    ]);
  });
});

test("a list that somebody else owns too is told without our entries: it would keep them", () => {
  const owned = (manager: string) => {
    const object = account(["ours"]);
    const managedFields = [{ manager, operation: "Apply", fieldsV1: { "f:imagePullSecrets": {} } }];
    return { ...object, metadata: { ...object.metadata, managedFields } } as Resource;
  };
  expect(namesOf(withdrawnPatch(patch(["ours"]), owned("ashlar-other"), "ashlar-shop"))).toEqual([]);
  expect(namesOf(withdrawnPatch(patch(["ours"]), owned("ashlar-shop"), "ashlar-shop"))).toBeUndefined();
});

// After a break it is not known which of the two the target has: an entry of either is ours, not somebody else's.
test("a patch with what it was before knows the entries of both", () => {
  const both = bothPatches(patch(["old", "ours"]), patch(["ours"]));
  expect(namesOf(both)).toEqual(["old", "ours"]);
  expect(namesOf(configOfPatch(patch(["ours"]), account(["theirs", "old"]), both))).toEqual([
    "theirs",
    "ours",
  ]);
  const { imagePullSecrets: _, ...without } = patch([]);
  expect(namesOf(configOfPatch(without as Resource, account(["theirs", "old"]), both))).toEqual(["theirs"]);
});
