import { expect, test } from "vitest";
import { isInCidr } from "./network.ts";
import { targetsOf, unaskedPorts, waysOf } from "./network-ways.ts";
import type { LivePod } from "./pods.ts";

const pod = (namespace: string, name: string, ports: readonly number[] = [80], kind = name): LivePod => ({
  ...{ namespace, name, ip: "10.0.0.1", containers: ["main"], owners: [], ports, open: [], http: [] },
  declared: ports,
  kind: `${namespace} ${kind}`,
});
const tcp = (from: number, to = from) => ({ protocol: "TCP" as const, from, to });
const texts = (targets: readonly { readonly text: string; readonly expect: string }[]) =>
  targets.map(({ text, expect: meant }) => `${text} ${meant}`);

test("ports of a claim: those that pods name in a range, and the one that it names itself", () => {
  const pods = [pod("prod", "web", [80, 8080])];
  expect(texts(targetsOf({ expect: "reach" }, pods))).toEqual(["prod/web:80 reach", "prod/web:8080 reach"]);
  expect(texts(targetsOf({ expect: "no-reach", ports: [tcp(8000, 9000)] }, pods))).toEqual([
    "prod/web:8080 no-reach",
  ]);
  expect(texts(targetsOf({ expect: "reach", ports: [tcp(5432)] }, pods))).toEqual(["prod/web:5432 reach"]);
  expect(texts(targetsOf({ expect: "only", ports: [tcp(80)] }, pods))).toEqual([
    "prod/web:80 reach",
    "prod/web:8080 no-reach",
  ]);
  expect(targetsOf({ expect: "reach", ports: [{ protocol: "UDP", from: 53, to: 53 }] }, pods)).toEqual([]);
  expect(unaskedPorts([tcp(80), { protocol: "UDP", from: 53, to: 53 }])).toEqual(["53/UDP"]);
});

test("ways go from each kind to each kind, never from a pod to itself, and to as many of each pair within a bound", () => {
  const web = [pod("prod", "web-1", [80], "web"), pod("prod", "web-2", [80], "web")];
  const box = [pod("dev", "box")];
  const own = waysOf(web, targetsOf({ expect: "reach" }, web), 10);
  expect(own.ways.map(({ from, to }) => `${from.name} ${to.text}`)).toEqual(["web-1 prod/web-2:80"]);
  expect(waysOf(box, targetsOf({ expect: "reach" }, box), 10).ways).toEqual([]);
  const wide = [pod("prod", "a", [1, 2, 3]), pod("common", "b", [4, 5, 6])];
  const few = waysOf(box, targetsOf({ expect: "reach" }, wide), 4);
  expect(few.ways.map(({ to }) => to.text)).toEqual(["prod/a:1", "common/b:4", "prod/a:2", "common/b:5"]);
  expect(few.count).toBe(6);
  expect(few.pairs).toEqual(["dev -> prod", "dev -> common"]);
});

test.each([
  ["203.0.113.7", "internet", true],
  ["fd00::1", "internet", true],
  ["203.0.113.7", "203.0.113.0/24", true],
  ["203.0.114.7", "203.0.113.0/24", false],
  ["203.0.113.7", "203.0.113.7", true],
  ["fd00::1", "fd00::/8", true],
  ["fd00::1", "10.0.0.0/8", false],
])("%s is in %s: %s", (address, cidr, expected) => {
  expect(isInCidr(address, cidr)).toBe(expected);
});
