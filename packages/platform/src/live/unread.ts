import type { Finding } from "@ashlar/core";
import type { Question } from "./live-kinds.ts";

export const NO_UNREAD_KIND = "platform/no-unread-kind";

/** A kind that could not be listed, so that what hangs on it is unknown. */
export interface Unread {
  /** `networkpolicies.networking.k8s.io` */
  readonly resource: string;
  readonly question: Question;
  /** The server's words. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

/** What could not be read, as findings. */
export function findingsOfUnread(unread: readonly Unread[], severity: Finding["severity"]): Finding[] {
  return [...new Map(unread.map((one) => [one.resource, one])).values()].map(
    ({ resource, message, hint }) => ({
      code: NO_UNREAD_KIND,
      severity,
      message: `what hangs on ${resource} is unknown: ${message}`,
      hint,
      path: "",
    }),
  );
}
