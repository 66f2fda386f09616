import { type Fields, fieldsOf, numberOf } from "./fields.ts";
import { checkNotNegative, missing, type Report } from "./report.ts";

/** Reports what the API server refuses in a ControllerRevision beyond its metadata. */
export function checkControllerRevision(revision: Fields, report: Report): void {
  checkNotNegative(numberOf(revision, "revision"), "revision", report);
  if (fieldsOf(revision, "data") === undefined)
    missing(report, "data", "write the state that the revision keeps, as a mapping");
}
