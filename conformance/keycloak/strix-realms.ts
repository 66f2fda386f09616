import type { realm } from "@ashlar/iam";

type RealmInput = Parameters<typeof realm>[0];

/** Roles and groups of one name, as the platform has them. */
const GROUPS = { operator: { roles: ["operator"] }, developer: { roles: ["developer"] } };

/** What logs in by Keycloak. The platform of 2018 has these clients in master; today they belong to a realm of their own. */
const APPS: NonNullable<RealmInput["clients"]> = {
  kubernetes: {
    name: "Kubernetes",
    logins: [{ host: "k8s.strix.kr" }, { host: "logs.k8s.strix.kr" }],
    kubelogin: true,
    groupsClaim: "groups",
    accessTokenFor: ["kubernetes"],
    roles: { operator: ["operator"], developer: ["developer"] },
  },
  jenkins: {
    logins: [{ host: "deploy.k8s.strix.kr", callback: "/securityRealm/finishLogin" }],
    groupsClaim: "groups",
    roles: { operator: ["operator"], developer: ["developer"] },
  },
  // docker login sends a name and a password, which Nexus' plugin takes to Keycloak.
  nexus: {
    directAccessGrants: true,
    groupsClaim: "groups",
    roles: { admin: ["operator"], reader: ["developer", "operator"] },
  },
  dokuwiki: {
    redirectUris: ["https://wiki.strix.kr/doku.php"],
    roles: { editor: ["developer", "operator"] },
  },
};

/** The realms of the reference platform. */
export const STRIX_REALMS = {
  master: {
    name: "master",
    roles: {
      operator: { description: "Manages the realms prod and dev", manages: ["prod", "dev"] },
      developer: { description: "Manages the realm dev", manages: ["dev"] },
      manager: {
        description: "Sees everything in prod and dev, and manages their users",
        views: ["prod", "dev"],
        managesUsers: ["prod", "dev"],
      },
    },
    groups: { ...GROUPS, manager: { roles: ["manager"] } },
    clients: APPS,
  },
  prod: { name: "prod", defaultClients: "disabled" },
  dev: { name: "dev", defaultClients: "disabled" },
  platform: {
    name: "platform",
    displayName: "Strix platform",
    roles: { operator: {}, developer: {} },
    groups: GROUPS,
    clients: APPS,
    otp: { required: false },
    password: { length: 12 },
    lifetimes: { accessTokenSeconds: 300, sessionIdleMinutes: 60, sessionMaxHours: 12 },
  },
} satisfies Record<string, RealmInput>;
