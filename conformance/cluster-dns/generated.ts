import type { clusterDns } from "@ashlar/dns";
import { type Random, randomFrom } from "../policies/random.ts";

export type ClusterDnsInput = Parameters<typeof clusterDns>[0];

const ADDRESSES = ["10.0.0.2", "192.0.2.53", "2001:db8::53", "10.0.0.3:5353", "[2001:db8::54]:5353"];
const OVER_TLS = ["tls://9.9.9.9", "tls://192.0.2.53:8853", "tls://[2001:db8::53]:853"];
const ZONES = [
  "corp.test",
  "lab.corp.test",
  "amazonaws.com",
  "7.10.in-addr.arpa",
  "x_y.test",
  "xn--bcher-kva.test",
];
const DOMAINS = ["cluster.local", "one.test", "k8s.example.test."];
const REVERSE = [["in-addr.arpa", "ip6.arpa"], [], ["10.96.0.0/16"], ["10.96.0.0/14", "fd00:10:96::/48"]];
const OLD_NAMES = ["old.test", "db.old.test.", "legacy", "a.b.legacy.test"];
const NAMES = ["nas.home.test", "db.corp.test", "a.b.lab.corp.test", "printer", "_srv.home.test."];

/** Intents of every option that clusterDns takes, in CoreDNS 1.15, none of which it should refuse. */
export function generatedIntents(count: number, seed: number): ClusterDnsInput[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => intent(random));
}

function intent(random: Random): ClusterDnsInput {
  type Part = Partial<ClusterDnsInput>;
  const maybe = (part: Part): Part => (random.chance(0.4) ? part : {});
  const zones = some(random, ZONES);
  return {
    coredns: random.pick(["1.15", "1.15.0", "v1.15.0-eksbuild.1"]),
    ...maybe({ clusterDomain: random.pick(DOMAINS) }),
    ...maybe({ reverseZones: random.pick(REVERSE) }),
    ...maybe({ pods: random.pick(["disabled", "insecure", "verified"] as const) }),
    ...maybe({ ttl: random.pick([0, 5, 3600]) }),
    ...maybe({ upstream: upstream(random) }),
    zones: Object.fromEntries(zones.map((zone) => [zone, upstream(random)])),
    ...maybe({ otherCluster: { domain: "two.example.test", forwardTo: ["10.1.0.10", "10.1.0.11:53"] } }),
    ...maybe({
      hosts: Object.fromEntries(
        some(random, NAMES).map((name) => [name, some(random, ["10.0.0.9", "2001:db8::9"], 1)]),
      ),
    }),
    ...maybe({
      rewrites: some(random, ["exact", "prefix", "suffix"] as const).map((match) => ({
        match,
        from: random.pick(OLD_NAMES),
        to: random.pick(["web.prod.svc.cluster.local", "other.test."]),
      })),
    }),
    ...maybe({ templates: some(random, TEMPLATES) }),
    ...maybe({ cache: random.pick(CACHES) }),
    ...maybe({ log: random.pick([true, false, ["all"], ["denial", "error", "success"]] as const) }),
    ...maybe({ health: random.pick([false, 8080, 18080] as const), lameduck: 0 }),
    ...maybe({ ready: random.pick([false, 8181, 65535] as const) }),
    ...maybe({ prometheus: random.pick([false, 9153, 1] as const) }),
    ...maybe({ reload: random.chance(0.5) }),
    ...maybe({ loop: random.chance(0.5) }),
    ...maybe({ loadbalance: random.chance(0.5) }),
    ...maybe({
      nodeLocal: {
        clusterDns: random.pick(["10.96.0.10", "fd00:10:96::a"]),
        mode: random.pick(["iptables", "ipvs"] as const),
        ...(random.chance(0.4) && { address: "fd00::a" }),
        ...(random.chance(0.4) && { health: 18081, prometheus: 19253 }),
      },
    }),
  };
}

const TEMPLATES = [
  { zone: "apps.home.test", type: "A", answer: "192.0.2.80" },
  { zone: "apps.home.test", type: "AAAA", answer: "2001:db8::80", ttl: 0 },
  { zone: "alias.corp.test", type: "CNAME", answer: "web.example.test." },
  { zone: "ads.example.test.", type: "ANY", rcode: "NXDOMAIN" },
  { zone: "empty.example.test", type: "AAAA", rcode: "NOERROR" },
  { zone: "no.example.test", type: "ANY", rcode: "REFUSED" },
] as const;

const CACHES = [
  false,
  1,
  3600,
  { seconds: 30 },
  { seconds: 30, serveStale: 86400, keepOut: ["cluster.local"] },
  { seconds: 30, keepOut: ["lab.corp.test", "corp.test."] },
] as const;

function upstream(random: Random): NonNullable<ClusterDnsInput["upstream"]> {
  const servers = random.chance(0.3)
    ? some(random, OVER_TLS, 1)
    : some(random, [...ADDRESSES, ...(random.chance(0.2) ? OVER_TLS : [])], 1);
  const overTls = servers.some((server) => server.startsWith("tls://"));
  switch (random.below(4)) {
    case 0:
      return "/etc/resolv.conf";
    case 1:
      return servers;
    default:
      return {
        servers,
        ...(overTls && random.chance(0.5) && { serverName: "dns.example.test" }),
        ...(random.chance(0.5) && { policy: random.pick(["random", "round_robin", "sequential"] as const) }),
        ...(!overTls && random.chance(0.5) && { forceTcp: true }),
        ...(random.chance(0.5) && { maxConcurrent: 1 + random.below(2000) }),
      };
  }
}

/** A part of a list in its order, at least `least` of it. */
function some<T>(random: Random, from: readonly T[], least = 0): T[] {
  const chosen = from.filter(() => random.chance(0.4));
  return chosen.length >= least ? chosen : [random.pick(from)];
}
