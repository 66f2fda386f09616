import { scheduleProblem } from "./cron-schedule.ts";
import { type Fields, fieldsOf, flagOf, has, numberOf, optionalText, textOf } from "./fields.ts";
import { checkJobSpec } from "./job.ts";
import { effectiveName } from "./object-meta.ts";
import { checkNotNegative, checkOneOf, missing, quoted, type Report } from "./report.ts";

const MAX_NAME = 52;

/** Reports what the API server refuses in a CronJob beyond its metadata (batch ValidateCronJobCreate). */
export function checkCronJob(cronJob: Fields, report: Report): void {
  const spec = fieldsOf(cronJob, "spec") ?? {};
  checkSchedule(textOf(spec, "schedule"), "spec.schedule", report);
  const zone = optionalText(spec, "timeZone");
  if (zone !== undefined) checkTimeZone(zone, "spec.timeZone", report);
  for (const field of ["startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit"])
    checkNotNegative(numberOf(spec, field), `spec.${field}`, report);
  const concurrency = textOf(spec, "concurrencyPolicy");
  if (concurrency !== "")
    checkOneOf(concurrency, ["Allow", "Forbid", "Replace"], "spec.concurrencyPolicy", report);
  const job = fieldsOf(fieldsOf(spec, "jobTemplate") ?? {}, "spec") ?? {};
  checkJobSpec(job, "spec.jobTemplate.spec", report);
  if (has(job, "selector"))
    report("spec.jobTemplate.spec.selector", "the server makes the selector of a Job", "remove it");
  if (flagOf(job, "manualSelector"))
    report("spec.jobTemplate.spec.manualSelector", "the server makes the selector of a Job", "remove it");
  if (effectiveName(fieldsOf(cronJob, "metadata") ?? {}).length > MAX_NAME)
    report(
      "metadata.name",
      `the name of a CronJob has at most ${MAX_NAME} characters: its Jobs get 11 more`,
      "write a shorter name",
    );
}

function checkSchedule(schedule: string, path: string, report: Report): void {
  if (schedule === "") {
    missing(report, path, 'write a schedule like "0 3 * * *": minute hour day month weekday');
    return;
  }
  if (schedule.includes("TZ"))
    report(path, `${quoted(schedule)} holds a time zone`, "write it into spec.timeZone");
  else {
    const problem = scheduleProblem(schedule);
    if (problem !== undefined)
      report(
        path,
        `${quoted(schedule)} is no schedule: ${problem}`,
        'write minute hour day month weekday, like "0 3 * * *"',
      );
  }
}

function checkTimeZone(zone: string, path: string, report: Report): void {
  if (!isTimeZone(zone))
    report(
      path,
      `${quoted(zone)} is no time zone`,
      "write a name of the IANA list, like Europe/Berlin or Etc/UTC",
    );
}

function isTimeZone(zone: string): boolean {
  const parts = zone.split("/");
  if (
    parts.some((part) => !/^[A-Za-z._0-9+][A-Za-z._0-9+-]{0,13}$/.test(part) || part === "." || part === "..")
  )
    return false;
  if (zone.startsWith("+") || zone.toLowerCase() === "local") return false;
  const seen = known.get(zone);
  if (seen !== undefined) return seen;
  if (known.size >= MAX_KNOWN) known.clear();
  const isKnown = hasRules(zone);
  known.set(zone, isKnown);
  return isKnown;
}

/** To look up a zone costs more than all else in a CronJob. */
const known = new Map<string, boolean>();
const MAX_KNOWN = 1000;

function hasRules(zone: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions();
    // JavaScript takes any case, the server looks for a file.
    return timeZone === zone || timeZone.toLowerCase() !== zone.toLowerCase();
  } catch {
    return false;
  }
}
