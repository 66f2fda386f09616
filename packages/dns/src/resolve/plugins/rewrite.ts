import { type Link, passOn } from "../ask.ts";
import { nameProblem } from "../names.ts";
import { type DnsRecord, emptyReply, type Reply, unknownReply } from "../record.ts";
import type { Stanza } from "../stanzas.ts";
import { type AnswerRule, readRewrite } from "./rewrite-rules.ts";

const PLUGIN = "rewrite";
/** Types whose data ends in a name that value rules may change; of SOA it is the first word. */
const NAMED = new Set(["SRV", "MX", "CNAME", "NS", "DNAME", "NAPTR", "PTR"]);

/** The rewrite plugin of CoreDNS 1.15.0 (plugin/rewrite): rules in the order of the file, their answers undone in reverse. */
export function rewriteLink(stanzas: readonly Stanza[]): Link {
  const rules = stanzas.map(({ args, options }) =>
    readRewrite(
      args.length < 2 ? [...args, ...options.flatMap(({ name, args: words }) => [name, ...words])] : args,
    ),
  );
  return (next) => (ask) => {
    let { name, type } = ask;
    const undo: AnswerRule[] = [];
    for (const rule of rules) {
      const done = rule.apply({ name, type });
      if (!done) continue;
      if (done.unknown !== undefined) return unknownReply(PLUGIN, done.unknown);
      name = done.name;
      type = done.type;
      if (nameProblem(name) !== undefined)
        return emptyReply(
          "SERVFAIL",
          PLUGIN,
          [],
          `the rule makes ${ask.name} into ${name}, which is no name`,
        );
      undo.push(...done.answer);
      if (rule.stops) break;
    }
    if (name === ask.name && type === ask.type && undo.length === 0) return passOn(next, ask, PLUGIN);
    const reply = passOn(next, { ...ask, name: name.toLowerCase(), type }, PLUGIN);
    return undo.length === 0 ? reply : undone(reply, undo.toReversed());
  };
}

function undone(reply: Reply, rules: readonly AnswerRule[]): Reply {
  const rewrite = (record: DnsRecord) => rules.reduce(rewritten, record);
  let { rcode } = reply;
  for (const rule of rules) if (rule.kind === "rcode" && rcode === rule.from) rcode = rule.to;
  return { ...reply, rcode, answer: reply.answer.map(rewrite), extra: reply.extra.map(rewrite) };
}

function rewritten(record: DnsRecord, rule: AnswerRule): DnsRecord {
  switch (rule.kind) {
    case "name":
      return { ...record, name: rule.change(record.name) };
    case "ttl":
      return record.ttl === undefined
        ? record
        : { ...record, ttl: Math.min(Math.max(record.ttl, rule.min), rule.max) };
    case "value": {
      if (record.data === undefined) return record;
      const words = record.data.split(" ");
      const index = record.type === "SOA" ? 0 : words.length - 1;
      if (!NAMED.has(record.type) && record.type !== "SOA") return record;
      return { ...record, data: words.with(index, rule.change(words[index]!)).join(" ") };
    }
    default:
      return record;
  }
}
