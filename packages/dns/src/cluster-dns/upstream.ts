import type { DirectiveData } from "../corefile/write.ts";
import { compareReleases } from "../plugins/table.ts";
import type { ClusterDnsIntent } from "./intent.ts";

type UpstreamIntent = ClusterDnsIntent["upstream"];

/** Who is asked, with its options; the short forms of an intent written out. */
export interface Upstream {
  /** `/etc/resolv.conf` alone, or addresses. */
  readonly servers: readonly string[];
  readonly serverName?: string | undefined;
  readonly policy?: "random" | "round_robin" | "sequential" | undefined;
  readonly forceTcp?: boolean | undefined;
  readonly maxConcurrent?: number | undefined;
}

export function readUpstream(intent: UpstreamIntent): Upstream {
  if (typeof intent === "string") return { servers: [intent] };
  if (!("servers" in intent)) return { servers: intent };
  const { servers, ...options } = intent;
  return { servers: typeof servers === "string" ? [servers] : servers, ...options };
}

/** A zone with a server block of its own. */
export interface ForwardedZone {
  /** Without the dot at its end. */
  readonly zone: string;
  readonly upstream: Upstream;
  /** Where the intent names it. */
  readonly path: readonly PropertyKey[];
}

/** The zones that go to servers of their own, the other cluster's among them, in the order of the intent. */
export function forwardedZones({ zones, otherCluster }: ClusterDnsIntent): ForwardedZone[] {
  const own = Object.entries(zones).map(([zone, upstream]) => ({
    zone: zone.endsWith(".") ? zone.slice(0, -1) : zone,
    upstream: readUpstream(upstream),
    path: ["zones", zone],
  }));
  if (!otherCluster) return own;
  const { domain, forwardTo } = otherCluster;
  return [
    ...own,
    {
      zone: domain.endsWith(".") ? domain.slice(0, -1) : domain,
      upstream: { servers: forwardTo },
      path: ["otherCluster", "domain"],
    },
  ];
}

/** Finds the forwarded zone with the longest match, whose block is asked for a name (without the dot at its end). */
export function zoneFinder(zones: readonly ForwardedZone[]): (name: string) => ForwardedZone | undefined {
  const byName = new Map(zones.map((zone) => [zone.zone, zone]));
  return (name) => {
    for (let rest = name; ; rest = rest.slice(rest.indexOf(".") + 1)) {
      const zone = byName.get(rest);
      if (zone || !rest.includes(".")) return zone;
    }
  };
}

/** Whether this release forwards with `proxy`, as it was done before `forward` could do all of it. */
export function forwardsByProxy(release: string): boolean {
  return compareReleases(release, "1.4.0") < 0;
}

/** `forward . …`, or `proxy . …` in the releases before 1.4.0. */
export function forwardDirective(upstream: Upstream, release: string): DirectiveData {
  const { servers, serverName, policy, forceTcp, maxConcurrent } = upstream;
  const byProxy = forwardsByProxy(release);
  const block: DirectiveData[] = [
    ...(serverName === undefined ? [] : [{ name: "tls_servername", args: [serverName] }]),
    ...(policy === undefined ? [] : [{ name: "policy", args: [policy] }]),
    ...(forceTcp ? [byProxy ? { name: "protocol", args: ["dns", "force_tcp"] } : { name: "force_tcp" }] : []),
    ...(maxConcurrent === undefined ? [] : [{ name: "max_concurrent", args: [`${maxConcurrent}`] }]),
  ];
  return {
    name: byProxy ? "proxy" : "forward",
    args: [".", ...servers],
    ...(block.length > 0 && { block }),
  };
}
