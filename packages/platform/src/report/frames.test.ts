import type { Finding } from "@ashlar/core";
import { expect, test } from "vitest";
import { codeFrames } from "./frames.ts";
import { finding } from "./report.test-support.ts";

const about = (line: number, over: Partial<Finding> = {}) =>
  finding({
    subject: { apiVersion: "v1", kind: "ConfigMap", name: "a" },
    at: { file: "a.yaml", line, column: 1 },
    ...over,
  });
const shown = (text: string, of: Finding, others: readonly Finding[] = []) =>
  codeFrames([of, ...others], (file) => (file === "a.yaml" ? text : undefined))(of)
    .map((row) => row.text)
    .join("\n");

const SECRET = "kind: Secret\nstringData:\n  p: hunter2\n---\nkind: ConfigMap\nname: a\n";

test("the lines around a finding", () => {
  expect(shown("a\nb\nc\n", about(2))).toBe("a\nb\n^\nc");
  expect(shown("a\n", finding())).toBe("");
  expect(shown("a\n", about(1, { at: { file: "other.yaml", line: 1, column: 1 } }))).toBe("");
});

test("values of Secrets are never shown", () => {
  const secret = { apiVersion: "v1", kind: "Secret", name: "s" };
  expect(shown(SECRET, about(3, { subject: secret }))).toBe("");
  expect(shown(SECRET, about(5))).toBe("kind: ConfigMap\n^");
  expect(shown(SECRET, finding({ code: "core/no-tab", at: { file: "a.yaml", line: 3, column: 1 } }))).toBe(
    "",
  );
  const oneLine = `{"items":[{"kind":"ConfigMap"},{"kind":"Secret","data":{"p":"hunter2"}}]}${" ".repeat(99)}`;
  expect(shown(oneLine, about(1))).toBe("");
});

test("a secret in plain sight is not shown, in its own frame or in another", () => {
  const text = "env:\n- name: P\n  value: |\n    hunter2\n    hunter3\n- name: Q\n";
  const inSight = about(3, { code: "core/no-secret-in-plain-sight" });
  expect(shown(text, inSight)).toBe("");
  expect(shown(text, about(2), [inSight])).toBe("env:\n- name: P\n^\n…\n…");
  expect(shown(text, about(6), [inSight])).toBe("…\n…\n- name: Q\n^");
});
