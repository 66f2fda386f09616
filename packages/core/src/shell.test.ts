import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { renderRunbook, renderRunbookScript } from "./runbook.ts";
import { shellCommand, shellQuote } from "./shell.ts";

/** What a real shell makes of a command line. */
function wordsOf(line: string): string[] {
  const out = execFileSync("sh", ["-c", `for word in ${line}; do printf '%s\\0' "$word"; done`]);
  return out.toString("utf8").split("\0").slice(0, -1);
}

test("a real shell reads every word back unchanged", () => {
  const hostile = [
    "",
    " ",
    "'",
    "''",
    '"',
    "$(id)",
    "`id`",
    "a;b",
    "a\nb",
    "*",
    "~",
    "-n",
    "\\",
    "!",
    "#x",
    "a'b\"c$d`e",
    "=",
    "é",
    "\u2028",
    "&&",
    "|",
    ">x",
  ];
  expect(wordsOf(shellCommand(hostile))).toEqual(hostile);
  fc.assert(
    fc.property(
      fc.array(
        fc.string({ unit: "grapheme" }).filter((s) => !s.includes("\0")),
        { minLength: 1, maxLength: 50 },
      ),
      (words) => {
        expect(wordsOf(shellCommand(words))).toEqual(words);
      },
    ),
    { numRuns: 40, seed: 7 },
  );
});

test("NUL cannot be quoted", () => {
  expect(() => shellQuote("a\0b")).toThrow(TypeError);
});

test("texts of a step can open neither a line of the script nor a block of the runbook", () => {
  const step = {
    title: "x\nrm -rf /\n# y",
    argv: ["echo", "```\n# heading", "$(id)"] as const,
    why: "a\u2028b\r\nc",
    when: "now\n\n## Fake",
    verify: "v",
    undo: "u",
  };
  const script = renderRunbookScript("n\nid", [step]);
  expect(execFileSync("sh", ["-c", script.replace(/^cd .*$/m, ""), "sh"]).toString()).toBe(
    "```\n# heading $(id)\n",
  );
  const runbook = renderRunbook("n", [step]);
  expect(runbook.match(/^#+ .*$/gm)).toEqual(["# Runbook: n", "## 1. x rm -rf / # y", "# heading' '$(id)'"]);
  expect(runbook).toContain("````sh\n");
});
