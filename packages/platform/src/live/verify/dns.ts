import { isIP } from "node:net";
import type { ResolvesClaim } from "@ashlar/dns";
import { type Answered, broken, held, unknown } from "./answer.ts";
import type { Asking } from "./asking.ts";
import type { InPods } from "./in-pod.ts";
import { bareName, type Lookup, readNslookup, searchedNames } from "./nslookup.ts";
import { type LivePod, onePerKind } from "./pods.ts";

/** A nameserver is asked twice by most programs before they give up. */
const LOOKUP_SECONDS = 20;
/** Kinds of pods that are looked into for an nslookup. */
const MOST_PODS = 8;

/** Asks claims about names by `nslookup` in a pod that they speak of. */
export function dnsAsker(asking: Asking, pods: InPods): (claim: ResolvesClaim) => Promise<Answered> {
  return async (claim) => {
    if (claim.expect === "forwarded")
      return unknown(
        "nothing",
        "which server the cluster's DNS asks is not seen from a pod: ashlar check proves it from the Corefile",
      );
    const found = await podsFor(claim, asking);
    if ("problem" in found) return unknown("nothing", found.problem);
    let problem = "no pod has nslookup";
    for (const pod of found.pods.slice(0, MOST_PODS)) {
      const answer = await askFrom(claim, pod, pods);
      if (!("missing" in answer)) return answer;
      problem = `no pod that was tried has nslookup (${pod.namespace}/${pod.name} …)`;
    }
    return unknown("nothing", problem);
  };
}

async function podsFor(
  { fromPod, fromNamespace }: ResolvesClaim,
  { podsOf, platform }: Asking,
): Promise<{ readonly pods: readonly LivePod[] } | { readonly problem: string }> {
  const namespace = fromNamespace ?? fromPod?.split("/")[0];
  if (namespace === undefined) return anyPods(Object.values(platform.environments).flat(), podsOf);
  const { pods, problem } = await podsOf(namespace);
  if (problem !== undefined) return { problem };
  if (fromPod === undefined)
    return pods.length > 0
      ? { pods: onePerKind(pods) }
      : { problem: `${namespace} has no ready pod to ask from` };
  const pod = pods.find(({ name }) => name === fromPod.split("/")[1]);
  return pod === undefined ? { problem: `there is no ready pod ${fromPod}` } : { pods: [pod] };
}

/** A complete name is the same for all: any pod will do. Namespaces that may not be read are passed over while another can. */
async function anyPods(
  namespaces: readonly string[],
  podsOf: Asking["podsOf"],
): Promise<{ readonly pods: readonly LivePod[] } | { readonly problem: string }> {
  const found = await Promise.all(namespaces.map(podsOf));
  // One of each namespace first: a firewall may keep one of them from the DNS.
  const kinds = found.map(({ pods }) => onePerKind(pods));
  const longest = Math.max(0, ...kinds.map(({ length }) => length));
  const pods = Array.from({ length: longest }, (_, i) => kinds.flatMap((list) => list[i] ?? [])).flat();
  if (pods.length > 0) return { pods };
  return {
    problem:
      found.find(({ problem }) => problem !== undefined)?.problem ??
      "no namespace of the platform has a ready pod",
  };
}

async function askFrom(
  claim: ResolvesClaim,
  pod: LivePod,
  { run }: InPods,
): Promise<Answered | { readonly missing: true }> {
  const where = `${pod.namespace}/${pod.name}`;
  const isComplete = claim.fromNamespace === undefined && claim.fromPod === undefined;
  let names = [`${claim.name.replace(/\.$/, "")}.`];
  if (!isComplete) {
    const file = await run(pod, ["cat", "/etc/resolv.conf"], LOOKUP_SECONDS);
    if ("problem" in file || file.exitCode !== 0)
      return unknown("nothing", `/etc/resolv.conf of ${where} cannot be read, which names are searched by`);
    names = searchedNames(claim.name, file.stdout);
  }
  const wanted =
    claim.expect === "to" && isIP(claim.target ?? "") === 0 ? bareName(claim.target ?? "") : undefined;
  let last: { readonly name: string; readonly lookup: Lookup } | undefined;
  for (const name of names) {
    const lookup = await look(pod, name, wanted, run);
    if ("missing" in lookup) return lookup;
    if ("problem" in lookup) return unknown(`nslookup ${name} in ${where}`, lookup.problem);
    // As libc: a name without an address is searched for further on.
    last = { name, lookup };
    if (lookup.status !== "nxdomain" && lookup.status !== "nodata") break;
  }
  if (last === undefined) return unknown("nothing", "there is no name to ask for");
  return judgeLookup(claim, last.lookup, `nslookup ${last.name} in ${where}`);
}

async function look(
  pod: LivePod,
  name: string,
  alias: string | undefined,
  run: InPods["run"],
): Promise<Lookup | { readonly missing: true } | { readonly problem: string }> {
  const ask = async (...words: readonly string[]) => {
    const answer = await run(pod, ["nslookup", ...words], LOOKUP_SECONDS);
    if ("problem" in answer)
      return answer.missing === true ? { missing: true as const } : { problem: answer.problem };
    return readNslookup(`${answer.stdout}\n${answer.stderr}`);
  };
  const lookup = await ask(name);
  if (alias === undefined || !("aliases" in lookup) || lookup.aliases.includes(alias) || !lookup.showsAliases)
    return lookup;
  if (lookup.status === "silent") return lookup;
  // Of a name whose target has no address they say that, and not the target.
  const direct = await ask("-type=cname", name);
  if (!("aliases" in direct) || direct.aliases.length === 0) return lookup;
  return { ...lookup, status: "answer", aliases: [...lookup.aliases, ...direct.aliases] };
}

/** Holds what a nameserver said against a claim. */
export function judgeLookup(
  { expect, target = "" }: Pick<ResolvesClaim, "expect" | "target">,
  lookup: Lookup,
  asked: string,
): Answered {
  const { status, addresses, aliases } = lookup;
  const text = lookupText(lookup);
  if (status === "unreadable") return unknown(asked, "the words of this nslookup are not known");
  if (status === "silent") return unknown(asked, "no nameserver answered the pod");
  if (expect === "nothing") {
    if (status === "failed") return unknown(asked, "the nameserver could not answer");
    return addresses.length > 0 ? broken(asked, "it has an address", [text]) : held(asked, [text]);
  }
  if (expect === "resolves")
    return addresses.length > 0 ? held(asked, [text]) : broken(asked, "it has no address", [text]);
  const hit =
    isIP(target) > 0 ? addresses.some((one) => sameAddress(one, target)) : aliases.includes(bareName(target));
  if (hit) return held(asked, [text]);
  if (isIP(target) === 0 && !lookup.showsAliases)
    return unknown(asked, "this nslookup does not show of what a name is another name", [text]);
  return broken(asked, `it does not resolve to ${target}`, [text]);
}

function lookupText({ status, addresses, aliases }: Lookup): string {
  if (status === "nxdomain") return "there is no such name (NXDOMAIN)";
  if (status === "nodata") return "the name has no address";
  if (status === "failed") return "the nameserver could not answer";
  return [...aliases.map((name) => `another name of ${name}`), ...addresses].join(", ");
}

/** Addresses of IPv6 have several spellings; a URL has one. */
function sameAddress(a: string, b: string): boolean {
  return canonical(a) === canonical(b);
}

function canonical(address: string): string {
  return isIP(address) === 6 ? new URL(`http://[${address}]`).hostname : address;
}
