import type { Place, ResourceRef } from "@ashlar/core";
import type { DnsRecord, Forwarded } from "./record.ts";

/**
 * `answer`: there are records. `nodata`: the name exists, without records of the type. `nxdomain`: it does not exist. `forwarded`: another
 * server says. `refused`, `servfail`: an error. `no-reply`: nothing is sent, and who asks waits. `unknown`: a fact is missing.
 */
export type DnsOutcome =
  | "answer"
  | "nodata"
  | "nxdomain"
  | "forwarded"
  | "refused"
  | "servfail"
  | "no-reply"
  | "unknown";

/** Who answers a question, and what. */
export interface DnsVerdict {
  /** The name that was asked last, fully qualified: of a search list the one that decided. */
  readonly name: string;
  readonly type: string;
  readonly outcome: DnsOutcome;
  /** As in the message: `NOERROR`, `NXDOMAIN`. Without meaning where the outcome is `forwarded` or `unknown`. */
  readonly rcode: string;
  /** The answer section. Aliases come before what they stand for. */
  readonly records: readonly DnsRecord[];
  /** The additional section. */
  readonly additional: readonly DnsRecord[];
  /** The server block that takes the question. */
  readonly server?: { readonly key: string; readonly at: Place };
  /** The plugin that answers, or at which the question ended. */
  readonly plugin: string;
  /** The objects that the answer was made of. */
  readonly evidence: readonly ResourceRef[];
  /** Servers that are asked for the answer or for the rest of it. */
  readonly upstream: readonly string[];
  /** The questions that they are asked. */
  readonly forwarded: readonly Forwarded[];
  /** The names that the search list makes of the name, in order, up to the one that decided. */
  readonly tried: readonly { readonly name: string; readonly outcome: DnsOutcome }[];
  /** Why: the fact that is missing, or what made it fail. */
  readonly why?: string;
  /** One line for people. */
  readonly text: string;
}
