import type { Block, EnvironmentNamespaces, Environments, Resource } from "@ashlar/core";
import type * as z from "@ashlar/core/zod";
import type { clusterDnsIntent, KubeDnsRemovalInput } from "@ashlar/dns/blocks";
import type { GroupsInput, OidcInput, RealmInput, ServiceAccountInput } from "@ashlar/iam/blocks";
import type { AppsInput, ControllerInput, IssuerInput } from "@ashlar/ingress/blocks";
import type { firewallIntent, probeIntent } from "@ashlar/network-policy/blocks";
import type { RegistriesInput } from "@ashlar/registry/blocks";
import type { GivenFiles } from "./given.ts";
import type { Suppression } from "./report/suppression.ts";

export type FirewallInput = z.input<ReturnType<typeof firewallIntent>>;
type ProbeInput = z.input<ReturnType<typeof probeIntent>>;

/** The firewall beyond its diagram; environments and the network plugin come from the platform. */
export type PlatformFirewall = Omit<FirewallInput, "environments" | "cni">;

/** The firewall's test tool; its expected results come from the platform's own policies. */
export type PlatformProbe = { readonly in: readonly string[] } & Pick<
  ProbeInput,
  "image" | "replicas" | "scaleTo" | "pauseSeconds"
>;

/** Roles by their words: in the whole cluster, and namespace → roles in it. */
export type PlatformGrants = NonNullable<GroupsInput["groups"]>[string];

/** A ServiceAccount; its name and namespace are its key. */
export type PlatformServiceAccount = Omit<ServiceAccountInput, "name" | "namespace" | "namespaces" | "given">;

/** Logins through OIDC; the version of Kubernetes comes from the platform. */
export type PlatformOidc = Omit<OidcInput, "kubernetes">;

/** The cluster's DNS, and names in it that stand for others; the version of CoreDNS comes from the platform. */
export type PlatformDns = Omit<z.input<ReturnType<typeof clusterDnsIntent>>, "coredns"> & {
  /** Service and namespace → the name outside that it stands for: `{ "my.db": "db.example.test" }`. */
  readonly external?: Readonly<Record<string, string>>;
  /** The way from kube-dns to CoreDNS as steps; `{}` for what kops made. Absent: there is no kube-dns. */
  readonly fromKubeDns?: Omit<KubeDnsRemovalInput, "reload">;
};

/** An app behind a host. */
export type PlatformApp = AppsInput["apps"][string];

/** The auth proxies of apps with a login; issuer and client come from `oidc` unless they are said here. */
export type PlatformAuth = Omit<NonNullable<AppsInput["auth"]>, "issuer" | "clientId"> &
  Partial<Pick<NonNullable<AppsInput["auth"]>, "issuer" | "clientId">>;

/** How apps are reached: Ingress or Gateway, certificates, the controller, auth proxies. */
export type PlatformEdge = Omit<AppsInput, "apps" | "auth" | "services" | "namespaces" | "groups"> & {
  readonly auth?: PlatformAuth;
  /** ClusterIssuers of cert-manager by name. */
  readonly issuers?: Readonly<Record<string, Omit<IssuerInput, "name">>>;
  /** Settings of an ingress controller that others run, as a patch on its ConfigMap. */
  readonly settings?: ControllerInput;
};

/** A realm of Keycloak; its name is its key, and the version of Keycloak comes from the platform. */
export type PlatformRealm = Omit<RealmInput, "name" | "keycloak">;

/** What a platform file says. */
export interface PlatformIntent {
  /** The platform's name: a DNS label. */
  readonly name: string;
  /** Versions of the components that the manifests are for; required for what is used. */
  readonly versions?: {
    readonly coredns?: string;
    readonly kubernetes?: string;
    readonly cni?: string;
    readonly keycloak?: string;
  };
  /** Environment → its namespaces: to create, or `existing(…)` ones that are only labelled. */
  readonly environments: Environments;
  /** Namespaces that belong to no environment. */
  readonly namespaces?: EnvironmentNamespaces;
  /** Which environment reaches which: the diagram alone, or with options. Absent: no policies. */
  readonly firewall?: string | PlatformFirewall;
  /** The firewall's test tool: a busybox web server in each of these namespaces, and the script that probes every pair. */
  readonly probe?: PlatformProbe;
  /** CoreDNS of the cluster: upstreams, zones of others, names of your own; needs `versions.coredns`. Absent: left as it is. */
  readonly dns?: PlatformDns;
  /** Name → an app: its host, the Service behind it, who may log in. Needs `edge`. */
  readonly apps?: Readonly<Record<string, PlatformApp>>;
  /** How apps are reached. */
  readonly edge?: PlatformEdge;
  /** Image registry → who pulls from it in which namespaces. Values of secrets are references, never here. Absent: none. */
  readonly registries?: RegistriesInput;
  /** Logins: what the API server must know of the issuer, and a kubeconfig that logs in. Absent: none. */
  readonly oidc?: PlatformOidc;
  /** Realms of Keycloak by name: roles, groups that carry them, clients and who logs in through them. */
  readonly realms?: Readonly<Record<string, PlatformRealm>>;
  /** Group, as tokens name it → its roles: `cluster-admin`, `admin`, `edit`, `view`, `cluster-view`, those of `roles`, given ones. */
  readonly groups?: Readonly<Record<string, PlatformGrants>>;
  /** Roles of your own: name → rules (a ClusterRole), or rules and the namespaces that get the Role. */
  readonly roles?: GroupsInput["roles"];
  /** `NAMESPACE/NAME` → what the ServiceAccount may do and how its token is had. */
  readonly serviceAccounts?: Readonly<Record<string, PlatformServiceAccount>>;
  /**
   * What is there and is read, never written: objects, files of them (`yaml("charts/*.yaml")`), or the names of objects that others
   * make, `ClusterRole/NAME` or `NAMESPACE/KIND/NAME`. What a given name holds is unknown.
   */
  readonly given?: readonly (Resource | string | GivenFiles)[];
  /** CIDRs that pods get their addresses from; lets claims decide policies with ipBlocks. */
  readonly podCidrs?: readonly string[];
  /** Claims of your own: `env:dev -/-> env:prod`, `prod/busybox -> default/busybox:80`, `developer cannot get secrets in prod`. */
  readonly expect?: readonly string[];
  /** Findings of `check` that are right as they are, and why: `[{ code: "…", because: "…", until: "2027-01-31" }]`. */
  readonly suppress?: readonly Suppression[];
  /** Blocks that the keys above cannot say. */
  readonly also?: readonly Block[];
}
