import { formatIp } from "../policy/ip.ts";
import type { Unit } from "../reach/unit.ts";
import type { Party, ReachClaim } from "./claim.ts";
import { type NaiveEnd, naiveAllows } from "./naive.test-support.ts";
import type { ReachProof } from "./prove-claims.ts";
import {
  ADDRESSES,
  CONTAINS,
  classOf,
  contains,
  ENVS,
  LABELS,
  NAMESPACES,
  PORTS,
  SINGLE,
  type World,
} from "./worlds.test-support.ts";

/** Subjects of a party: a namespace, a unit, or a list of outside addresses. */
type Subject = { namespace: string } | { unit: Unit } | { outside: readonly string[] };

function subjectsOf(p: Party, { units }: World): Subject[] {
  if (p.kind === "namespaces") return p.namespaces.map((namespace) => ({ namespace }));
  if (p.kind === "workload") return [{ unit: units[p.ref]! }];
  return [{ outside: p.cidr === "internet" ? [...ADDRESSES[4], ...ADDRESSES[6]] : CONTAINS[p.cidr]! }];
}

/** What is fixed but unknown in one case: env labels of namespaces, and the addresses of the two ends. */
interface Case {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

function addressesOf(s: Subject, w: World, family: 4 | 6): { all: string[]; fixed: boolean } {
  const ofFamily = (list: readonly string[]) =>
    list.filter((a) => (ADDRESSES[family] as readonly string[]).includes(a));
  if ("outside" in s) return { all: ofFamily(s.outside), fixed: false };
  const known = "unit" in s ? s.unit.addresses : undefined;
  if (known !== undefined)
    return { all: ofFamily(known.map((k) => classOf(formatIp(k.family, k.first)))), fixed: false };
  const all = ofFamily(w.podCidr === undefined ? [...ADDRESSES[4], ...ADDRESSES[6]] : CONTAINS[w.podCidr]!);
  return { all, fixed: "unit" in s || w.podCidr === undefined };
}

function casesOf(from: Subject, to: Subject, w: World, family: 4 | 6): Case[] {
  const unknown = NAMESPACES.filter((n) => !w.namespaces.get(n)!.complete);
  let envs: Record<string, string | undefined>[] = [{}];
  for (const n of unknown) envs = envs.flatMap((e) => ENVS.map((value) => ({ ...e, [n]: value })));
  const choices = ({ all, fixed }: ReturnType<typeof addressesOf>) => (fixed ? all.map((a) => [a]) : [all]);
  const cases: Case[] = [];
  for (const env of envs)
    for (const f of choices(addressesOf(from, w, family)))
      for (const t of choices(addressesOf(to, w, family)))
        if (!(f.length === 1 && t.length === 1 && f[0] === SINGLE && t[0] === SINGLE))
          cases.push({ env, from: f, to: t });
  return cases;
}

function* endsOf(
  s: Subject,
  addresses: readonly string[],
  w: World,
  env: Case["env"],
  named: string | undefined,
): Generator<NaiveEnd> {
  const namespace = "namespace" in s ? s.namespace : "unit" in s ? s.unit.namespace : undefined;
  for (const address of addresses) {
    if (namespace === undefined) {
      yield { namespaceLabels: {}, labels: {}, address, names: {} };
      continue;
    }
    const supposed = env[namespace];
    const namespaceLabels = {
      ...w.namespaces.get(namespace)!.labels,
      ...(supposed !== undefined && { env: supposed }),
      "kubernetes.io/metadata.name": namespace,
    };
    if ("unit" in s) {
      const names: Record<string, number[]> = {};
      for (const p of s.unit.ports) names[`${p.protocol}/${p.name}`] = [p.number];
      yield { namespace, namespaceLabels, labels: s.unit.labels.labels, address, names };
    } else
      for (const labels of mentionedIn(w).labels) {
        yield { namespace, namespaceLabels, labels, address, names: {} };
        if (named && mentionedIn(w).names)
          yield { namespace, namespaceLabels, labels, address, names: { [named]: [80, 85, 9999] } };
      }
  }
}

/** Labels whose key no policy mentions tell no pods apart, nor does a port name that none mentions. */
function mentionedIn(w: World): { readonly labels: typeof LABELS; readonly names: boolean } {
  const known = mentionedByWorld.get(w);
  if (known !== undefined) return known;
  const text = JSON.stringify(w.policies);
  const labels = LABELS.filter((l) => Object.keys(l).every((key) => text.includes(`"${key}"`)));
  const mentioned = { labels, names: text.includes('"http"') };
  mentionedByWorld.set(w, mentioned);
  return mentioned;
}

const mentionedByWorld = new WeakMap<World, ReturnType<typeof mentionedIn>>();

/** Whether a flow that is allowed (or denied) exists in one case. */
function exists(
  wanted: boolean,
  ports: readonly (typeof PORTS)[number][],
  from: Subject,
  to: Subject,
  w: World,
  c: Case,
): boolean {
  for (const [protocol, number] of ports)
    for (const p of endsOf(from, c.from, w, c.env, undefined))
      for (const q of endsOf(to, c.to, w, c.env, `${protocol}/http`)) {
        if (p.address === SINGLE && q.address === SINGLE && areDistinct(from, to)) continue;
        if (naiveAllows(w.policies, { from: p, to: q, protocol, port: number }, contains) === wanted)
          return true;
      }
  return false;
}

function bothKnown(from: Subject, to: Subject): boolean {
  return [from, to].every((s) => "unit" in s && s.unit.addresses !== undefined);
}

/** Whether two pods are meant that cannot have one address. */
function areDistinct(from: Subject, to: Subject): boolean {
  return !("outside" in from) && !("outside" in to) && !bothKnown(from, to);
}

/** What trying everything says of a claim: each label assignment, port and address class, and each unknown fact. */
export function naiveOutcome(c: ReachClaim, w: World): ReachProof["outcome"] {
  const inPorts = ([protocol, number]: (typeof PORTS)[number]) =>
    c.ports === undefined ||
    c.ports.some((p) => p.protocol === protocol && p.from <= number && number <= p.to);
  const asked = PORTS.filter(inPorts);
  const others = PORTS.filter((p) => !inPorts(p));
  const searches = [
    ...(c.expect === "no-reach" ? [] : [{ wanted: false, ports: asked }]),
    ...(c.expect === "no-reach" ? [{ wanted: true, ports: asked }] : []),
    ...(c.expect === "only" ? [{ wanted: true, ports: others }] : []),
  ];
  const seen = new Set<string>();
  for (const from of subjectsOf(c.from, w))
    for (const to of subjectsOf(c.to, w)) {
      if ("unit" in from && "unit" in to && from.unit === to.unit && from.unit.kind === "pod") continue;
      const families = ([4, 6] as const).filter(
        (f) =>
          casesOf(from, to, w, f).length > 0 && [from, to].every((s) => addressesOf(s, w, f).all.length > 0),
      );
      if (families.length > 0) seen.add("flow");
      for (const { wanted, ports } of searches) {
        const groups =
          bothKnown(from, to) && !wanted ? (families.length > 0 ? [families] : []) : families.map((f) => [f]);
        for (const group of groups) {
          const cases = casesOf(from, to, w, group[0]!);
          const found = cases.map((_, i) =>
            group.every((f) => exists(wanted, ports, from, to, w, casesOf(from, to, w, f)[i]!)),
          );
          if (found.every((x) => x)) seen.add("broken");
          else if (found.some((x) => x)) seen.add("unknown");
        }
      }
    }
  if (!seen.has("flow")) return "vacuous";
  return seen.has("broken") ? "broken" : seen.has("unknown") ? "unknown" : "proved";
}
