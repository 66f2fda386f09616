import { addressOfReverse, type IpAddress, parseAddress } from "../addresses.ts";
import { type Link, passOn } from "../ask.ts";
import { addTo } from "../cluster/add-to.ts";
import { fqdn } from "../names.ts";
import { type DnsRecord, emptyReply, unknownReply } from "../record.ts";
import type { Stanza } from "../stanzas.ts";
import { fallthroughZones, isInAny, zonesOf } from "./zones.ts";

const PLUGIN = "hosts";
const OPTIONS = new Set(["fallthrough", "fallthrough_unsupported", "no_reverse", "ttl", "reload"]);

/** What kubelet writes into a container's /etc/hosts, but for the pod's own name (pkg/kubelet/kubelet_pods.go). */
const CONTAINER_HOSTS = [
  "127.0.0.1 localhost",
  "::1 localhost ip6-localhost ip6-loopback",
  "fe00::0 ip6-localnet",
  "fe00::0 ip6-mcastprefix",
  "fe00::1 ip6-allnodes",
  "fe00::2 ip6-allrouters",
].join("\n");

interface Entries {
  readonly addresses: ReadonlyMap<string, readonly IpAddress[]>;
  readonly names: ReadonlyMap<string, readonly string[]>;
}

/** The hosts plugin of CoreDNS 1.15.0 (plugin/hosts): entries of the Corefile and of a file, /etc/hosts when none is named. */
export function hostsLink(
  { args, options }: Stanza,
  serverZones: readonly string[],
  files: Readonly<Record<string, string>>,
): Link {
  const [path = "/etc/hosts", ...rest] = args;
  const zones = zonesOf(rest, serverZones);
  const has = (name: string) => options.some((option) => option.name === name);
  const last = (name: string) => options.findLast((option) => option.name === name)?.args;
  const file =
    (Object.hasOwn(files, path) ? files[path] : undefined) ??
    (path === "/etc/hosts" ? CONTAINER_HOSTS : undefined);
  const inline = options
    .filter(({ name }) => !OPTIONS.has(name))
    .map(({ name, args: words }) => [name, ...words].join(" "));
  const entries = readHosts([file ?? "", ...inline].join("\n"), zones, !has("no_reverse"));
  const ttl = Number(last("ttl")?.[0] ?? 3600);
  const through = fallthroughZones(last("fallthrough"));
  const leavesOthers = has("fallthrough_unsupported");

  return (next) => (ask) => {
    const { name, type } = ask;
    const isOurs = isInAny(zones, name);
    if (!isOurs && type !== "PTR") return passOn(next, ask, PLUGIN);
    let answer: DnsRecord[] = [];
    if (type === "PTR") {
      const names = entries.names.get(addressOfReverse(name) ?? "") ?? [];
      if (names.length === 0 && file === undefined)
        return unknownReply(PLUGIN, `the hosts file ${path} is not at hand`);
      if (names.length === 0) return passOn(next, ask, PLUGIN);
      answer = names.map((data) => ({ name, type, ttl, data }));
    } else if (type === "A" || type === "AAAA")
      answer = addressesOf(entries, name)
        .filter((address) => address.type === type)
        .map((address) => ({ name, type, ttl, data: address.text }));
    else if (leavesOthers && isInAny(through, name)) return passOn(next, ask, PLUGIN);
    if (answer.length > 0 || addressesOf(entries, name).length > 0)
      return { ...emptyReply("NOERROR", PLUGIN), answer };
    if (isInAny(through, name)) return passOn(next, ask, PLUGIN);
    if (file === undefined) return unknownReply(PLUGIN, `the hosts file ${path} is not at hand`);
    return emptyReply(
      "SERVFAIL",
      PLUGIN,
      [],
      `hosts has no entry for ${name}, and without fallthrough it fails`,
    );
  };
}

function addressesOf({ addresses }: Entries, name: string): readonly IpAddress[] {
  return ["A", "AAAA"].flatMap((type) => {
    const own = addresses.get(`${type} ${name}`);
    return own ?? addresses.get(`${type} *.${name.slice(name.indexOf(".") + 1)}`) ?? [];
  });
}

function readHosts(text: string, zones: readonly string[], hasReverse: boolean): Entries {
  const addresses = new Map<string, IpAddress[]>();
  const names = new Map<string, string[]>();
  for (const line of text.split("\n")) {
    const [ip = "", ...words] = line
      .replace(/#.*/, "")
      .split(/[ \t\v\f\r]+/)
      .filter((word) => word !== "");
    const address = parseAddress(ip.replace(/%.*/, ""));
    if (!address) continue;
    for (const name of words.map(fqdn).filter((word) => isInAny(zones, word))) {
      addTo(addresses, `${address.type} ${name}`, address);
      if (hasReverse && !name.startsWith("*.")) addTo(names, address.text, name);
    }
  }
  return { addresses, names };
}
