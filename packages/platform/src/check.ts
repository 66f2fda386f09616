import {
  type AssumedPods,
  applyPatches,
  type Claim,
  type Finding,
  type Inventory,
  type Locate,
  type Proof,
  type Resource,
  type ResourceRef,
  type Rule,
  refOf,
  type Sealed,
  sortFindings,
  type Versions,
} from "@ashlar/core";
import { type DnsModel, dnsModel, proveResolves, type ResolvesClaim } from "@ashlar/dns";
import { type AccessClaim, type AccessModel, accessModel, proveAccess } from "@ashlar/iam";
import { proveServes, type RouteClaim, type RoutesModel, routesModel } from "@ashlar/ingress";
import { type NetworkModel, networkModel, proveReach, type ReachClaim } from "@ashlar/network-policy";
import { type PullsClaim, provePulls, pullsModel } from "@ashlar/registry";
import type { Platform } from "./define-platform.ts";
import { findingsOfIdentity, identityOfPlatform } from "./identity.ts";
import type { IdentityDocuments } from "./identity-documents.ts";
import { findingsOfProxies } from "./proxy-bypass.ts";
import type { BaselineEntry } from "./report/baseline.ts";
import type { SuppressedFinding } from "./report/suppression.ts";
import { rules } from "./rules.ts";

/** A set of objects and what is known beside them: what models and rules are asked about. */
export interface ObjectSet {
  readonly resources: readonly Resource[];
  readonly locate?: Locate;
  readonly versions?: Versions;
  readonly claims?: readonly Claim[];
  readonly podCidrs?: readonly string[];
  /** Environment → its namespaces, for claims. */
  readonly environments?: Readonly<Record<string, readonly string[]>>;
  /** What the set says of logins beside its objects. */
  readonly identity?: IdentityDocuments;
  /** The platform's groups, and what the API server puts before their names. */
  readonly groups?: { readonly names: readonly string[]; readonly prefix: string };
  /** Namespaces of which only some labels are known. */
  readonly partialNamespaces?: readonly string[];
  /** Pods that somebody else runs, by the labels that are known of them. */
  readonly assumePods?: readonly AssumedPods[];
  /** Services, `NAMESPACE/NAME`, whose pods somebody else makes. */
  readonly assumeEndpoints?: readonly string[];
  /** Objects of which only the fields of a patch are known. */
  readonly partial?: readonly ResourceRef[];
  /** Secrets whose data is not known, only how it is made: among the objects as partial ones. */
  readonly sealed?: readonly Sealed[];
  /** The namespace of objects that name none. Default: `default`. */
  readonly defaultNamespace?: string;
  /** Whether the set claims to hold all that it refers to. Platforms do. Default: no. */
  readonly whole?: boolean;
  /** Objects that live elsewhere, as `NAMESPACE/KIND/NAME`, or `KIND/NAME` for cluster-scoped ones. */
  readonly assume?: readonly string[];
  /** Kinds of claims that cannot be proved, since what they hang on could not be read: the findings say why. */
  readonly unprovable?: Readonly<Record<Claim["kind"], readonly Finding[]>>;
}

export interface CheckReport {
  /** What counts, in order: neither suppressed nor in the baseline. */
  readonly findings: readonly Finding[];
  readonly proofs: readonly Proof[];
  readonly summary: CheckSummary;
  /** What suppressions took out; absent when there is none. */
  readonly suppressed?: readonly SuppressedFinding[];
  /** Present when the report was compared with a baseline. */
  readonly baseline?: {
    /** Findings that the baseline holds. */
    readonly known: readonly Finding[];
    /** What it holds and the set no longer has. */
    readonly fixed: readonly BaselineEntry[];
  };
}

export interface CheckSummary {
  readonly objects: number;
  readonly errors: number;
  readonly warnings: number;
  readonly claims: {
    readonly proved: number;
    readonly broken: number;
    readonly unknown: number;
    readonly vacuous: number;
  };
}

