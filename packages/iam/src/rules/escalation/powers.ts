import type { AccessRole } from "../../rbac/objects.ts";
import { grants, type Right } from "../objects/rights.ts";

/** Rights that are, or lead to, other rights. */
export type Power =
  | "make pods"
  | "run commands in pods"
  | "reach kubelets"
  | "take tokens"
  | "impersonate accounts"
  | "impersonate users"
  | "impersonate groups"
  | "read Secrets"
  | "make Secrets"
  | "bind ClusterRoles"
  | "write ClusterRoleBindings"
  | "write RoleBindings"
  | "escalate ClusterRoles"
  | "change ClusterRoles"
  | "escalate Roles"
  | "change Roles"
  | "approve for a signer"
  | "approve requests"
  | "request certificates"
  | "change what is admitted"
  | "make PersistentVolumes"
  | "make PersistentVolumeClaims";

const RBAC = "rbac.authorization.k8s.io";
const CERTIFICATES = "certificates.k8s.io";
const ADMISSION = "admissionregistration.k8s.io";

/** The rights of which one is enough; the first of them that a role has is the one that is told. */
const RIGHTS: Readonly<Record<Power, readonly Right[]>> = {
  // The template of a Job cannot be changed, nor the ServiceAccount of a Pod.
  "make pods": [
    ...rights("", "create", "pods"),
    ...rights("apps", "create update patch", "deployments daemonsets statefulsets replicasets"),
    ...rights("batch", "create update patch", "cronjobs"),
    ...rights("batch", "create", "jobs"),
    ...rights("", "create update patch", "replicationcontrollers"),
  ],
  // A WebSocket is opened by GET: get is as good as create.
  "run commands in pods": [
    ...rights("", "create get", "pods/exec"),
    ...rights("", "update patch", "pods/ephemeralcontainers"),
  ],
  "reach kubelets": rights("", "get create", "nodes/proxy"),
  "take tokens": rights("", "create", "serviceaccounts/token"),
  "impersonate accounts": rights("", "impersonate", "serviceaccounts"),
  "impersonate users": rights("", "impersonate", "users"),
  "impersonate groups": rights("", "impersonate", "groups"),
  "read Secrets": rights("", "get list watch", "secrets"),
  "make Secrets": rights("", "create", "secrets"),
  "bind ClusterRoles": rights(RBAC, "bind", "clusterroles"),
  "write ClusterRoleBindings": rights(RBAC, "create update patch", "clusterrolebindings"),
  "write RoleBindings": rights(RBAC, "create update patch", "rolebindings"),
  "escalate ClusterRoles": rights(RBAC, "escalate", "clusterroles"),
  "change ClusterRoles": rights(RBAC, "update patch", "clusterroles"),
  "escalate Roles": rights(RBAC, "escalate", "roles"),
  "change Roles": rights(RBAC, "update patch", "roles"),
  "approve for a signer": rights(CERTIFICATES, "approve", "signers"),
  "approve requests": rights(CERTIFICATES, "update patch", "certificatesigningrequests/approval"),
  "request certificates": rights(CERTIFICATES, "create", "certificatesigningrequests"),
  "change what is admitted": rights(
    ADMISSION,
    "create update patch",
    "mutatingwebhookconfigurations mutatingadmissionpolicies",
  ),
  "make PersistentVolumes": rights("", "create", "persistentvolumes"),
  "make PersistentVolumeClaims": rights("", "create", "persistentvolumeclaims"),
};

/** Powers over the objects that `resourceNames` lists; every other power is only told when it is over all objects. */
const BY_NAME: ReadonlySet<Power> = new Set<Power>([
  "take tokens",
  "impersonate accounts",
  "impersonate users",
  "impersonate groups",
  "read Secrets",
  "bind ClusterRoles",
  "approve for a signer",
]);

/** Of the objects that one rule lists so many count: more are no role that anybody wrote. */
const MOST_NAMES = 200;

const POWERS = Object.entries(RIGHTS) as [Power, readonly Right[]][];
const RESOURCES: ReadonlySet<string> = new Set(
  POWERS.flatMap(([, list]) =>
    list.flatMap(({ resource }) => [resource, resource.replace(/^[^/]+(?=\/)/, "*")]),
  ),
).add("*");

/** A power that a role gives. */
export interface RolePower {
  readonly power: Power;
  readonly right: Right;
  /** The rule's place in the role. */
  readonly rule: number;
  /** The objects that it is over; empty for all. */
  readonly names: readonly string[];
}

/** The powers that a role gives, wherever it is bound. */
export function powersOf(role: AccessRole): RolePower[] {
  return role.rules.flatMap((rule, index) => {
    if (!rule.resources.some((resource) => RESOURCES.has(resource))) return [];
    const names = rule.resourceNames.slice(0, MOST_NAMES);
    return POWERS.flatMap(([power, list]): RolePower[] => {
      if (names.length > 0 && !BY_NAME.has(power)) return [];
      const right = list.find((one) => grants(rule, one));
      return right === undefined ? [] : [{ power, right, rule: index, names }];
    });
  });
}

/** `create pods/exec`. */
export function rightName({ verb, resource }: Right): string {
  return `${verb === "*" ? "every verb on" : verb} ${resource === "*" ? "every resource" : resource}`;
}

function rights(group: string, verbs: string, resources: string): Right[] {
  return resources
    .split(" ")
    .flatMap((resource) => verbs.split(" ").map((verb) => ({ verb, group, resource })));
}
