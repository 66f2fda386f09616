import { type Fields, fieldsOf, numberOf } from "./fields.ts";
import { checkNotNegative, type Report } from "./report.ts";

/** Reports what the API server refuses in a Lease beyond its metadata. It drops `strategy` and `preferredHolder` by default. */
export function checkLease(lease: Fields, report: Report): void {
  const spec = fieldsOf(lease, "spec") ?? {};
  const seconds = numberOf(spec, "leaseDurationSeconds");
  if (seconds !== undefined && seconds <= 0)
    report(
      "spec.leaseDurationSeconds",
      `a lease is for 1 second or more, not ${seconds}`,
      "write how many seconds",
    );
  checkNotNegative(numberOf(spec, "leaseTransitions"), "spec.leaseTransitions", report);
}
