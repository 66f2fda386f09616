import { expect, test } from "vitest";
import * as z from "zod";
import { compose } from "./block.ts";
import { defineBlock } from "./define-block.ts";
import { IntentError } from "./errors.ts";

const intent = z
  .strictObject({
    name: z.string().describe("A name."),
    mode: z.enum(["on", "off"]).default("on").describe("On or off."),
    peers: z
      .record(
        z.string().regex(/^[a-z]+$/, "a lower-case word"),
        z.strictObject({ port: z.int().describe("A port.") }),
      )
      .default({})
      .describe("Peers."),
    either: z
      .union([z.string(), z.strictObject({ list: z.array(z.string()).describe("Words.") })])
      .optional()
      .describe("Text, or a list."),
  })
  .superRefine((value, ctx) => {
    if (value.name === "bad")
      ctx.addIssue({
        code: "custom",
        message: "bad name",
        path: ["name"],
        params: { code: "x/own", hint: "another" },
        input: value,
      });
  });
const block = defineBlock({
  name: "test/block",
  intent,
  build: ({ name }) => compose({ resources: [{ apiVersion: "v1", kind: "Namespace", metadata: { name } }] }),
});

test.each([
  [
    { nam: "a" },
    [
      ["nam", 'unknown field "nam"', 'did you mean "name"?'],
      ["name", expect.stringContaining("expected string"), "A name."],
    ],
  ],
  [
    { name: "a", mode: "onn" },
    [["mode", expect.stringContaining('got "onn"'), "write one of the values above"]],
  ],
  [{ name: "a", peers: { UP: { port: 1 } } }, [["peers.UP", "a lower-case word", expect.any(String)]]],
  [
    { name: "a", peers: { up: { prt: 1 } } },
    [
      ["peers.up.port", expect.any(String), "A port."],
      ["peers.up.prt", 'unknown field "prt"', 'did you mean "port"?'],
    ],
  ],
  [
    { name: "a", either: { list: [1] } },
    [["either.list[0]", expect.stringContaining("expected string"), expect.any(String)]],
  ],
  [{ name: "bad" }, [["name", "bad name", "another"]]],
  [null, [["", expect.stringContaining("expected object"), expect.any(String)]]],
])("%j: every problem with its path and remedy", (input, expected) => {
  const result = block.safe(input);
  expect(result.ok).toBe(false);
  if (result.ok) return;
  const found = [...result.findings]
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map((f) => [f.path, f.message, f.hint]);
  expect(found).toEqual(expected);
});

test("codes are the package's, or the refinement's own", () => {
  const codes = (input: unknown) => {
    const result = block.safe(input);
    return result.ok ? [] : result.findings.map((f) => f.code);
  };
  expect(codes({})).toEqual(["test/valid-intent"]);
  expect(codes({ name: "bad" })).toEqual(["x/own"]);
});

test("the builder throws one error with all findings", () => {
  const build = () => block({ nam: "a", mode: "no" } as never);
  expect(build).toThrow(IntentError);
  expect(build).toThrow(/mode: Invalid option[\s\S]*nam: unknown field/);
});
