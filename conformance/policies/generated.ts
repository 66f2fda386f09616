import type { Resource } from "@ashlar/core";
import type { Case } from "./case.ts";
import { type Random, randomFrom } from "./random.ts";

/**
 * Policies made at random from a seed: a third as they come (mostly valid), the rest with one to three mutations
 * anywhere in them (a value replaced, a field removed, renamed, added, a list entry doubled).
 */
export function generatedCases(seed: number, count: number): readonly Case[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, (_, i) => {
    const policy = randomPolicy(random);
    const mutations = random.below(3) === 0 ? 0 : 1 + random.below(3);
    for (let m = 0; m < mutations; m++) mutate(policy, random);
    return { name: `seed ${seed} number ${i}`, policy: policy as unknown as Resource };
  });
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

const KEYS = ["app", "team", "app.kubernetes.io/name", "a/b", "x_y", "tier"];
const VALUES = ["web", "db", "", "v1.2", "A_b"];
const CIDRS = [
  "10.0.0.0/8",
  "10.1.0.0/16",
  "192.168.0.0/24",
  "0.0.0.0/0",
  "10.2.3.4/32",
  "2001:db8::/32",
  "2001:db8:1::/48",
  "::/0",
];

function randomPolicy(random: Random): JsonObject {
  const spec: JsonObject = { podSelector: randomSelector(random) };
  if (random.chance(0.7)) spec.ingress = listOf(random, 3, () => randomRule(random, "from"));
  if (random.chance(0.6)) spec.egress = listOf(random, 3, () => randomRule(random, "to"));
  if (random.chance(0.6))
    spec.policyTypes = random.pick<Json>([["Ingress"], ["Egress"], ["Ingress", "Egress"], []]);
  const metadata: JsonObject = { name: random.pick(["a", "namespace-ingress", "x.y", "p1"]) };
  if (random.chance(0.4)) metadata.labels = randomLabels(random);
  if (random.chance(0.2)) metadata.annotations = randomLabels(random);
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec };
}

function randomRule(random: Random, peers: "from" | "to"): Json {
  const rule: JsonObject = {};
  if (random.chance(0.8)) rule[peers] = listOf(random, 3, () => randomPeer(random));
  if (random.chance(0.7)) rule.ports = listOf(random, 3, () => randomPort(random));
  return rule;
}

function randomPeer(random: Random): Json {
  if (random.chance(0.35)) {
    const block: JsonObject = { cidr: random.pick(CIDRS) };
    if (random.chance(0.4)) block.except = listOf(random, 2, () => random.pick(CIDRS));
    return { ipBlock: block };
  }
  const which = 1 + random.below(3);
  return {
    ...(which & 1 ? { podSelector: randomSelector(random) } : {}),
    ...(which & 2 ? { namespaceSelector: randomSelector(random) } : {}),
  };
}

function randomPort(random: Random): Json {
  const port: JsonObject = {};
  if (random.chance(0.6)) port.protocol = random.pick(["TCP", "UDP", "SCTP"]);
  if (random.chance(0.5)) {
    port.port = random.pick([1, 53, 80, 443, 8080, 65535]);
    if (random.chance(0.3)) port.endPort = random.pick([80, 443, 9000, 65535]);
  } else if (random.chance(0.6)) port.port = random.pick(["http", "dns-tcp", "a1"]);
  return port;
}

function randomSelector(random: Random): Json {
  const selector: JsonObject = {};
  if (random.chance(0.6)) selector.matchLabels = randomLabels(random);
  if (random.chance(0.4))
    selector.matchExpressions = listOf(random, 2, () => {
      const operator = random.pick(["In", "NotIn", "Exists", "DoesNotExist"]);
      const values = operator.endsWith("In") ? { values: [random.pick(VALUES), random.pick(VALUES)] } : {};
      return { key: random.pick(KEYS), operator, ...values };
    });
  return selector;
}

function randomLabels(random: Random): JsonObject {
  return Object.fromEntries(
    listOf(random, 3, () => random.pick(KEYS)).map((key) => [String(key), random.pick(VALUES)]),
  );
}

function listOf<T extends Json>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: random.below(most + 1) }, make);
}

const REPLACEMENTS: readonly Json[] = [
  null,
  true,
  0,
  -1,
  80,
  65536,
  1.5,
  2 ** 40,
  "",
  "a",
  "80",
  "A B",
  "-",
  "tcp",
  "In",
  "Exists",
  "Ingress",
  "10.0.0.1/8",
  "10.0.0.0/33",
  "010.0.0.0/8",
  "::ffff:10.0.0.0/104",
  "2001:db8::1/32",
  "x".repeat(64),
  [],
  ["a"],
  [null],
  {},
  { a: "b" },
];
const NAMES = [
  "ports",
  "from",
  "to",
  "ipBlock",
  "cidr",
  "Port",
  "podselector",
  "values",
  "spec",
  "endPort",
  "x",
];

/** Changes one place of the policy below `metadata` or `spec`. */
function mutate(policy: JsonObject, random: Random): void {
  const places: { readonly holder: Json[] | JsonObject; readonly key: string | number }[] = [];
  const visit = (holder: Json): void => {
    if (typeof holder !== "object" || holder === null) return;
    for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
      if (holder === policy && key !== "metadata" && key !== "spec") continue;
      places.push({ holder, key });
      visit((holder as JsonObject)[key]!);
    }
  };
  visit(policy);
  if (places.length === 0) return; // earlier mutations removed both
  const { holder, key } = random.pick(places);
  if (Array.isArray(holder)) {
    const i = Number(key);
    if (random.chance(0.7)) holder[i] = structuredClone(random.pick(REPLACEMENTS));
    else if (random.chance(0.5)) holder.splice(i, 1);
    else holder.splice(i, 0, structuredClone(holder[i]!));
    return;
  }
  const value = holder[key]!;
  if (random.chance(0.6)) holder[key] = structuredClone(random.pick(REPLACEMENTS));
  else if (random.chance(0.3)) delete holder[key];
  else if (random.chance(0.4)) holder[random.pick(NAMES)] = structuredClone(random.pick(REPLACEMENTS));
  else {
    delete holder[key];
    holder[random.pick([...NAMES, `${key}s`])] = value;
  }
}
