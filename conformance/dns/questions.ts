export interface Asked {
  readonly name: string;
  readonly type: string;
}

const ALL = ["A", "AAAA", "SRV", "PTR", "CNAME", "TXT", "NS", "SOA", "MX", "HTTPS", "ANY"];
const SOME = ["A", "AAAA", "SRV", "CNAME", "TXT"];

const of = (names: readonly string[], types: readonly string[]): Asked[] =>
  names.flatMap((name) => types.map((type) => ({ name, type })));

const SERVICES = (
  "web plain same node balanced ready pg empty noports 1db db dot alias gone hostless inner group outer ghost loop ping pong below " +
  "number world verified refused nope"
).split(" ");

const BELOW_SERVICES = (
  "_http._tcp.web _dns._udp.web _http._udp.web http.tcp.web _nope._tcp.web x.web 10-96-10-10.web a.b.c.web _dns._udp.same _http._tcp.balanced " +
  "_tcp.web pg-0.pg pg-1.pg pg-2.pg pg-3.pg 10-244-1-4.pg 10-244-1-6.pg 2001-db8-1--0.pg 2001-db8-1--.pg _sql._tcp.pg _metrics._tcp.pg " +
  "_sql._tcp.pg-0.pg 10-244-1-5.ready ready-abc.ready _http._tcp.ready 10-244-1-20.noports _x._tcp.noports _http._tcp.db x.db PG-0.pg " +
  "zone-a.pin._zone.pg zone.b.pin._zone.pg zone.b.prefer._zone.pg nozone.pin._zone.pg nozone.prefer._zone.pg nozone.other._zone.pg zone-a.pin._zone.web"
).split(" ");

const PODS =
  "10-244-1-5 10-244-1-9 1-2-3-4 1-2-3-400 01-2-3-4 nope 2001-db8--1 2001-db8-2--5 --ffff-a00-1 --1 1-2-3 127-0-0-1".split(
    " ",
  );

/** Names of a zone of the cluster. */
function inCluster(zone: string): Asked[] {
  return [
    ...of(
      SERVICES.map((name) => `${name}.my.svc.${zone}`),
      SOME,
    ),
    ...of(
      BELOW_SERVICES.map((name) => `${name}.my.svc.${zone}`),
      ["A", "SRV"],
    ),
    ...of(
      PODS.map((name) => `${name}.my.pod.${zone}`),
      ["A", "AAAA"],
    ),
    ...of(
      [
        zone,
        `svc.${zone}`,
        `my.svc.${zone}`,
        `nope.svc.${zone}`,
        `pod.${zone}`,
        `my.pod.${zone}`,
        `nope.pod.${zone}`,
      ],
      ALL,
    ),
    ...of(
      [
        `ns.dns.${zone}`,
        `dns.${zone}`,
        `dns-version.${zone}`,
        `apex.dns.${zone}`,
        `x.${zone}`,
        `x.y.z.${zone}`,
        `web.my.${zone}`,
      ],
      ALL,
    ),
    ...of([`web.my.svc.${zone}`, `db.my.svc.${zone}`, `empty.my.svc.${zone}`, `nope.my.svc.${zone}`], ALL),
    ...of(
      [`web.prod.svc.${zone}`, `web.other.svc.${zone}`, `web.nope.svc.${zone}`, `WEB.My.svc.${zone}`],
      SOME,
    ),
    ...of([`*.my.svc.${zone}`, `any.my.svc.${zone}`, `web.*.svc.${zone}`], ["A"]),
    // Chains of names: those that are too long end in nothing.
    ...of(
      Array.from({ length: 14 }, (_, i) => `c${i}.prod.svc.${zone}`),
      ["A"],
    ),
  ];
}

const REVERSE = [
  ..."10.10.96.10 11.10.96.10 10.20.96.10 1.0.96.10 99.99.96.10 1.1.244.10 2.1.244.10 3.1.244.10 4.1.244.10 5.1.244.10 21.1.244.10 96.10 10 4.3.2.1"
    .split(" ")
    .map((part) => `${part}.in-addr.arpa`),
  "x.96.10.in-addr.arpa",
  "1.2.3.4.5.in-addr.arpa",
  `1.${"0.".repeat(19)}1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa`,
  `0.${"0.".repeat(19)}1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa`,
  `2.${"0.".repeat(19)}1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa`,
  "8.b.d.0.1.0.0.2.ip6.arpa",
];

const UPSTREAM_NAMES = [
  ..."db mirror six nobody a.w b.a.w w".split(" ").map((name) => `${name}.corp.test`),
  "corp.test",
  ...(
    "@ ns mail c d alias far missing self a.wild a.b.wild x.y.wild b.y.wild y.wild wild q.cn deep.ent ent nope.ent _sip._tcp _tcp sub a.sub ns.sub " +
    "old d.old q.old nothere a.b.c"
  )
    .split(" ")
    .map((name) => (name === "@" ? "zone.test" : `${name}.zone.test`)),
  ..."www ip-1-2 ip-x to-db other".split(" ").map((name) => `${name}.world.test`),
  "world.test",
  "refuse.test",
  "erratic.test",
  "else.invalid",
];

const REWRITTEN = [
  ..."web pg db _http._tcp.web nope ghost"
    .split(" ")
    .flatMap((name) => [`${name}.short.test`, `${name}.bare.test`]),
  "old.example.test",
  "sub.old.example.test",
  "dev-web.my.svc.cluster.local",
  "web.staging.svc.cluster.local",
  "pg.staging.svc.cluster.local",
  "_sql._tcp.pg.staging.svc.cluster.local",
  "web.region.example.test",
  "pg-0.pg.region.example.test",
  "v1-db.values.test",
  "v2-pg.values.test",
  "v-web.values.test",
  "plain.my.svc.cluster.local",
  "web.my.svc.cluster.local",
  "10.10.96.10.in-addr.arpa",
  "1.2.0.192.in-addr.arpa",
  "9.2.0.192.in-addr.arpa",
  "localhost",
  "x.localhost",
  "localhost.short.test",
  "1.0.0.127.in-addr.arpa",
  "2.0.0.127.in-addr.arpa",
  "127.in-addr.arpa",
  ..."a b c file x a.fall".split(" ").map((name) => `${name}.first.test`),
  "outside.test",
  "db.corp.test",
  "a.w.corp.test",
  "nope.corp.test",
  "x.lost.test",
];

const EXTERNAL = [
  ..."web balanced pg empty nope pg-0.pg _http._tcp.balanced _sql._tcp.pg db x.balanced a.b.c.balanced"
    .split(" ")
    .map((name) => `${name}.my.ext.test`),
  "ext.test",
  "my.ext.test",
  "nope.ext.test",
];

/** What the CoreDNS of the cluster is asked. */
export const CLUSTER_QUESTIONS: readonly Asked[] = [
  ...[
    "cluster.local",
    "verified.local",
    "some.local",
    "labels.local",
    "tier.local",
    "empty.local",
    "zonal.local",
    "noend.local",
  ].flatMap(inCluster),
  ...of(REVERSE, ["PTR", "A", "TXT", "SOA", "NS"]),
  ...of(UPSTREAM_NAMES, ["A", "AAAA", "MX", "SRV", "TXT", "CNAME", "NS", "SOA"]),
  ...of(EXTERNAL, SOME),
];

/** What the CoreDNS with the rewrites is asked. */
export const REWRITE_QUESTIONS: readonly Asked[] = of(REWRITTEN, [
  "A",
  "AAAA",
  "SRV",
  "CNAME",
  "PTR",
  "TXT",
  "ANY",
]);
