import type { Resource } from "@ashlar/core";
import { fieldsOf, textOf } from "@ashlar/core";

/**
 * The API groups of Kubernetes 1.36.3, each with its cluster-scoped resources (api/discovery), and what components ask about
 * beside them in no namespace: impersonated users and groups (apiserver/pkg/endpoints/filters), signers
 * (pkg/certauthorization).
 */
const CLUSTER_SCOPED = `: componentstatuses,namespaces,nodes,persistentvolumes,users,groups
admissionregistration.k8s.io: mutatingadmissionpolicies,mutatingadmissionpolicybindings,mutatingwebhookconfigurations,validatingadmissionpolicies,validatingadmissionpolicybindings,validatingwebhookconfigurations
apiextensions.k8s.io: customresourcedefinitions
apiregistration.k8s.io: apiservices
apps:
authentication.k8s.io: selfsubjectreviews,tokenreviews,users,groups,uids,userextras
authorization.k8s.io: selfsubjectaccessreviews,selfsubjectrulesreviews,subjectaccessreviews
autoscaling:
batch:
certificates.k8s.io: certificatesigningrequests,clustertrustbundles,signers
coordination.k8s.io:
discovery.k8s.io:
events.k8s.io:
flowcontrol.apiserver.k8s.io: flowschemas,prioritylevelconfigurations
internal.apiserver.k8s.io: storageversions
networking.k8s.io: ingressclasses,ipaddresses,servicecidrs
node.k8s.io: runtimeclasses
policy:
rbac.authorization.k8s.io: clusterrolebindings,clusterroles
resource.k8s.io: deviceclasses,devicetaintrules,resourcepoolstatusrequests,resourceslices
scheduling.k8s.io: priorityclasses
storage.k8s.io: csidrivers,csinodes,storageclasses,volumeattachments,volumeattributesclasses
storagemigration.k8s.io: storageversionmigrations`;

const BUILT_IN: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  CLUSTER_SCOPED.split("\n").map((line) => {
    const [group = "", resources = ""] = line.split(":");
    return [group, new Set(resources.trim().split(","))];
  }),
);

/** Whether Kubernetes itself serves the API group. */
export function isBuiltInGroup(group: string): boolean {
  return BUILT_IN.has(group);
}

/** Whether a resource, as rules write it, is known to be of no namespace. */
export type IsClusterScoped = (group: string, resource: string) => boolean;

/** The cluster-scoped resources of Kubernetes, and those that the CustomResourceDefinitions of a set define. */
export function clusterScoped(resources: readonly Resource[]): IsClusterScoped {
  const custom = new Set<string>();
  for (const { kind, spec } of resources) {
    if (kind !== "CustomResourceDefinition") continue;
    const { scope, group, names } = fieldsOf(spec);
    if (scope === "Cluster") custom.add(`${textOf(group)}/${textOf(fieldsOf(names).plural)}`);
  }
  return (group, resource) => {
    const name = resource.split("/", 1)[0]!;
    return BUILT_IN.get(group)?.has(name) === true || custom.has(`${group}/${name}`);
  };
}
