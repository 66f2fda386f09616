import { type Finding, once, type Place } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { subjectProblem } from "./subject.ts";

/** A finding that is taken as it is, and why. */
export interface Suppression {
  /** The finding's code: `network-policy/no-cni-deviation`. */
  readonly code: string;
  /** The object that it is about, `prod/NetworkPolicy/closed` or `ClusterRole/admin`. Absent: every object. */
  readonly subject?: string | undefined;
  /** The field that it is about, or one around it: `spec.ingress[0]`. Absent: every field. */
  readonly path?: string | undefined;
  /** Why it is right to leave it so. */
  readonly because: string;
  /** The last day on which it holds, `YYYY-MM-DD`. Absent: for good. */
  readonly until?: string | undefined;
}

/** Codes of findings about suppressions themselves: no suppression and no baseline takes them out. */
export const SUPPRESSION_CODES = [
  "platform/expired-suppression",
  "platform/unused-suppression",
  "platform/valid-suppression",
] as const;

/** A suppression and where it was written. */
export interface PlacedSuppression {
  readonly entry: Suppression;
  /** `suppress[2]` of a platform file, `[2]` of a file of suppressions. */
  readonly path: string;
  readonly at?: Place;
  /** Where its `until` was written. */
  readonly untilAt?: Place;
}

/** A finding that does not count, and what says so. */
export interface SuppressedFinding {
  readonly finding: Finding;
  readonly suppression: Suppression;
}

export const suppression = once(() =>
  z.strictObject({
    code: z
      .string()
      .regex(
        /^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/,
        "expected the code of a finding, such as core/unique-resource",
      )
      .describe("The code that the finding shows: core/unique-resource."),
    subject: z
      .string()
      .superRefine((text, ctx) => {
        const problem = subjectProblem(text);
        if (problem)
          ctx.addIssue({
            code: "custom",
            message: problem.message,
            params: { hint: problem.hint },
            input: text,
          });
      })
      .optional()
      .describe("The object: prod/NetworkPolicy/closed, ClusterRole/admin. Default: every object."),
    path: z
      .string()
      .min(1, "expected the path of a field, got nothing")
      .optional()
      .describe("The field, or one around it: spec.ingress[0]. Default: every field."),
    because: z
      .string()
      .regex(/\S/, "expected a reason, got nothing")
      .describe("Why the finding is right as it is: a sentence for whoever reads it next."),
    until: z
      .string()
      .refine(isDay, "expected a day of the calendar as YYYY-MM-DD")
      .optional()
      .describe("The last day on which it holds, YYYY-MM-DD. Default: for good."),
  }),
);

export const suppressionList = once(() => z.array(suppression()).readonly());

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a text is a day of the Gregorian calendar as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const [, year, month, day] = (/^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && isLeap ? 29 : (DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days;
}
