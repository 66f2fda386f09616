import { shellCommand } from "./shell.ts";
import type { Step } from "./step.ts";

/** The steps for people: markdown, one section a step, its command quoted. */
export function renderRunbook(name: string, steps: readonly Step[]): string {
  const sections = steps.map((step, i) =>
    [
      `## ${i + 1}. ${oneLine(step.title)}`,
      "",
      oneLine(step.why),
      "",
      ...fence(shellCommand(step.argv)),
      "",
      `- When: ${oneLine(step.when)}`,
      `- It worked when: ${oneLine(step.verify)}`,
      ...(step.undo === undefined ? [] : [`- Undo: ${oneLine(step.undo)}`]),
      "",
    ].join("\n"),
  );
  const body = sections.length > 0 ? sections.join("\n") : "Nothing to do by hand.\n";
  return `# Runbook: ${oneLine(name)}\n\n${body}`;
}

/** The steps as one POSIX shell script that stops at the first failure. */
export function renderRunbookScript(name: string, steps: readonly Step[]): string {
  const lines = steps.flatMap((step, i) => [
    "",
    `# ${i + 1}. ${oneLine(step.title)}`,
    `# ${oneLine(step.why)}`,
    shellCommand(step.argv),
  ]);
  return `${["#!/bin/sh", `# Runbook: ${oneLine(name)}`, "set -eu", 'cd -- "$(dirname -- "$0")"', ...lines].join("\n")}\n`;
}

/** A code block whose fence is longer than any run of backticks inside. */
function fence(code: string): string[] {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map((m) => m[0].length));
  const ticks = "`".repeat(longest + 1);
  return [`${ticks}sh`, code, ticks];
}

/** Comments and headings end at the line; nothing in a text may open another one. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}
