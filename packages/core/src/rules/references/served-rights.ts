import { isRecord } from "../../json.ts";
import { once } from "../../once.ts";
import type { Resource } from "../../resource.ts";
import { RESOURCES } from "../../schema/data/resources-1.36.3.ts";
import { fieldsOf, listOf, textOf } from "./json-values.ts";

/** The resources of an API group, by plural name. */
export type Group = ReadonlyMap<string, ServedResource>;

export interface ServedResource {
  readonly shortNames: readonly string[];
  readonly subresources: readonly string[];
}

/**
 * What a component asks the authorizer about and no API serves: kubelet's API (pkg/kubelet/server/auth.go), signers and
 * what the approver of certificates asks (pkg/controller/certificates), impersonation (apiserver/pkg/endpoints/filters),
 * and what the built-in roles of 1.36.3 have besides. `*`: any subresource.
 */
const ASKED = ` nodes/checkpoint/configz/healthz/log/metrics/pods/stats/statusz,users,groups,endpoints/restricted
apps deployments/rollback
authentication.k8s.io users,groups,serviceaccounts,nodes,uids,userextras/*
certificates.k8s.io signers,certificatesigningrequests/nodeclient/selfnodeclient/selfnodeserver
discovery.k8s.io endpointslices/restricted
resource.k8s.io resourceclaims/binding/driver`;

/** Of any object: the right to name it as the owner of others that it keeps from going (admission of owner references). */
const FINALIZERS = "finalizers";

/** The built-in API groups, alpha and beta resources included. */
const builtInGroups = once((): ReadonlyMap<string, Group> => readGroups(`${RESOURCES}\n${ASKED}`));

/** The verbs of the API, and those that components ask about beside it. */
export const VERBS: readonly string[] = [
  ..."get list watch create update patch delete deletecollection proxy".split(" "),
  ..."bind escalate impersonate use approve sign attest".split(" "),
  "request-serviceaccounts-token-audience",
];

/** Methods of HTTP, as a rule about URLs names them. */
export const URL_VERBS: readonly string[] = "get head post put patch delete options".split(" ");

/** Whether a group has a resource, written as in a rule: `pods`, `pods/log`, `*` for all. */
export function hasResource(group: Group, written: string): boolean {
  if (written === "*") return true;
  const { name, subresource } = partsOf(written);
  if (name === "*") return [...group.values()].some((resource) => hasSubresource(resource, subresource));
  const found = group.get(name);
  return found !== undefined && hasSubresource(found, subresource);
}

/** `pods/log` → `pods` and `log`. */
export function partsOf(written: string): {
  readonly name: string;
  readonly subresource: string | undefined;
} {
  const slash = written.indexOf("/");
  if (slash < 0) return { name: written, subresource: undefined };
  return { name: written.slice(0, slash), subresource: written.slice(slash + 1) };
}

/** The built-in groups, and what the CustomResourceDefinitions of a set add to them. */
export function servedGroups(resources: readonly Resource[]): ReadonlyMap<string, Group> {
  let groups = builtInGroups();
  for (const { kind, spec } of resources) {
    if (kind !== "CustomResourceDefinition" || !isRecord(spec)) continue;
    const group = textOf(spec.group);
    const known = groups.get(group);
    if (known === undefined) continue;
    const subresources = listOf(spec.versions).flatMap((version) =>
      Object.keys(fieldsOf(fieldsOf(version).subresources)),
    );
    const name = textOf(fieldsOf(spec.names).plural);
    groups = new Map(groups).set(group, new Map(known).set(name, { shortNames: [], subresources }));
  }
  return groups;
}

function hasSubresource({ subresources }: ServedResource, subresource: string | undefined): boolean {
  return (
    subresource === undefined ||
    subresource === FINALIZERS ||
    subresources.includes(subresource) ||
    subresources.includes("*")
  );
}

function readGroups(text: string): ReadonlyMap<string, Group> {
  const groups = new Map<string, Map<string, ServedResource>>();
  for (const line of text.split("\n")) {
    const [name = "", list = ""] = line.split(" ");
    const group = groups.get(name) ?? new Map<string, ServedResource>();
    groups.set(name, group);
    for (const entry of list.split(",")) {
      const [names = "", ...subresources] = entry.split("/");
      const [plural = "", ...shortNames] = names.split("=");
      const known = group.get(plural);
      group.set(plural, {
        shortNames: [...(known?.shortNames ?? []), ...shortNames],
        subresources: [...(known?.subresources ?? []), ...subresources],
      });
    }
  }
  return groups;
}
