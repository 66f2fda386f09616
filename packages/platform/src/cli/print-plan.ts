import { formatRef, type Proof, sortFindings } from "@ashlar/core";
import type { PlanAction, PlanItem } from "@ashlar/core/live";
import { brokenClaims, type PlatformPlan } from "../live/plan.ts";
import type { Io } from "./io.ts";
import { formatFieldChange, printMeaning } from "./print-meaning.ts";
import { formatFinding, paint, plural, printable } from "./text.ts";

const SIGNS = { create: "+", change: "~", none: " ", prune: "-", withdraw: "~" } as const;
const COLORS = { create: "green", change: "yellow", none: "dim", prune: "red", withdraw: "yellow" } as const;

/** What would change, what it means, and what would not hold. */
export function printPlan(plan: PlatformPlan, to: Io): void {
  const text: string[] = [];
  // At once: thousands of small writes to a pipe take longer than the plan.
  const io = { ...to, out: (part: string) => void text.push(part) };
  for (const item of plan.objects.items) if (isTold(item)) printItem(item, plan, io);
  for (const note of plan.objects.notes) io.out(`${paint(io, "yellow", printable(`! ${note}`))}\n`);
  if (isChange(plan)) printMeaning(plan.meaning, io);
  printClaims(plan, io);
  io.out(`\n${printable(planSummary(plan))}\n`);
  to.out(text.join(""));
}

/** Whether the plan does anything, or leaves anything undone. */
export function isChange({ objects, meaning }: PlatformPlan): boolean {
  const isSame = objects.items.every((item) => item.action === "none" && !isBlocked(item));
  return !isSame || Object.values(meaning).some(({ length }) => length > 0);
}

/** What is as it is and has nothing to be said about is left out. */
function isTold(item: PlanItem): boolean {
  return item.action !== "none" || isBlocked(item) || item.notes.length > 0;
}

export function isBlocked({ refusal, conflicts }: PlanItem): boolean {
  return refusal !== undefined || conflicts.length > 0;
}

function printItem(item: PlanItem, { prune }: PlatformPlan, io: Io): void {
  const { action, what, ref, fields, conflicts, refusal, adoptedFrom = [], notes } = item;
  const told =
    action === "prune" && !prune
      ? " is no longer of this platform: --prune removes it"
      : action === "withdraw"
        ? ": the patch is taken back"
        : what === "patch"
          ? " (patch)"
          : "";
  io.out(`${paint(io, COLORS[action], printable(`${SIGNS[action]} ${formatRef(ref)}`))}${told}\n`);
  if (adoptedFrom.length > 0) io.out(`    ${printable(`until now of ${adoptedFrom.join(", ")}`)}\n`);
  for (const field of fields) io.out(`    ${printable(formatFieldChange(field))}\n`);
  for (const note of notes) io.out(`    ${printable(note)}\n`);
  for (const { path, manager } of conflicts)
    io.out(`    ${paint(io, "red", printable(`conflict: ${path} is owned by ${manager}`))}\n`);
  if (refusal)
    io.out(`    ${paint(io, "red", printable(`refused: ${refusal.reason}: ${refusal.message}`))}\n`);
}

function printClaims(plan: PlatformPlan, io: Io): void {
  const broken = brokenClaims(plan);
  const unknown = plan.proofs.filter(({ outcome }) => outcome === "unknown");
  if (broken.length + unknown.length > 0) io.out("\nClaims:\n");
  for (const proof of broken)
    io.out(`  ${paint(io, "red", printable(`✗ ${proof.claim.text}`))}${because(proof)}\n`);
  for (const proof of unknown)
    io.out(`  ${paint(io, "yellow", printable(`? ${proof.claim.text}`))}${because(proof)}\n`);
}

function because({ findings }: Proof): string {
  const [first] = sortFindings(findings);
  return first === undefined
    ? ""
    : `\n    ${printable(formatFinding(first, { color: false }).split("\n").join("\n    "))}`;
}

/** One line: what applying would do. */
function planSummary({ objects, proofs, prune }: PlatformPlan): string {
  const count = (...actions: PlanAction[]) =>
    objects.items.filter((item) => actions.includes(item.action) && !isBlocked(item)).length;
  const blocked = objects.items.filter(isBlocked).length;
  const outcome = (name: Proof["outcome"]) => proofs.filter((proof) => proof.outcome === name).length;
  const parts = [
    `${count("create")} to create`,
    `${count("change", "withdraw")} to change`,
    `${count("none")} as they are`,
    ...(count("prune") > 0 ? [`${count("prune")} ${prune ? "to prune" : "not pruned"}`] : []),
    ...(blocked > 0 ? [`${blocked} refused or in conflict`] : []),
  ];
  const claims = `${outcome("proved")} of ${plural(proofs.length, "claim")} will hold`;
  return `${parts.join(", ")}; ${claims}.`;
}

/** The plan as JSON. */
export function planJson(plan: PlatformPlan) {
  const { objects, meaning, proofs, unread, prune } = plan;
  return {
    context: objects.context,
    objects: objects.items.filter(isTold),
    notes: objects.notes,
    ...meaning,
    claims: proofs.map(({ claim, outcome, findings }) => ({ claim: claim.text, outcome, findings })),
    unread,
    prune,
  };
}
