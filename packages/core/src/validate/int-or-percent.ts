import { quoted, type Report } from "./report.ts";

const PERCENT = /^[0-9]+%$/;

/** Reports what is neither a number from 0 nor a percentage. Absent is fine. */
export function checkIntOrPercent(value: unknown, path: string, report: Report): void {
  if (typeof value === "number" && value < 0)
    report(path, `it must be 0 or more, not ${value}`, "write a number or a percentage like 25%");
  if (typeof value === "string" && !PERCENT.test(value))
    report(
      path,
      `${quoted(value)} is neither a number nor a percentage`,
      /^[0-9]{1,9}$/.test(value)
        ? `write ${value} without quotes, or "${value}%"`
        : "write a number like 1, or a percentage like 25%",
    );
}

/** Reports more than 100%. */
export function checkAtMostAll(value: unknown, path: string, report: Report): void {
  if (typeof value === "string" && PERCENT.test(value) && intOrPercent(value) > 100)
    report(path, `it must be at most 100%, not ${quoted(value)}`, "write at most 100%");
}

/** The number in front of the percent sign, or the number itself; 0 for anything else. */
export function intOrPercent(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !/^[+-]?[0-9]+%?$/.test(value)) return 0;
  return Number.parseInt(value, 10);
}
