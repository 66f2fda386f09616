import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PatchOperation } from "../finding.ts";
import { applyJsonPatch } from "./apply-json-patch.ts";
import { jsonPatchBetween } from "./json-patch-between.ts";
import { formatPointer, parsePointer } from "./json-pointer.ts";
import { sameJson } from "./same-json.ts";

const json = fc.jsonValue({ maxDepth: 4 });

function frozen(value: unknown): unknown {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

// Appendix A of RFC 6902, less `move` and `copy`.
const RFC: [string, unknown, PatchOperation[], unknown][] = [
  ["A.1 member", { foo: "bar" }, [{ op: "add", path: "/baz", value: "qux" }], { baz: "qux", foo: "bar" }],
  [
    "A.2 item",
    { foo: ["bar", "baz"] },
    [{ op: "add", path: "/foo/1", value: "qux" }],
    { foo: ["bar", "qux", "baz"] },
  ],
  ["A.3 removing a member", { baz: "qux", foo: "bar" }, [{ op: "remove", path: "/baz" }], { foo: "bar" }],
  [
    "A.4 removing an item",
    { foo: ["bar", "qux", "baz"] },
    [{ op: "remove", path: "/foo/1" }],
    { foo: ["bar", "baz"] },
  ],
  [
    "A.5 replacing",
    { baz: "qux", foo: "bar" },
    [{ op: "replace", path: "/baz", value: "boo" }],
    { baz: "boo", foo: "bar" },
  ],
  [
    "A.8 testing, success",
    { baz: "qux", foo: ["a", 2, "c"] },
    [
      { op: "test", path: "/baz", value: "qux" },
      { op: "test", path: "/foo/1", value: 2 },
    ],
    { baz: "qux", foo: ["a", 2, "c"] },
  ],
  ["A.9 testing, error", { baz: "qux" }, [{ op: "test", path: "/baz", value: "bar" }], undefined],
  [
    "A.10 nested",
    { foo: "bar" },
    [{ op: "add", path: "/child", value: { grandchild: {} } }],
    { foo: "bar", child: { grandchild: {} } },
  ],
  ["A.12 no parent", { foo: "bar" }, [{ op: "add", path: "/baz/bat", value: "qux" }], undefined],
  ["A.14 ~ escapes", { "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: 10 }], { "/": 9, "~1": 10 }],
  ["A.15 text is no number", { "/": 9, "~1": 10 }, [{ op: "test", path: "/~01", value: "10" }], undefined],
  [
    "A.16 a list as an item",
    { foo: ["bar"] },
    [{ op: "add", path: "/foo/-", value: ["abc", "def"] }],
    { foo: ["bar", ["abc", "def"]] },
  ],
];

describe("the examples of RFC 6902", () => {
  test.each(RFC)("%s", (_name, before, patch, after) => {
    const result = applyJsonPatch(frozen(before), patch);
    if (after === undefined) expect(result.ok).toBe(false);
    else expect(result).toEqual({ ok: true, value: after });
  });
});

describe("corners", () => {
  test.each<[string, unknown, PatchOperation]>([
    ["leading zero", [1, 2], { op: "remove", path: "/01" }],
    ["past the end", [1], { op: "add", path: "/2", value: 0 }],
    ["- is no item", [1], { op: "remove", path: "/-" }],
    ["a member of a text", "abc", { op: "test", path: "/length", value: 3 }],
    ["an inherited member", {}, { op: "remove", path: "/toString" }],
    ["no pointer", { a: 1 }, { op: "remove", path: "a" }],
    ["half an escape", { "a~": 1 }, { op: "remove", path: "/a~" }],
    ["the whole value", { a: 1 }, { op: "remove", path: "" }],
    ["replacing nothing", { a: 1 }, { op: "replace", path: "/b", value: 1 }],
  ])("%s does not apply", (_name, value, operation) => {
    expect(applyJsonPatch(value, [operation])).toMatchObject({ ok: false, findings: [{ path: "[0]" }] });
  });

  test("the whole value, the end of a list, empty keys and __proto__", () => {
    expect(applyJsonPatch(1, [{ op: "replace", path: "", value: 2 }])).toEqual({ ok: true, value: 2 });
    expect(applyJsonPatch([1], [{ op: "add", path: "/1", value: 2 }])).toEqual({ ok: true, value: [1, 2] });
    expect(applyJsonPatch({ "": 1 }, [{ op: "remove", path: "/" }])).toEqual({ ok: true, value: {} });
    const result = applyJsonPatch({}, [{ op: "add", path: "/__proto__", value: { polluted: true } }]);
    expect(result.ok && Object.keys(result.value as object)).toEqual(["__proto__"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test("all or nothing: the operation that fails is named, the value is as it was", () => {
    const value = frozen({ a: [1, 2] });
    const result = applyJsonPatch(value, [
      { op: "remove", path: "/a/0" },
      { op: "remove", path: "/a/7" },
    ]);
    expect(result).toMatchObject({ ok: false, findings: [{ path: "[1]", code: "core/valid-patch" }] });
    expect(value).toEqual({ a: [1, 2] });
  });
});

describe("properties", () => {
  test("the patch between two values makes the one of the other, and changes neither", () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const patch = jsonPatchBetween(frozen(before), frozen(after));
        const result = applyJsonPatch(before, frozen(patch) as PatchOperation[]);
        expect(result.ok && sameJson(result.value, after)).toBe(true);
        expect(patch.length === 0).toBe(sameJson(before, after));
      }),
      { numRuns: 500 },
    );
  });

  test("what is added can be tested for and removed again", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), json), fc.string(), json, (object, key, value) => {
        const path = formatPointer([key]);
        const added = applyJsonPatch(object, [
          { op: "add", path, value },
          { op: "test", path, value },
          { op: "remove", path },
        ]);
        const rest = Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
        expect(added.ok && sameJson(added.value, rest)).toBe(true);
      }),
    );
  });

  test("pointers are read back, and whatever text is a pointer never throws", () => {
    fc.assert(
      fc.property(fc.array(fc.string()), json, fc.string(), (keys, value, text) => {
        expect(parsePointer(formatPointer(keys))).toEqual(keys);
        for (const op of ["add", "replace", "test"] as const)
          applyJsonPatch(value, [{ op, path: text, value: 1 }]);
        applyJsonPatch(value, [{ op: "remove", path: text }]);
      }),
    );
  });
});
