import { describe, expect, test } from "vitest";
import { type Finding, findingAbout, type PatchOperation } from "../finding.ts";
import type { Locate, Resource } from "../resource.ts";
import { fixTexts } from "./fix-texts.ts";

type Check = (resources: readonly Resource[], locate: Locate) => Finding[];

/** A rule with the remedy that `remedy` gives for an object. */
function rule(
  code: string,
  path: string,
  remedy: (resource: Resource) => PatchOperation[] | undefined,
): Check {
  return (resources, locate) =>
    resources.flatMap((resource) => {
      const fix = remedy(resource);
      const finding = { code, severity: "error" as const, message: code, hint: "", path };
      return fix ? [findingAbout(resource, locate, fix.length > 0 ? { ...finding, fix } : finding)] : [];
    });
}

const object = (name: string, rest: string) =>
  `apiVersion: v1\nkind: W # ${name}\nmetadata: {name: ${name}}\n${rest}`;
const noOld = rule("t/no-old", "old", (r) => ("old" in r ? [{ op: "remove", path: "/old" }] : undefined));
const both =
  (...checks: Check[]): Check =>
  (resources, locate) =>
    checks.flatMap((check) => check(resources, locate));

test("remedies are applied in every file; what has none is left; clean files keep their text", async () => {
  const needsMind = rule("t/odd", "odd", (r) => ("odd" in r ? [] : undefined));
  const files = [
    { name: "a.yaml", text: `${object("a", "old: 1\n")}---\n${object("b", "odd: 1 # keep\n")}` },
    { name: "b.yaml", text: object("c", "new: 1\n") },
    { name: "c.json", text: '{"apiVersion":"v1","kind":"W","metadata":{"name":"d"},"old":1}' },
  ];
  const result = await fixTexts(files, both(noOld, needsMind));
  expect(result.files.map(({ fixed }) => fixed)).toEqual([
    `${object("a", "")}---\n${object("b", "odd: 1 # keep\n")}`,
    files[1]!.text,
    '{"apiVersion":"v1","kind":"W","metadata":{"name":"d"}}',
  ]);
  expect(result.applied.map(({ at }) => `${at?.file}:${at?.line}`)).toEqual(["a.yaml:4", "c.json:1"]);
  expect(result.left).toMatchObject([{ code: "t/odd", at: { file: "a.yaml", line: 8 } }]);
  expect(result.refused.size).toBe(0);
  const again = await fixTexts(
    result.files.map(({ name, fixed }) => ({ name, text: fixed })),
    both(noOld, needsMind),
  );
  expect(again.applied).toEqual([]);
});

describe("several remedies of one object", () => {
  const items = rule("t/no-zero", "items", (r) => {
    const at = (r.items2 as number[]).indexOf(0);
    return at < 0 ? undefined : [{ op: "remove", path: `/items2/${at}` }];
  });
  const more = rule("t/no-nine", "items", (r) => {
    const at = (r.items2 as number[]).indexOf(9);
    return at < 0 ? undefined : [{ op: "remove", path: `/items2/${at}` }];
  });

  test("those that touch one list follow each other", async () => {
    const text = object("a", "items2:\n- 0\n- 5\n- 9\n- 0\n");
    const { files, applied } = await fixTexts([{ name: "a", text }], both(items, more));
    expect(files[0]!.fixed).toBe(object("a", "items2:\n- 5\n"));
    expect(applied).toHaveLength(3);
  });

  test("one that the text refuses does not keep the others", async () => {
    const noAnchor = rule("t/no-x", "x", (r) => ("x" in r ? [{ op: "remove", path: "/x" }] : undefined));
    const text = object("a", "x: &x 1\ny: *x\nold: 1\n");
    const result = await fixTexts([{ name: "a", text }], both(noAnchor, noOld));
    expect(result.files[0]!.fixed).toBe(object("a", "x: &x 1\ny: *x\n"));
    expect(result.applied.map(({ code }) => code)).toEqual(["t/no-old"]);
    expect([...result.refused].map(([{ code }, reason]) => [code, reason])).toEqual([
      ["t/no-x", expect.stringContaining("anchor &x")],
    ]);
  });

  test("a remedy may uncover another finding", async () => {
    const second = rule("t/second", "kind", (r) =>
      "old" in r || r.kind === "X" ? undefined : [{ op: "replace", path: "/kind", value: "X" }],
    );
    const { files, applied } = await fixTexts(
      [{ name: "a", text: object("a", "old: 1\n") }],
      both(noOld, second),
    );
    expect(files[0]!.fixed).toBe(object("a", "").replace("kind: W", "kind: X"));
    expect(applied.map(({ code }) => code)).toEqual(["t/no-old", "t/second"]);
  });

  test("remedies that undo each other end", async () => {
    const flip = rule("t/flip", "kind", (r) => [
      { op: "replace", path: "/kind", value: r.kind === "W" ? "X" : "W" },
    ]);
    const { refused, left } = await fixTexts([{ name: "a", text: object("a", "") }], flip);
    expect(left).toHaveLength(1);
    expect([...refused.values()]).toEqual(["other remedies undo it again"]);
  });
});

test("two objects of one name: each is told by its place", async () => {
  const text = `${object("a", "old: 1\n")}---\n${object("a", "")}`;
  const { files } = await fixTexts([{ name: "a", text }], noOld);
  expect(files[0]!.fixed).toBe(`${object("a", "")}---\n${object("a", "")}`);
});

test("a finding that does not tell its object is left, with the reason", async () => {
  const lost: Check = (resources) => noOld(resources, () => undefined);
  const text = `${object("a", "old: 1\n")}---\n${object("a", "old: 1\n")}`;
  const { files, refused } = await fixTexts([{ name: "a", text }], lost);
  expect(files[0]!.fixed).toBe(text);
  expect(refused.size).toBe(2);
});

test("what cannot be read is a finding, and its document keeps its text", async () => {
  const text = `${object("a", "old: 1\n")}---\nkind: [\n---\n${object("b", "old: 1\n")}`;
  const { files, left } = await fixTexts([{ name: "a", text }], noOld);
  expect(files[0]!.fixed).toBe(`${object("a", "")}---\nkind: [\n---\n${object("b", "")}`);
  expect(left).toMatchObject([{ code: "core/valid-yaml" }]);
});
