import { type Claim, once } from "@ashlar/core";
import type { Cluster } from "@ashlar/core/live";
import { parseResolvesClaim, type ResolvesClaim } from "@ashlar/dns";
import type { AccessClaim } from "@ashlar/iam";
import type { RequiresLoginClaim, ServesClaim } from "@ashlar/ingress";
import type { ReachClaim } from "@ashlar/network-policy";
import type { PullsClaim } from "@ashlar/registry";
import { accessOf, objectSet, routesOf } from "../../check.ts";
import type { Platform } from "../../define-platform.ts";
import { accessAsker } from "./access.ts";
import { type Answered, unknown } from "./answer.ts";
import { type Asking, issuerClaim, type VerifyKind, type VerifyOptions } from "./asking.ts";
import { askIssuer } from "./discovery.ts";
import { dnsAsker } from "./dns.ts";
import { askServes, urlOptions } from "./hosts.ts";
import { inPods } from "./in-pod.ts";
import { loginAsker } from "./login.ts";
import { networkAsker } from "./network.ts";
import { pacer } from "./pace.ts";
import { type NamespacePods, readPods } from "./pods.ts";
import { pullsAsker } from "./pulls.ts";

/** A claim, and how it is asked. */
export interface Question {
  readonly claim: Claim;
  readonly ask: () => Promise<Answered>;
}

/** The kind of question that a claim is. */
const KIND_OF: ReadonlyMap<string, VerifyKind> = new Map([
  ["access", "access"],
  ["reach", "network"],
  ["resolves", "dns"],
  ["serves", "hosts"],
  ["requires-login", "hosts"],
  ["pulls", "pulls"],
]);

/** The claims of a platform that are asked, with the platform's issuer beside them. */
export function questionsOf(platform: Platform, cluster: Cluster, options: VerifyOptions): Question[] {
  const asking = askingOf(platform, cluster, options);
  const { set } = asking;
  const isAsked = (kind: VerifyKind | undefined) =>
    options.only === undefined || (kind !== undefined && options.only.includes(kind));
  const ask = askers(asking);
  const questions = (set.claims ?? [])
    .filter(({ kind }) => isAsked(KIND_OF.get(kind)))
    .map((claim): Question => ({ claim, ask: () => ask(claim) }));
  const { oidc } = platform;
  const claim = issuerClaim(platform);
  if (oidc === undefined || claim === undefined || !isAsked("identity")) return questions;
  const url = urlOptions(asking);
  // What the API server trusts for its issuer is known.
  const authorities = [url.certificateAuthority, oidc.certificateAuthority].filter(
    (pem) => pem !== undefined,
  );
  const trusting = authorities.length > 0 ? { ...url, certificateAuthority: authorities.join("\n") } : url;
  return [...questions, { claim, ask: () => askIssuer(oidc.issuer, trusting) }];
}

/** Who asks a claim of which kind; each is made when the first claim of its kind is asked. */
function askers(asking: Asking): (claim: Claim) => Promise<Answered> {
  const pods = inPods(asking);
  const access = once(() => accessAsker(asking, accessOf(asking.set)));
  const network = networkAsker(asking, pods);
  const dns = dnsAsker(asking, pods);
  const login = once(() => loginAsker(asking, routesOf(asking.set)));
  const pulls = pullsAsker(asking);
  const hosts = pacer({ parallel: 8, pauseMilliseconds: 0, signal: asking.options.signal });
  return async (claim) => {
    switch (claim.kind) {
      case "access":
        return access()(claim as AccessClaim);
      case "reach":
        return network(claim as ReachClaim);
      case "resolves":
        return dns(resolvesClaim(claim));
      case "serves":
        return hosts(() => askServes(claim as ServesClaim, urlOptions(asking)));
      case "requires-login":
        return hosts(() => login()(claim as RequiresLoginClaim));
      case "pulls":
        return pulls(claim as PullsClaim);
      default:
        return unknown("nothing", `nobody knows how to ask a claim of kind ${claim.kind}`);
    }
  };
}

/** Blocks may promise a name by a text alone. */
function resolvesClaim(claim: Claim): ResolvesClaim {
  if ("expect" in claim) return claim as ResolvesClaim;
  const parsed = parseResolvesClaim(claim.text, { by: claim.by });
  return parsed.ok ? parsed.value : { ...claim, kind: "resolves", expect: "forwarded", name: "" };
}

function askingOf(platform: Platform, cluster: Cluster, options: VerifyOptions): Asking {
  const { parallel = 4, pauseMilliseconds = 200 } = options.probes ?? {};
  const read = new Map<string, Promise<NamespacePods>>();
  return {
    platform,
    set: objectSet(platform),
    cluster,
    options,
    podsOf: (namespace) => {
      const known = read.get(namespace) ?? readPods(cluster, namespace);
      read.set(namespace, known);
      return known;
    },
    paced: pacer({ parallel, pauseMilliseconds, signal: options.signal }),
  };
}
