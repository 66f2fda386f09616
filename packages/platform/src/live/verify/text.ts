import { printable } from "../../report/characters.ts";
import { type Paint, paint, plural } from "../../report/text.ts";
import type { VerifyAnswer, VerifyReport } from "./answer.ts";

const MARKS = { held: ["green", "✓"], broken: ["red", "✗"], unknown: ["yellow", "?"] } as const;

/**
 * One answer for people: the claim, and for one that is not held why, what was asked and what came back. Of the network also a held one
 * tells how much was asked, since that is never all.
 */
export function formatAnswer({ claim, outcome, asked, because, evidence }: VerifyAnswer, io: Paint): string {
  const [color, mark] = MARKS[outcome];
  const line = `${paint(io, color, mark)} ${printable(oneLine(claim.text))}`;
  if (outcome === "held") {
    const tried = [asked, ...evidence].map(oneLine).join("; ");
    return claim.kind === "reach" ? `${line}  ${paint(io, "dim", `(${printable(tried)})`)}` : line;
  }
  return [
    `${line}: ${outcome}: ${printable(oneLine(because ?? ""))}`,
    ...(asked === "nothing" ? [] : [`    asked: ${printable(oneLine(asked))}`]),
    ...evidence.map((text) => `    ${printable(oneLine(text))}`),
  ].join("\n");
}

/** A report for people: a line for each claim, evidence for those that are not held, and one line that sums it up. */
export function verifyText({ answers, summary }: VerifyReport, io: Paint): string {
  const lines = answers.map((answer) => formatAnswer(answer, io));
  return `${[...lines, "", summaryText({ answers, summary }, io)].join("\n")}\n`;
}

/** `12 of 14 claims held, 1 broken, 1 unknown` */
export function summaryText({ answers, summary }: VerifyReport, io: Paint): string {
  const { held, broken, unknown } = summary;
  const rest = [...(broken > 0 ? [`${broken} broken`] : []), ...(unknown > 0 ? [`${unknown} unknown`] : [])];
  const text = [`${held} of ${plural(answers.length, "claim")} held`, ...rest].join(", ");
  return paint(io, broken > 0 ? "red" : unknown > 0 ? "yellow" : "green", text);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ").trim();
}
