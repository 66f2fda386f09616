import { describe, expect, test } from "vitest";
import { clusterDns } from "./cluster-dns.ts";

describe("bad intents are refused with path and remedy", () => {
  const mistakes: readonly (readonly [string, Record<string, unknown>, string, string])[] = [
    ["no version", { coredns: "latest" }, "coredns", "write 1.15"],
    ["ready before it was there", { coredns: "1.4.0", ready: 8181 }, "ready", "leave it out"],
    ["loop before it was there", { coredns: "1.1.3", loop: true }, "loop", "leave it out"],
    [
      "serve_stale before it was there",
      { coredns: "1.6.5", cache: { seconds: 30, serveStale: 60 } },
      "cache",
      "leave",
    ],
    [
      "templates before 1.0.3",
      { coredns: "1.0.2", templates: [{ zone: "a.test", type: "A", answer: "10.0.0.1" }] },
      "templates",
      "leave it out",
    ],
    ["TLS before forward", { coredns: "1.3.1", upstream: ["tls://9.9.9.9"] }, "upstream", "leave tls://"],
    ["a name server by name", { upstream: ["dns.example.test"] }, "upstream[0]", "IP address"],
    ["a URL", { upstream: ["https://9.9.9.9/dns-query"] }, "upstream[0]", "tls://"],
    ["itself", { upstream: ["127.0.0.53"] }, "upstream[0]", "another server"],
    ["itself in IPv6", { upstream: ["::1"] }, "upstream[0]", "another server"],
    ["itself in mapped IPv6", { upstream: ["::ffff:127.0.0.1"] }, "upstream[0]", "another server"],
    ["resolv.conf in a list", { upstream: ["/etc/resolv.conf", "10.0.0.2"] }, "upstream[0]", "alone"],
    ["no server", { upstream: [] }, "upstream", "name one"],
    [
      "too many servers",
      { upstream: Array.from({ length: 16 }, (_, i) => `10.0.0.${i + 1}`) },
      "upstream",
      "leave some out",
    ],
    ["a server twice", { upstream: ["10.0.0.2", "10.0.0.2"] }, "upstream[1]", "leave it out"],
    [
      "a TLS name without TLS",
      { upstream: { servers: ["10.0.0.2"], serverName: "a.test" } },
      "upstream.serverName",
      "tls://",
    ],
    ["a port out of range", { upstream: ["10.0.0.2:70000"] }, "upstream[0]", "10.0.0.2:5353"],
    ["an address with leading zeros", { upstream: ["010.0.0.2"] }, "upstream[0]", "10.0.0.2"],
    ["the root as a zone", { zones: { ".": ["10.0.0.2"] } }, 'zones["."]', "upstream"],
    ["a zone above the cluster's", { zones: { local: ["10.0.0.2"] } }, "zones.local", "does not hold"],
    [
      "a zone of the cluster's",
      { zones: { "svc.cluster.local": ["10.0.0.2"] } },
      'zones["svc.cluster.local"]',
      "outside",
    ],
    [
      "a reverse zone of the cluster's",
      { zones: { "in-addr.arpa": ["10.0.0.2"] } },
      'zones["in-addr.arpa"]',
      "does not hold",
    ],
    [
      "a zone twice",
      { zones: { "a.test": ["10.0.0.2"], "a.test.": ["10.0.0.3"] } },
      'zones["a.test."]',
      "leave one",
    ],
    [
      "two clusters of one domain",
      { otherCluster: { domain: "cluster.local", forwardTo: ["10.1.0.10"] } },
      "otherCluster.domain",
      "two domains",
    ],
    [
      "a server of the other cluster",
      { otherCluster: { domain: "two.test", forwardTo: ["two"] } },
      "otherCluster.forwardTo[0]",
      "IP address",
    ],
    ["a host's address", { hosts: { "a.test": ["localhost"] } }, 'hosts["a.test"][0]', "10.0.0.2"],
    ["a wildcard host", { hosts: { "*.a.test": ["10.0.0.2"] } }, 'hosts["*.a.test"]', "template"],
    [
      "a rewrite out of a forwarded zone",
      { zones: { "corp.test": ["10.0.0.2"] }, rewrites: [{ from: "a.corp.test", to: "b.test" }] },
      "rewrites[0].from",
      "hosts",
    ],
    [
      "a rewrite into a forwarded zone",
      { zones: { "corp.test": ["10.0.0.2"] }, rewrites: [{ from: "b.test", to: "a.corp.test" }] },
      "rewrites[0].to",
      "ExternalName",
    ],
    [
      "a rewrite that clients of 1.2.4 refuse",
      { coredns: "1.2.4", rewrites: [{ from: "b.test", to: "a.test" }] },
      "rewrites",
      "1.2.5",
    ],
    [
      "a template over the cluster",
      { templates: [{ zone: "local", type: "ANY", rcode: "NXDOMAIN" }] },
      "templates[0].zone",
      "does not hold",
    ],
    [
      "a template that is its own alias",
      { templates: [{ zone: "a.test", type: "CNAME", answer: "b.a.test" }] },
      "templates[0].answer",
      "outside",
    ],
    [
      "an IPv6 answer to A",
      { templates: [{ zone: "a.test", type: "A", answer: "::1" }] },
      "templates[0].answer",
      "10.0.0.2",
    ],
    [
      "a host that is rewritten first",
      {
        hosts: { "a.old.test": ["10.0.0.2"] },
        rewrites: [{ from: "old.test", to: "b.test", match: "suffix" }],
      },
      'hosts["a.old.test"]',
      "leave one",
    ],
    [
      "a host that is rewritten first by its first label",
      { hosts: { "web.a.test": ["10.0.0.2"] }, rewrites: [{ from: "web", to: "b", match: "prefix" }] },
      'hosts["web.a.test"]',
      "leave one",
    ],
    [
      "a host that a template answers for",
      { hosts: { "x.a.test": ["10.0.0.2"] }, templates: [{ zone: "a.test", type: "A", answer: "10.0.0.3" }] },
      'hosts["x.a.test"]',
      "leave one",
    ],
    [
      "a template that another one hides",
      {
        templates: [
          { zone: "a.test", type: "CNAME", answer: "b.test" },
          { zone: "x.a.test", type: "A", answer: "10.0.0.3" },
        ],
      },
      "templates[1]",
      "smaller zone first",
    ],
    ["two plugins on one port", { health: 8181 }, "ready", "another port"],
    ["no time for a cache", { cache: 0 }, "cache", "1 to 3600"],
    ["a lameduck without health", { health: false, lameduck: 5 }, "lameduck", "leave lameduck out"],
    [
      "too long a label",
      { zones: { [`${"a".repeat(64)}.test`]: ["10.0.0.2"] } },
      `zones["${"a".repeat(64)}.test"]`,
      "lower case",
    ],
    ["a block that is 128 zones", { reverseZones: ["10.0.0.0/9"] }, "reverseZones[0]", "multiple of 8"],
    [
      "a cache that asks itself",
      { upstream: ["10.96.0.10"], nodeLocal: { clusterDns: "10.96.0.10" } },
      "upstream[0]",
      "another server",
    ],
    ["a misspelt field", { zonez: {} }, "zonez", 'did you mean "zones"?'],
  ];
  test.each(mistakes)("%s", (_, input, path, hint) => {
    const result = clusterDns.safe({ coredns: "1.15", ...input });
    expect(result.ok).toBe(false);
    if (result.ok) return;
    const found = result.findings.find((f) => f.path === path);
    expect(found, JSON.stringify(result.findings)).toBeDefined();
    expect(found?.hint).toContain(hint);
  });
});

