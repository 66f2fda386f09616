import type { ResourceRef } from "@ashlar/core";

/** A resource record of an answer. */
export interface DnsRecord {
  /** Lower case, with the dot at the end. */
  readonly name: string;
  readonly type: string;
  /** Seconds, before any cache; absent where it is not known. */
  readonly ttl?: number;
  /** As in a zone file: `10.96.0.10`, `0 100 80 web.my.svc.cluster.local.`. Absent: the cluster chooses it (a cluster IP). */
  readonly data?: string;
}

/** What is asked: a name in lower case with the dot at the end, and a type in upper case. */
export interface Question {
  readonly name: string;
  readonly type: string;
}

/** A question that leaves this server. */
export interface Forwarded extends Question {
  /** Servers that may be asked, as CoreDNS writes them: `10.0.0.2:53`, `tls://9.9.9.9:853`. */
  readonly upstream: readonly string[];
}

export type Rcode = "NOERROR" | "FORMERR" | "SERVFAIL" | "NXDOMAIN" | "NOTIMP" | "REFUSED" | (string & {});

/** What a plugin chain makes of a question. */
export interface Reply {
  readonly rcode: Rcode;
  readonly answer: readonly DnsRecord[];
  /** The additional section. */
  readonly extra: readonly DnsRecord[];
  /** The plugin that wrote it, or at which the question ended. */
  readonly plugin: string;
  /** The objects that the answer was made of. */
  readonly evidence: readonly ResourceRef[];
  /** Questions whose answers belong here and that another server answers. */
  readonly forwarded: readonly Forwarded[];
  /**
   * `own`: the answer is all here, but for what `forwarded` adds to it. `forwarded`: another server's reply is passed on.
   * `unknown`: a fact is missing, `why` says which. `none`: nothing is sent.
   */
  readonly kind: "own" | "forwarded" | "unknown" | "none";
  readonly why?: string;
}

const NOTHING: readonly never[] = [];

/** A reply without records. */
export function emptyReply(
  rcode: Rcode,
  plugin: string,
  evidence: readonly ResourceRef[] = NOTHING,
  why?: string,
): Reply {
  const reply: Reply = {
    rcode,
    answer: NOTHING,
    extra: NOTHING,
    plugin,
    evidence,
    forwarded: NOTHING,
    kind: "own",
  };
  return why === undefined ? reply : { ...reply, why };
}

/** A reply that hangs on a fact that is not known. */
export function unknownReply(plugin: string, why: string, evidence: readonly ResourceRef[] = NOTHING): Reply {
  return {
    rcode: "NOERROR",
    answer: NOTHING,
    extra: NOTHING,
    plugin,
    evidence,
    forwarded: NOTHING,
    kind: "unknown",
    why,
  };
}
