import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");
const FIXTURE = join(import.meta.dirname, "fixtures", "mistakes.ts");

/** The compiler's messages by line of the fixture. */
function compile(): Map<number, string> {
  const folder = mkdtempSync(join(tmpdir(), "ashlar-types-"));
  const project = join(folder, "tsconfig.json");
  writeFileSync(
    project,
    JSON.stringify({
      extends: join(ROOT, "tsconfig.base.json"),
      compilerOptions: { noEmit: true, types: [] },
      files: [FIXTURE],
    }),
  );
  try {
    execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", project, "--pretty", "false"], {
      encoding: "utf8",
    });
    return new Map();
  } catch (error) {
    const messages = new Map<number, string>();
    let line = 0;
    for (const text of (error as { readonly stdout: string }).stdout.split("\n")) {
      const start = /mistakes\.ts\((\d+),\d+\): /.exec(text);
      if (start) line = Number(start[1]);
      messages.set(line, `${messages.get(line) ?? ""}${text}\n`);
    }
    messages.delete(0);
    return messages;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const messages = compile();
const lines = readFileSync(FIXTURE, "utf8").split("\n");
const marked = lines.flatMap((line, i) => {
  const match = /\/\/ error: (.*)$/.exec(line);
  return match ? [{ line: i + 1, text: match[1] as string }] : [];
});

test.each(marked)("mistakes.ts line $line is refused: $text", ({ line, text }) => {
  expect(messages.get(line)).toContain(text);
});

test("at least eight mistakes are pinned, and no right line is refused", () => {
  expect(marked.length).toBeGreaterThanOrEqual(8);
  const wrong = [...messages].filter(([line]) => !marked.some((m) => m.line === line));
  expect(wrong).toEqual([]);
});
