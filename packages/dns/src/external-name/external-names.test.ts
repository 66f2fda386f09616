import { join } from "node:path";
import { blockContract } from "@ashlar/core/testing";
import type * as z from "@ashlar/core/zod";
import { describe, expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { externalNames } from "./external-names.ts";
import type { externalNamesIntent } from "./intent.ts";
import { noBrokenExternalName } from "./no-broken-external-name.ts";
import { noPublicResolver } from "./no-public-resolver.ts";

const CASES = join(import.meta.dirname, "cases");
type Input = z.input<ReturnType<typeof externalNamesIntent>>;

blockContract(
  { test },
  { builder: externalNames, cases: readCases<Input>(CASES), rules: [noBrokenExternalName, noPublicResolver] },
);
goldenTests<Input>(CASES, externalNames);

test("the reference platform's database is one Service and one promise", () => {
  const { resources, claims } = externalNames({
    names: { "my.db": "db.example.ap-northeast-2.rds.amazonaws.com" },
  });
  expect(resources).toEqual([
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "my", namespace: "db" },
      spec: { type: "ExternalName", externalName: "db.example.ap-northeast-2.rds.amazonaws.com" },
    },
  ]);
  expect(claims.map(({ kind, text }) => [kind, text])).toEqual([
    ["resolves", "my.db.svc.cluster.local resolves to db.example.ap-northeast-2.rds.amazonaws.com"],
  ]);
});

describe("targets that DNS cannot look up are refused with what to write", () => {
  test.each([
    ["10.0.0.7", "is an IP address", "EndpointSlice"],
    ["10.0.0.7.", "is an IP address", "EndpointSlice"],
    ["2001:db8::7", "is an IP address", "EndpointSlice"],
    ["[2001:db8::7]", "is an IP address", "EndpointSlice"],
    [
      "postgres://app:secret@db.example.test:5432/app?x=y",
      "is a URL",
      "write its host alone: db.example.test",
    ],
    ["db.example.test:5432", "has a port", "write db.example.test"],
    ["db:5432", "has a port", "write db"],
    ["*.example.test", "is a wildcard", "the name itself"],
    [`${"a".repeat(64)}.test`, "has 64 characters", "no label"],
    [`${"a.".repeat(127)}test`, "at most 253", "correct"],
    ["DB.example.test", "capital letters", "write db.example.test"],
    ["db_1.example.test", "no DNS name", "a-z, 0-9 and -"],
    ["db..example.test", "no DNS name", "a-z, 0-9 and -"],
    ["db.example.test/app", "no DNS name", "a-z, 0-9 and -"],
    ["db.example.test\n", "no DNS name", "a-z, 0-9 and -"],
    ["db", "search path", "the whole name"],
    ["redis.prod.svc", "search path", "redis.prod.svc.cluster.local"],
    ["", "no name", "db.example.test"],
    [".", "no name", "db.example.test"],
  ])("%s", (target, message, hint) => {
    const result = externalNames.safe({ names: { "my.db": target } });
    expect(result.ok).toBe(false);
    if (result.ok) return;
    expect(result.findings[0]).toMatchObject({
      path: 'names["my.db"]',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    });
  });

  test.each(["my", "my.db.svc", "My.db", "1my.db", "my.db_", ".db", "my."])("the key %s", (key) => {
    const result = externalNames.safe({ names: { [key]: "db.example.test" } });
    expect(result.ok).toBe(false);
  });

  test("names that lead back to themselves, and one that leads there", () => {
    const result = externalNames.safe({
      names: {
        "a.x": "b.x.svc.cluster.local",
        "b.x": "a.x.svc.cluster.local.",
        "c.x": "a.x.svc.cluster.local",
        "d.x": "d.x.svc.cluster.local",
        "e.x": "e.x.svc.other.test",
      },
    });
    expect(result.ok ? [] : result.findings.map(({ path, message }) => [path, message])).toEqual([
      [
        'names["a.x"]',
        "it leads into a loop: a.x.svc.cluster.local → b.x.svc.cluster.local → a.x.svc.cluster.local",
      ],
      [
        'names["b.x"]',
        "it leads into a loop: b.x.svc.cluster.local → a.x.svc.cluster.local → b.x.svc.cluster.local",
      ],
      [
        'names["c.x"]',
        "it leads into a loop: a.x.svc.cluster.local → b.x.svc.cluster.local → a.x.svc.cluster.local",
      ],
      ['names["d.x"]', "it leads into a loop: d.x.svc.cluster.local → d.x.svc.cluster.local"],
    ]);
  });
});

test("what may be a password is in no message", () => {
  for (const target of [
    "postgres://app:canary@db.example.test:5432/app",
    "app:canary@db.example.test:5432",
    "app:canary@DB.example.test",
    "app:canary@db",
    "app:canary@*.example.test",
  ]) {
    const result = externalNames.safe({ names: { "my.db": target } });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain("canary");
  }
});
