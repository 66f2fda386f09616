import type { Resource } from "@ashlar/core";
import {
  allow,
  bind,
  bindCluster,
  clusterRole,
  type Rule,
  role,
  urls,
} from "../conformance/access/make-rbac.ts";
import type { Ask } from "../conformance/access/rbac-authorizer.ts";
import { type Random, randomFrom } from "../conformance/policies/random.ts";

export interface AccessSize {
  readonly roles: number;
  readonly bindings: number;
  readonly namespaces: number;
}

/** One binding of so many is a ClusterRoleBinding; one role of two a ClusterRole. */
export const CLUSTER_SHARE = 5;

export const VERBS = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/** Resources as clusters have them, `resource.group`. */
export const RESOURCES: readonly string[] = (
  "pods pods/log pods/exec pods/portforward services services/proxy endpoints configmaps secrets serviceaccounts " +
  "serviceaccounts/token persistentvolumeclaims persistentvolumes replicationcontrollers resourcequotas limitranges " +
  "events nodes nodes/proxy namespaces bindings podtemplates deployments.apps deployments/scale.apps " +
  "statefulsets.apps statefulsets/scale.apps daemonsets.apps replicasets.apps replicasets/scale.apps " +
  "controllerrevisions.apps jobs.batch cronjobs.batch ingresses.networking.k8s.io networkpolicies.networking.k8s.io " +
  "ingressclasses.networking.k8s.io roles.rbac.authorization.k8s.io rolebindings.rbac.authorization.k8s.io " +
  "clusterroles.rbac.authorization.k8s.io clusterrolebindings.rbac.authorization.k8s.io " +
  "horizontalpodautoscalers.autoscaling poddisruptionbudgets.policy leases.coordination.k8s.io " +
  "endpointslices.discovery.k8s.io storageclasses.storage.k8s.io volumeattachments.storage.k8s.io " +
  "csidrivers.storage.k8s.io priorityclasses.scheduling.k8s.io customresourcedefinitions.apiextensions.k8s.io " +
  "validatingwebhookconfigurations.admissionregistration.k8s.io mutatingwebhookconfigurations.admissionregistration.k8s.io " +
  "certificatesigningrequests.certificates.k8s.io certificatesigningrequests/approval.certificates.k8s.io " +
  "tokenreviews.authentication.k8s.io subjectaccessreviews.authorization.k8s.io apiservices.apiregistration.k8s.io " +
  "flowschemas.flowcontrol.apiserver.k8s.io certificates.cert-manager.io issuers.cert-manager.io " +
  "prometheusrules.monitoring.coreos.com servicemonitors.monitoring.coreos.com"
).split(" ");

/** `pods/log.apps`: resource, subresource, group. */
export function partsOf(text: string) {
  const dot = text.indexOf(".");
  const [plain, group] = dot < 0 ? [text, ""] : [text.slice(0, dot), text.slice(dot + 1)];
  const [resource = "", subresource = ""] = plain.split("/");
  return { group, resource, subresource };
}

export const namespaceName = (n: number) => `team-${n}`;
/** ServiceAccounts that bindings may name, in each namespace. */
const ACCOUNTS = 20;

/** The larger the set, the more people and groups: each is in as many bindings. */
export const peopleOf = ({ bindings }: AccessSize) => Math.ceil(bindings / 2.5);
export const groupsOf = ({ bindings }: AccessSize) => Math.ceil(bindings / 5);

