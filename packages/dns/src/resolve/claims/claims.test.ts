import { describe, expect, test } from "vitest";
import { corednsMap, externalName, namespace, service } from "../model.test-support.ts";
import { dnsModel } from "../model.ts";
import { parseResolvesClaim } from "./parse-claim.ts";
import { proveResolves } from "./prove-resolves.ts";

const model = dnsModel([
  namespace("dev"),
  service("redis"),
  service("new", { clusterIP: undefined }),
  externalName("db", "db.example.test", "my"),
  externalName("six", "redis.prod.svc.cluster.local", "my"),
  corednsMap(`
    .:53 {
      hosts {
        192.0.2.1 static.test
        fallthrough
      }
      kubernetes cluster.local
      forward . 8.8.8.8
    }
    corp.test {
      forward . 10.0.0.2 10.0.0.3
    }
    hole.test {
      hosts {
        192.0.2.2 a.hole.test
      }
    }`),
]);

const prove = (text: string) => proveResolves(model, [{ kind: "resolves", text, by: "expect" }])[0]!;

describe("outcomes", () => {
  test.each([
    ["redis.prod.svc.cluster.local resolves", "proved"],
    ["redis.prod.svc.cluster.local. resolves", "proved"],
    ["redis resolves from prod", "proved"],
    ["redis resolves from dev", "unknown"], // the last of the search list is asked of 8.8.8.8
    ["redis.prod resolves from ns:dev", "proved"],
    ["redis.prod.svc.cluster.local resolves to 10.96.0.9", "proved"],
    ["redis.prod.svc.cluster.local resolves to 10.96.0.8", "broken"],
    ["new.prod.svc.cluster.local resolves", "proved"],
    ["new.prod.svc.cluster.local resolves to 10.96.0.8", "unknown"],
    ["db.my resolves to db.example.test from dev", "proved"],
    ["db.my resolves to other.example.test from dev", "unknown"],
    ["db.my resolves from dev", "unknown"],
    ["six.my.svc.cluster.local resolves to redis.prod.svc.cluster.local", "proved"],
    ["six.my.svc.cluster.local resolves to 10.96.0.9", "proved"],
    ["six.my.svc.cluster.local resolves", "proved"],
    ["static.test resolves to 192.0.2.1", "proved"],
    ["www.example.test resolves", "unknown"],
    ["www.example.test does not resolve", "unknown"],
    ["old.prod.svc.cluster.local does not resolve", "proved"],
    ["redis.prod.svc.cluster.local does not resolve", "broken"],
    ["b.hole.test does not resolve", "proved"],
    ["b.hole.test resolves", "broken"],
    ["corp.test is forwarded to 10.0.0.2", "proved"],
    ["corp.test is forwarded to 10.0.0.3:53", "proved"],
    ["corp.test is forwarded to 8.8.8.8", "broken"],
    ["example.test is forwarded to 8.8.8.8", "proved"],
    ["hole.test is forwarded to 8.8.8.8", "broken"],
    ["redis resolves from nowhere", "vacuous"],
    ["redis points to nowhere", "vacuous"],
  ])("%s: %s", (text, outcome) => {
    const proof = prove(text);
    expect([proof.outcome, proof.findings.map((finding) => finding.message)]).toEqual([
      outcome,
      expect.anything(),
    ]);
    expect(proof.findings.length > 0).toBe(outcome !== "proved");
  });
});

test.each([
  ["redi.prod.svc.cluster.local resolves", "dns/broken-claim", 'did you mean "redis.prod"?'],
  ["b.hole.test resolves", "dns/broken-claim", 'add "fallthrough" to the hosts plugin'],
  ["corp.test is forwarded to 8.8.8.8", "dns/broken-claim", "now it is 10.0.0.2:53 or 10.0.0.3:53"],
  ["www.example.test resolves", "dns/unproved-claim", "is forwarded to"],
  ["redis resolves from prd", "dns/empty-claim", 'did you mean "prod"?'],
])("%s: %s", (text, code, hint) => {
  expect(prove(text).findings).toMatchObject([
    { code, severity: "error", hint: expect.stringContaining(hint) },
  ]);
});

describe("a claim that cannot be read", () => {
  test.each([
    ["", "can be asked of nobody|expected"],
    ["redis", 'expected "resolves"'],
    ["redis resolves to", "found the end"],
    ["redis resolves to http://x.test", "scheme"],
    ["redis resolves to x.test:80", "port"],
    ["redis resolves in dev", 'expected "from NAMESPACE"'],
    ["redis resolves from Dev", 'expected "from NAMESPACE"'],
    ["redis resolves from dev/a/b", 'expected "from NAMESPACE"'],
    ["a..b resolves", "empty label"],
    ["corp.test is forwarded to elsewhere", "write an address"],
    ["x".repeat(1001), "at most 1000"],
  ])("%j", (text, part) => {
    const read = parseResolvesClaim(text, { by: "expect", path: "expect[0]" });
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.findings).toMatchObject([{ code: "dns/valid-claim", path: "expect[0]" }]);
    expect(`${read.findings[0]?.message} ${read.findings[0]?.hint}`).toMatch(new RegExp(part));
  });

  test("parsed parts", () => {
    expect(parseResolvesClaim("my.db  resolves to db.example.test from dev/pod-1", { by: "dns" })).toEqual({
      ok: true,
      value: {
        kind: "resolves",
        text: "my.db  resolves to db.example.test from dev/pod-1",
        by: "dns",
        expect: "to",
        name: "my.db",
        target: "db.example.test",
        fromPod: "dev/pod-1",
      },
    });
  });
});
