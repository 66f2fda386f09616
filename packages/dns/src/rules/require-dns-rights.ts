import {
  type Finding,
  fieldsOf,
  findingAbout,
  formatRef,
  type Inventory,
  type Resource,
  type Rule,
  refOf,
} from "@ashlar/core";
import { option, statements } from "../lint/statements.ts";
import { compareReleases, coreDnsRelease, DEFAULT_COREDNS } from "../plugins/table.ts";
import { serversOf } from "./corefiles.ts";
import { records } from "./records.ts";
import { type CorednsWorkload, corednsWorkloads } from "./workloads.ts";

const CODE = "dns/require-dns-rights";

/** The kubernetes plugin reads EndpointSlices since this release. */
const ENDPOINT_SLICES = "1.9.0";

/** A CoreDNS whose ServiceAccount may not list and watch what its kubernetes plugin reads: it serves no name of the cluster. */
export const requireDnsRights: Rule = {
  code: CODE,
  check: (inventory) => corednsWorkloads(inventory).flatMap((one) => checkRights(one, inventory)),
};

function checkRights(one: CorednsWorkload, inventory: Inventory): Finding[] {
  const wanted = needed(one, inventory);
  const roles = rolesOf(one, inventory);
  if (wanted.length === 0 || !roles) return [];
  const rules = roles.flatMap((role) => records(role.rules));
  const missing = wanted.flatMap(([group, resource]) =>
    ["list", "watch"]
      .filter(
        (verb) =>
          !rules.some(
            (rule) => has(rule.apiGroups, group) && has(rule.resources, resource) && has(rule.verbs, verb),
          ),
      )
      .map((verb) => `${verb} ${group === "" ? resource : `${resource}.${group}`}`),
  );
  const role = roles[0];
  if (missing.length === 0 || !role) return [];
  return [
    findingAbout(role, inventory.locate, {
      code: CODE,
      severity: "warning",
      message: `${formatRef(refOf(one.workload))} may not ${missing.join(", ")}, which its plugin kubernetes does`,
      hint: "add the resources with the verbs list and watch",
      path: "rules",
    }),
  ];
}

function has(list: unknown, word: string): boolean {
  return Array.isArray(list) && (list.includes(word) || list.includes("*"));
}

function needed({ corefile }: CorednsWorkload, { versions }: Inventory): (readonly [string, string])[] {
  const release = coreDnsRelease(versions?.coredns ?? DEFAULT_COREDNS) ?? DEFAULT_COREDNS;
  const found = (serversOf(corefile) ?? [])
    .flatMap((server) => statements(server, "kubernetes"))
    .filter((statement) => !option(statement, "kubeconfig") && !option(statement, "endpoint"));
  if (found.length === 0) return [];
  const endpoints =
    compareReleases(release, ENDPOINT_SLICES) < 0
      ? (["", "endpoints"] as const)
      : (["discovery.k8s.io", "endpointslices"] as const);
  return [
    ["", "services"],
    ["", "namespaces"],
    ...(found.every((statement) => option(statement, "noendpoints")) ? [] : [endpoints]),
    ...(found.some((statement) => option(statement, "pods")?.args[0]?.text === "verified")
      ? [["", "pods"] as const]
      : []),
  ];
}

/** The ClusterRoles bound to the workload's ServiceAccount; `undefined` when one of them is not in the set, or none is bound. */
function rolesOf(
  { workload, pod }: CorednsWorkload,
  { resources }: Inventory,
): readonly Resource[] | undefined {
  const account = pod.serviceAccountName ?? pod.serviceAccount ?? "default";
  const { namespace } = workload.metadata;
  const bound = resources.filter(
    ({ kind, subjects }) =>
      kind === "ClusterRoleBinding" &&
      records(subjects).some(
        (one) => one.kind === "ServiceAccount" && one.name === account && one.namespace === namespace,
      ),
  );
  const roles = bound.map(({ roleRef }) =>
    resources.find(
      ({ kind, metadata }) => kind === "ClusterRole" && metadata?.name === fieldsOf(roleRef).name,
    ),
  );
  const known = roles.filter((role) => role !== undefined);
  return bound.length === 0 || known.length < roles.length ? undefined : known;
}