test("no value opens a block, adds a plugin or brings the environment in", () => {
  const hostile = [
    "a.test {\n  whoami\n}\n",
    "}",
    "{",
    "a.test\nwhoami",
    "a.test #",
    'a"b',
    "{$HOME}",
    "import x",
    "(s)",
    "a,b",
    "a b",
    "\u0085",
    "\ufeffa.test",
    "a.test:53",
    "tls://a.test",
    "",
    ".",
    "\\",
    "../../etc/passwd",
    "{{ .Name }}",
  ];
  const places: readonly ((text: string) => Record<string, unknown>)[] = [
    (text) => ({ clusterDomain: text }),
    (text) => ({ reverseZones: [text] }),
    (text) => ({ upstream: [text] }),
    (text) => ({ upstream: { servers: ["tls://9.9.9.9"], serverName: text } }),
    (text) => ({ zones: { [text]: ["10.0.0.2"] } }),
    (text) => ({ zones: { "a.test": [text] } }),
    (text) => ({ otherCluster: { domain: text, forwardTo: ["10.0.0.2"] } }),
    (text) => ({ hosts: { [text]: ["10.0.0.2"] } }),
    (text) => ({ hosts: { "a.test": [text] } }),
    (text) => ({ rewrites: [{ from: text, to: "b.test" }] }),
    (text) => ({ rewrites: [{ from: "b.test", to: text }] }),
    (text) => ({ templates: [{ zone: text, type: "A", answer: "10.0.0.2" }] }),
    (text) => ({ templates: [{ zone: "a.test", type: "A", answer: text }] }),
    (text) => ({ templates: [{ zone: "a.test", type: "CNAME", answer: text }] }),
    (text) => ({ cache: { seconds: 30, keepOut: [text] } }),
    (text) => ({ nodeLocal: { clusterDns: text } }),
  ];
  const taken = places.flatMap((place) =>
    hostile
      .filter((text) => clusterDns.safe({ coredns: "1.15", ...place(text) }).ok)
      .map((text) => place(text)),
  );
  expect(taken).toEqual([]);
});