/** Roles of one to five rules, and bindings of one to three people, groups and ServiceAccounts; the same for the same size. */
export function makeAccess(size: AccessSize): readonly Resource[] {
  const { roles, bindings, namespaces } = size;
  const random = randomFrom(20_26);
  const made = Array.from({ length: roles }, (_, i) => {
    const rules = Array.from({ length: 1 + random.below(5) }, () => makeRule(random));
    if (i % 2 === 0)
      return clusterRole(`role-${i}`, ...rules, ...(i % 10 === 0 ? [urls("get", `/part-${i}/*`)] : []));
    return role(namespaceName(i % namespaces), `role-${i}`, ...rules);
  });
  const clusterRoles = made.filter((one) => one.kind === "ClusterRole");
  const bound = Array.from({ length: bindings }, (_, i) => {
    const subjects = Array.from({ length: 1 + random.below(3) }, () => makeSubject(random, size));
    if (i % CLUSTER_SHARE === 0)
      return bindCluster(`binding-${i}`, random.pick(clusterRoles).metadata.name, ...subjects);
    const namespace = namespaceName(random.below(namespaces));
    const own = made.filter((one) => one.metadata.namespace === namespace);
    const to = own.length > 0 && random.chance(0.4) ? random.pick(own) : random.pick(clusterRoles);
    return bind(namespace, `binding-${i}`, `${to.kind}/${to.metadata.name}`, ...subjects);
  });
  return [...made, ...bound];
}

function makeRule(random: Random): Rule {
  const verbs = random
    .pick([["get", "list", "watch"], VERBS, ["create"], ["get"], ["*"], ["update", "patch"]])
    .join(",");
  const { group } = partsOf(random.pick(RESOURCES));
  const ofGroup = RESOURCES.map((text) => ({ text, ...partsOf(text) })).filter((one) => one.group === group);
  const chosen = Array.from({ length: 1 + random.below(4) }, () => random.pick(ofGroup));
  const names = chosen.map(({ resource, subresource }) =>
    subresource ? `${resource}/${subresource}` : resource,
  );
  const resources = random.chance(0.05) ? "*" : [...new Set(names)].join(",");
  const objects = random.chance(0.15) ? [`object-${random.below(20)}`] : undefined;
  return allow(verbs, resources, group, objects);
}

function makeSubject(random: Random, size: AccessSize): string {
  if (random.chance(0.4)) return `Group/group-${random.below(groupsOf(size))}`;
  if (random.chance(0.7)) return `User/person-${random.below(peopleOf(size))}`;
  return `ServiceAccount/account-${random.below(ACCOUNTS)}@${namespaceName(random.below(size.namespaces))}`;
}

/** What people and ServiceAccounts ask, all over the cluster; a name is one text, however often it is asked about. */
export function makeAsks(size: AccessSize, count: number): readonly Ask[] {
  const random = randomFrom(7);
  const people = texts(peopleOf(size), (i) => `person-${i}`);
  const groups = texts(groupsOf(size), (i) => `group-${i}`);
  const namespaces = texts(size.namespaces, namespaceName);
  const objects = texts(20, (i) => `object-${i}`);
  const paths = texts(20, (i) => `/part-${i}/x`);
  const resources = RESOURCES.map(partsOf);
  const accounts = namespaces.flatMap((namespace) => {
    const groupOfAll = `system:serviceaccounts:${namespace}`;
    return texts(ACCOUNTS, (i) => `system:serviceaccount:${namespace}:account-${i}`).map((user) => ({
      user,
      groups: ["system:serviceaccounts", groupOfAll, "system:authenticated"],
    }));
  });
  return Array.from({ length: count }, () => {
    const who = random.chance(0.75)
      ? {
          user: random.pick(people),
          groups: [random.pick(groups), random.pick(groups), "system:authenticated"],
        }
      : random.pick(accounts);
    if (random.chance(0.05)) return { ...who, verb: "get", path: random.pick(paths) };
    const verb = random.pick(VERBS);
    return {
      ...who,
      verb,
      ...random.pick(resources),
      name: NAMELESS.includes(verb) ? "" : random.pick(objects),
      namespace: random.chance(0.1) ? "" : random.pick(namespaces),
    };
  });
}

const NAMELESS = ["list", "watch", "create", "deletecollection"];

function texts(length: number, textOf: (i: number) => string): readonly string[] {
  return Array.from({ length }, (_, i) => textOf(i));
}
