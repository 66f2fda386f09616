import { type Ask, completed, type Link, lookup, passOn } from "../ask.ts";
import { longestZone } from "../names.ts";
import { type DnsRecord, emptyReply, type Reply, unknownReply } from "../record.ts";
import { compileRegex, type Regex } from "../regex/regex.ts";
import type { Stanza } from "../stanzas.ts";
import { readTemplate, type TemplateData } from "./go-template.ts";
import { readZoneText } from "./zone-text.ts";
import { fallthroughZones, isInAny, zonesOf } from "./zones.ts";

const PLUGIN = "template";

type Render = (data: TemplateData) => string | undefined;

interface Template {
  readonly class: string;
  readonly type: string;
  readonly zones: readonly string[];
  readonly regexes: readonly { readonly text: string; readonly regex: Regex | undefined }[];
  readonly answer: readonly (Render | undefined)[];
  readonly additional: readonly (Render | undefined)[];
  readonly rcode: string;
  readonly fallthrough: readonly string[];
  /** An option that is not modelled: `expr`, `var`. */
  readonly unmodelled?: string;
}

/** The template plugin of CoreDNS 1.15.0 (plugin/template). */
export function templateLink(stanzas: readonly Stanza[], serverZones: readonly string[]): Link {
  const templates = stanzas.map((stanza) => readStanza(stanza, serverZones));
  const zones = templates.flatMap((template) => template.zones);
  return (next) => (ask) => {
    if (!isInAny(zones, ask.name)) return passOn(next, ask, PLUGIN);
    for (const template of templates) {
      const matched = match(template, ask);
      if (matched === "next") continue;
      if (matched === "end")
        return emptyReply(
          "SERVFAIL",
          PLUGIN,
          [],
          "no template matches the name, and without fallthrough it fails",
        );
      if (typeof matched === "string") return unknownReply(PLUGIN, matched);
      return render(template, matched, ask);
    }
    return passOn(next, ask, PLUGIN);
  };
}

function readStanza({ args, options }: Stanza, serverZones: readonly string[]): Template {
  const [klass = "IN", type = "ANY", ...rest] = args;
  const words = (name: string) =>
    options.filter((option) => option.name === name).flatMap((option) => option.args);
  const patterns = words("match");
  const unmodelled = options.find(({ name }) => name === "expr" || name === "var")?.name;
  return {
    class: klass,
    type,
    zones: zonesOf(rest, serverZones),
    regexes: (patterns.length > 0 ? patterns : [".*"]).map((text) => ({ text, regex: compileRegex(text) })),
    answer: words("answer").map(readTemplate),
    additional: words("additional").map(readTemplate),
    rcode: words("rcode").at(-1) ?? "NOERROR",
    fallthrough: fallthroughZones(options.findLast(({ name }) => name === "fallthrough")?.args),
    ...(unmodelled !== undefined && { unmodelled }),
  };
}

/** The data of a match; `next`: another template; `end`: it fails; else why nobody can tell. */
function match(template: Template, ask: Ask): TemplateData | string {
  const { name, type } = ask;
  const zone = longestZone(template.zones, name);
  if (zone === undefined || (template.class !== "ANY" && template.class !== "IN")) return "next";
  if (template.type !== "ANY" && type !== "ANY" && type !== template.type) return "next";
  for (const { text, regex } of template.regexes) {
    if (!regex) return `the expression ${text} cannot be read here`;
    const groups = regex.find(name);
    if (!groups) continue;
    if (template.unmodelled !== undefined)
      return `the option ${template.unmodelled} of template is not modelled`;
    const named = regex.names.flatMap((group, i) => (group === "" ? [] : [[group, groups[i]!] as const]));
    return {
      fields: {
        Name: name,
        Zone: zone,
        Regex: text,
        Class: "IN",
        Type: type === "ANY" ? template.type : type,
      },
      match: groups,
      group: Object.fromEntries([...groups.map((group, i) => [`${i}`, group] as const), ...named]),
    };
  }
  return isInAny(template.fallthrough, name) ? "next" : "end";
}

function render(template: Template, data: TemplateData, ask: Ask): Reply {
  if (template.rcode === "SERVFAIL") return emptyReply("SERVFAIL", PLUGIN);
  let reply: Reply = emptyReply("NOERROR", PLUGIN);
  const answer: DnsRecord[] = [];
  for (const one of template.answer) {
    const record = recordOf(one, data);
    if (typeof record === "string") return unknownReply(PLUGIN, record);
    if (!record) return emptyReply("SERVFAIL", PLUGIN, [], "a template makes no record of the name");
    answer.push(record);
    if ((ask.type === "A" || ask.type === "AAAA") && record.type === "CNAME") {
      const found = lookup(ask, record.data!, ask.type);
      if (found.kind === "none") continue;
      const whole = completed(reply, [], found);
      if (whole.kind === "unknown") return { ...whole, answer };
      answer.push(...whole.answer);
      reply = { ...reply, evidence: whole.evidence, forwarded: [...reply.forwarded, ...whole.forwarded] };
    }
  }
  const extra: DnsRecord[] = [];
  for (const one of template.additional) {
    const record = recordOf(one, data);
    if (typeof record === "string") return unknownReply(PLUGIN, record);
    if (!record) return emptyReply("SERVFAIL", PLUGIN);
    extra.push(record);
  }
  return { ...reply, rcode: template.rcode, answer, extra };
}

/** A text: why it is not known. */
function recordOf(template: Render | undefined, data: TemplateData): DnsRecord | string | undefined {
  const text = template?.(data);
  if (text === undefined) return "a template uses more of Go's templates than is modelled";
  return readZoneText(text, ".", 3600).records[0];
}
