import { emptyReply, type Question, type Reply, unknownReply } from "./record.ts";

/** A question on its way through a server. */
export interface Ask extends Question {
  /** The server that was asked: names that answers point to are asked of it again. */
  readonly serve: (ask: Ask) => Reply;
  readonly client: Client;
  /** How many questions led to this one. */
  readonly depth: number;
  /** How many aliases of zone files led to this one. */
  readonly aliases: number;
}

/** Who asks. */
export interface Client {
  /** Its address; absent: not known. */
  readonly address?: string;
  readonly namespace?: string;
}

export type Chain = (ask: Ask) => Reply;

/** Makes the part of a chain that begins with one plugin; `next` is absent when nothing comes after it. */
export type Link = (next: Chain | undefined) => Chain;

const MOST_LOOKUPS = 16;

/** Hands the question to the next plugin; without one CoreDNS fails ("no next plugin found"). */
export function passOn(next: Chain | undefined, ask: Ask, plugin: string): Reply {
  if (next) return next(ask);
  return emptyReply("SERVFAIL", plugin, [], `no plugin after ${plugin} takes the question`);
}

/**
 * Asks the same server for another name, as CoreDNS completes a CNAME (plugin/pkg/upstream). What it answers is taken as it is,
 * whatever its code.
 */
export function lookup(ask: Ask, name: string, type: string): Reply {
  if (ask.depth >= MOST_LOOKUPS)
    return unknownReply("", `${name} leads back to itself through more than ${MOST_LOOKUPS} lookups`);
  return ask.serve({ ...ask, name, type, depth: ask.depth + 1 });
}

/** An answer that goes on in the reply to a lookup: its records, or where they are to be had. */
export function completed(
  base: Pick<Reply, "plugin" | "evidence">,
  records: Reply["answer"],
  found: Reply,
): Reply {
  const evidence = found.evidence.length === 0 ? base.evidence : [...base.evidence, ...found.evidence];
  if (found.kind === "unknown")
    return { ...unknownReply(base.plugin, found.why ?? "", evidence), answer: records };
  return {
    rcode: "NOERROR",
    answer: found.kind === "own" ? [...records, ...found.answer] : records,
    extra: [],
    plugin: base.plugin,
    evidence,
    forwarded: found.forwarded,
    kind: "own",
  };
}