/** The objects of a platform as models see them: patches merged onto what they are for. */
export function objectSet(platform: Platform): ObjectSet {
  const sealed = platform.block.sealed ?? [];
  const stubs = sealed.map(stubOf);
  const { resources, partial: patched } = applyPatches(
    [...platform.block.resources, ...stubs, ...platform.given],
    platform.block.patches,
  );
  const partial = [...patched, ...stubs.map(refOf), ...platform.given.filter(isWithoutValues).map(refOf)];
  return {
    resources,
    sealed,
    versions: platform.versions,
    claims: platform.block.claims,
    podCidrs: platform.podCidrs,
    environments: platform.environments,
    groups: platform.groups,
    identity: identityOfPlatform(platform),
    assume: platform.assume,
    assumePods: givenServices(platform).flatMap(({ metadata, spec }) =>
      spec?.selector ? [{ namespace: metadata.namespace ?? "default", labels: spec.selector }] : [],
    ),
    assumeEndpoints: givenServices(platform).map(
      ({ metadata: { namespace = "default", name } }) => `${namespace}/${name}`,
    ),
    partial,
    partialNamespaces: partial.filter((ref) => ref.kind === "Namespace").map((ref) => ref.name),
    whole: true,
  };
}

function givenServices({ given }: Platform): GivenService[] {
  return given.filter(({ kind }) => kind === "Service");
}

interface GivenService extends Resource {
  readonly spec?: { readonly selector?: Readonly<Record<string, string>> };
}

/** A Secret of which only the name is known. */
function isWithoutValues(resource: Resource): boolean {
  return resource.kind === "Secret" && !("data" in resource) && !("stringData" in resource);
}

/** A Secret as far as it is known before it has its values. */
function stubOf({ metadata, type }: Sealed): Resource {
  return { apiVersion: "v1", kind: "Secret", metadata, type } as Resource;
}

/** The network model of a set. */
export function networkOf(set: ObjectSet): NetworkModel {
  return networkModel(set.resources, {
    ...(set.locate && { locate: set.locate }),
    ...(set.partialNamespaces && { partialNamespaces: set.partialNamespaces }),
    ...(set.podCidrs && { podCidrs: set.podCidrs }),
    ...(set.defaultNamespace !== undefined && { defaultNamespace: set.defaultNamespace }),
  });
}

/** The access model of a set. */
export function accessOf({ resources, locate, versions, defaultNamespace }: ObjectSet): AccessModel {
  return accessModel(resources, {
    ...(locate && { locate }),
    ...(versions?.kubernetes !== undefined && { kubernetes: versions.kubernetes }),
    ...(defaultNamespace !== undefined && { defaultNamespace }),
  });
}

/** The model of the cluster's DNS of a set. */
export function dnsOf({ resources, locate, versions, whole }: ObjectSet): DnsModel {
  return dnsModel(resources, {
    ...(locate && { locate }),
    ...(versions?.coredns !== undefined && { coredns: versions.coredns }),
    // A Service that is not in a part of a cluster may be in another.
    whole: whole === true,
  });
}

/** Kinds of objects that routes only ask to be there. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ["Secret", "v1"],
  ["IngressClass", "networking.k8s.io/v1"],
  ["ClusterIssuer", "cert-manager.io/v1"],
]);

/** The model of who answers a URL of a set. */
export function routesOf({
  resources,
  locate,
  whole,
  defaultNamespace,
  assumeEndpoints,
  assume = [],
}: ObjectSet): RoutesModel {
  // Of these a name is enough: neither certificates nor parameters are looked into.
  const named = assume.flatMap((text): Resource[] => {
    const [name = "", kind = "", namespace] = text.split("/").reverse();
    const apiVersion = NAMED.get(kind);
    if (apiVersion === undefined) return [];
    return [{ apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } }];
  });
  return routesModel([...resources, ...named], {
    ...(locate && { locate }),
    ...(whole !== undefined && { whole }),
    ...(defaultNamespace !== undefined && { defaultNamespace }),
    ...(assumeEndpoints && { assumeEndpoints }),
  });
}

