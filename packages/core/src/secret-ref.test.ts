import { expect, test } from "vitest";
import { secretRef } from "./secret-ref.ts";

test.each([
  { from: "env", name: "REGISTRY_PASSWORD" },
  { from: "file", path: "secrets/registry" },
  { from: "command", argv: ["pass", "show", "registry"] },
  { from: "generated", bytes: 32 },
])("a reference: %j", (ref) => {
  expect(secretRef().parse(ref)).toEqual(ref);
});

test.each([
  "a password",
  { from: "env", name: "not a name" },
  { from: "env", name: "A", value: "a password" },
  { from: "file", path: "" },
  { from: "command", argv: [] },
  { from: "generated", bytes: 4 },
  { from: "value", value: "a password" },
])("no reference: %j", (ref) => {
  expect(secretRef().safeParse(ref).success).toBe(false);
});
