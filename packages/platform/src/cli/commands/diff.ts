import { diffResources, formatRef, type ObjectChange } from "@ashlar/core";
import { type DnsChange, dnsDiff, formatDnsChange } from "@ashlar/dns";
import { type AccessChange, accessDiff, formatAccessChange } from "@ashlar/iam";
import { formatRouteChange, type RouteChange, routesDiff } from "@ashlar/ingress";
import { formatReachChange, type ReachChange, reachDiff } from "@ashlar/network-policy";
import { accessOf, dnsOf, networkOf, routesOf } from "../../check.ts";
import { type Command, FORMAT, NAMESPACE, PARAM } from "../command.ts";
import { loadInput } from "../input.ts";
import { type Io, UsageError } from "../io.ts";
import { printJson, reportUnread } from "../output.ts";
import { paint, printable } from "../text.ts";

export const diffCommand: Command = {
  name: "diff",
  usage: "ashlar diff OLD NEW [--format text|json]",
  summary: "what changed, and what it means: paths that open and close, rights gained and lost, names, URLs",
  details: `OLD and NEW are platform files, YAML or JSON files, or folders; one may be - for standard input:

  git show main:platform.yaml | ashlar diff - platform.yaml

Exit code: 0 no difference, 1 differences, 2 could not compare.`,
  options: [NAMESPACE, FORMAT, PARAM],
  async run(args, io) {
    const [oldPath, newPath, ...rest] = args.positionals;
    if (oldPath === undefined || newPath === undefined || rest.length > 0)
      throw new UsageError("diff takes two paths", "write ashlar diff OLD NEW");
    if (oldPath === "-" && newPath === "-")
      throw new UsageError("OLD and NEW are both standard input", "give one of them as a file");
    const before = await loadInput([oldPath], args, io);
    const after = await loadInput([newPath], args, io);
    const unread = [before, after].map((loaded) => reportUnread(loaded, io));
    if (unread.includes(true)) return 2;
    const objects = diffResources(before.set.resources, after.set.resources);
    const network = reachDiff(networkOf(before.set), networkOf(after.set));
    const names = dnsDiff(dnsOf(before.set), dnsOf(after.set));
    const urls = routesDiff(routesOf(before.set), routesOf(after.set));
    const access = accessDiff(accessOf(before.set), accessOf(after.set));
    if (args.get("format") === "json") printJson(io, { objects, network, access, names, urls });
    else printText({ objects, network, access, names, urls }, io);
    return [objects, network, access, names, urls].some(({ length }) => length > 0) ? 1 : 0;
  },
};

const CHANGES = { opens: "red", closes: "green", "may open": "yellow", "may close": "yellow" } as const;
const SIGNS = { added: "+", removed: "-", changed: "~" } as const;
const COLORS = { added: "green", removed: "red", changed: "yellow" } as const;

interface Changes {
  readonly objects: readonly ObjectChange[];
  readonly network: readonly ReachChange[];
  readonly access: readonly AccessChange[];
  readonly names: readonly DnsChange[];
  readonly urls: readonly RouteChange[];
}

function printText({ objects, network, access, names, urls }: Changes, io: Io): void {
  if ([objects, network, access, names, urls].every(({ length }) => length === 0)) {
    io.out("No difference.\n");
    return;
  }
  for (const { change, ref, fields } of objects) {
    io.out(`${paint(io, COLORS[change], `${SIGNS[change]} ${printable(formatRef(ref))}`)}\n`);
    for (const field of fields)
      io.out(`    ${printable(`${field.path}: ${value(field.before)} → ${value(field.after)}`)}\n`);
  }
  io.out(network.length > 0 ? "\nNetwork:\n" : "\nNetwork: nothing opens, nothing closes.\n");
  for (const change of network) {
    const color = CHANGES[change.change];
    io.out(`  ${paint(io, color, printable(formatReachChange(change)))}\n`);
  }
  io.out(access.length > 0 ? "\nAccess:\n" : "\nAccess: nobody gains or loses a right.\n");
  for (const change of access) {
    const color = change.change === "gains" ? "red" : "green";
    io.out(`  ${paint(io, color, printable(formatAccessChange(change)))}\n`);
  }
  io.out(names.length > 0 ? "\nNames:\n" : "\nNames: every name is answered as before.\n");
  for (const change of names) io.out(`  ${paint(io, "yellow", printable(formatDnsChange(change)))}\n`);
  io.out(urls.length > 0 ? "\nURLs:\n" : "\nURLs: every one is answered as before.\n");
  for (const change of urls) io.out(`  ${paint(io, "yellow", printable(formatRouteChange(change)))}\n`);
}

function value(field: unknown): string {
  const text = field === undefined ? "(absent)" : JSON.stringify(field);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