/**
 * Holds a set against rules, and its claims against the models.
 *
 * @param held the rules. Default: every rule of every package
 */
export function check(set: ObjectSet, held: readonly Rule[] = rules): CheckReport {
  const inventory: Inventory = {
    resources: set.resources,
    ...(set.locate && { locate: set.locate }),
    ...(set.versions && { versions: set.versions }),
    ...(set.whole !== undefined && { whole: set.whole }),
    ...(set.assume && { assume: set.assume }),
    ...(set.partial && { partial: set.partial }),
    ...(set.sealed && { sealed: set.sealed }),
    ...(set.assumePods && { assumePods: set.assumePods }),
  };
  const proofs = prove(set);
  const findings = sortFindings([
    ...held.flatMap((rule) => rule.check(inventory)),
    ...findingsOfIdentity(set),
    ...findingsOfProxies(set, { routes: () => routesOf(set), network: () => networkOf(set) }),
    ...proofs.flatMap((proof) => proof.findings),
  ]);
  return { findings, proofs, summary: summarize(set, findings, proofs) };
}

/** Each kind of claim is held by its model; proofs stand in the order of the claims. */
export function prove(set: ObjectSet): Proof[] {
  const claims = set.claims ?? [];
  const of = <C extends Claim>(kind: C["kind"]) => claims.filter((claim): claim is C => claim.kind === kind);
  const reach = of<ReachClaim>("reach");
  const access = of<AccessClaim>("access");
  const resolves = of<ResolvesClaim>("resolves");
  const pulls = of<PullsClaim>("pulls");
  const routes = claims.filter(
    (claim): claim is RouteClaim => claim.kind === "serves" || claim.kind === "requires-login",
  );
  const proofs = [
    ...(reach.length > 0 ? proveReach(networkOf(set), reach) : []),
    ...(access.length > 0 ? proveAccess(accessOf(set), access, set) : []),
    ...(routes.length > 0 ? proveServes(routesOf(set), routes) : []),
    ...(pulls.length > 0 ? provePulls(pullsModel(set.resources, set), pulls, set) : []),
    ...(resolves.length > 0 ? proveResolves(dnsOf(set), resolves) : []),
  ];
  const order = new Map(claims.map((claim, i) => [claim.text, i]));
  const place = ({ claim }: Proof) => order.get(claim.text) ?? 0;
  return proofs.sort((a, b) => place(a) - place(b)).map((proof) => asFarAsRead(proof, set));
}

function asFarAsRead(proof: Proof, { unprovable }: ObjectSet): Proof {
  const { claim } = proof;
  const why = unprovable?.[claim.kind];
  if (why === undefined) return proof;
  const findings = why.map((finding) => ({ ...finding, message: `"${claim.text}": ${finding.message}` }));
  return { claim, outcome: "unknown", findings };
}

/** The same report with other findings, counted anew. */
export function withFindings(report: CheckReport, findings: readonly Finding[]): CheckReport {
  return { ...report, findings, summary: { ...report.summary, ...countSeverities(findings) } };
}

function countSeverities(findings: readonly Finding[]): Pick<CheckSummary, "errors" | "warnings"> {
  return {
    errors: findings.filter((f) => f.severity === "error").length,
    warnings: findings.filter((f) => f.severity === "warning").length,
  };
}

function summarize(set: ObjectSet, findings: readonly Finding[], proofs: readonly Proof[]): CheckSummary {
  const count = (outcome: Proof["outcome"]) => proofs.filter((p) => p.outcome === outcome).length;
  return {
    objects: set.resources.length,
    ...countSeverities(findings),
    claims: {
      proved: count("proved"),
      broken: count("broken"),
      unknown: count("unknown"),
      vacuous: count("vacuous"),
    },
  };
}
