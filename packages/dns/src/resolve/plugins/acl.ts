import { isInBlock } from "../addresses.ts";
import { type Ask, type Link, passOn } from "../ask.ts";
import { emptyReply, unknownReply } from "../record.ts";
import type { Stanza } from "../stanzas.ts";
import { isInAny, zonesOf } from "./zones.ts";

interface Policy {
  readonly action: string;
  readonly types: readonly string[];
  readonly nets: readonly string[];
}

/** The acl plugin of CoreDNS 1.15.0 (plugin/acl): who may ask for what. */
export function aclLink(stanzas: readonly Stanza[], serverZones: readonly string[]): Link {
  const rules = stanzas.map(({ args, options }) => ({
    zones: zonesOf(args, serverZones),
    policies: options.map(({ name, args: words }) => readPolicy(name, words)),
  }));
  return (next) => (ask) => {
    for (const { zones, policies } of rules) {
      if (!isInAny(zones, ask.name)) continue;
      switch (decide(policies, ask)) {
        case "block":
          return emptyReply("REFUSED", "acl", [], "acl blocks it");
        case "filter":
          return emptyReply("NOERROR", "acl", [], "acl filters it");
        case "drop":
          return { ...emptyReply("NOERROR", "acl", [], "acl drops it"), kind: "none" };
        case "unknown":
          return unknownReply("acl", "acl decides by the address that asks, which is not known");
        case "allow":
          return passOn(next, ask, "acl");
        default:
      }
    }
    return passOn(next, ask, "acl");
  };
}

function readPolicy(action: string, words: readonly string[]): Policy {
  const types: string[] = [];
  const nets: string[] = [];
  let into = types;
  for (const word of words) {
    const section = word.toLowerCase();
    if (section === "type" || section === "net") into = section === "type" ? types : nets;
    else into.push(word);
  }
  return { action: action.toLowerCase(), types, nets };
}

function decide(policies: readonly Policy[], { type, client }: Ask): string {
  for (const { action, types, nets } of policies) {
    if (types.length > 0 && !types.includes("*") && !types.includes(type)) continue;
    if (nets.length === 0 || nets.includes("*")) return action;
    const { address } = client;
    if (address === undefined) return "unknown";
    if (nets.some((net) => isInBlock(address, net))) return action;
  }
  return "none";
}
