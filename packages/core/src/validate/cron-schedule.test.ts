import { expect, test } from "vitest";
import { scheduleProblem } from "./cron-schedule.ts";

// Accepted and refused as kube-apiserver does (conformance/values holds both lists against it).

test.each([
  "0 3 * * *",
  "*/5 1-3,7 ? JAN-mar sun",
  "@daily",
  "@every 1h30m",
  "*-5 * * * *",
  ", * * * *",
  "5/5 * * * *",
])("%s is a schedule", (text) => {
  expect(scheduleProblem(text)).toBeUndefined();
});

test.each([
  ["* * * *", "expected 5 fields (minute hour day month weekday), not 4"],
  ["60 * * * *", "minute: 60 is above 59"],
  ["0 25 * * *", "hour: 25 is above 23"],
  ["0 0 0 * *", "day of month: 0 is below 1"],
  ["0 0 * * 7", "day of week: 7 is above 6"],
  ["5-1 * * * *", "minute: 5 is beyond 1"],
  ["*/0 * * * *", "minute: a step must be 1 or more"],
  ["1/2/3 * * * *", "minute: at most one slash"],
  ["1-2-3 * * * *", "minute: at most one hyphen"],
  ["a * * * *", 'minute: cannot read "a"'],
  ["@every soon", 'expected a duration like "@every 1h30m"'],
])("%s: %s", (text, problem) => {
  expect(scheduleProblem(text)).toBe(problem);
});
