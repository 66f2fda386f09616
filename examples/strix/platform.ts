import { definePlatform, existing } from "ashlar";

/** The reference platform: what its cluster is made of, who may reach whom and do what, and what must never be. */
export default definePlatform({
  name: "strix",
  versions: { kubernetes: "1.36", coredns: "1.15", keycloak: "26.7", cni: "kube-router@2.5" },

  environments: {
    common: existing("default", "kube-system", "kube-public"), // labelled, never created or deleted
    prod: ["prod"],
    dev: ["dev"],
  },
  namespaces: ["kubeapps", "db"], // belong to no environment

  firewall: "prod <-> common <-> dev", // what is not drawn is refused
  probe: { in: ["default", "prod", "dev"] }, // a busybox in each, and the script that asks them all

  dns: {
    upstream: ["8.8.8.8", "8.8.4.4"],
    zones: { "amazonaws.com": "/etc/resolv.conf" }, // public resolvers would give the public addresses of peered databases
    fromKubeDns: { kops: { cluster: "k8s.strix.kr" } }, // what kops made of 2018 still ran kube-dns
    external: { "my.db": "db.example.ap-northeast-2.rds.amazonaws.com" }, // moving the database changes one name
  },

  registries: {
    "registry.k8s.strix.kr": {
      auth: { username: "registry-puller", password: { from: "env", name: "REGISTRY_PASSWORD" } },
      pullIn: ["default", "prod", "dev"],
      secretName: "local-docker-registry-secret",
    },
  },

  oidc: {
    issuer: "https://iam.k8s.strix.kr/realms/master",
    clientId: "kubernetes",
    kubectl: { cluster: "k8s.strix.kr", namespace: "dev" }, // a kubeconfig that logs in
  },
  realms: {
    master: {
      roles: {
        operator: { description: "Manages the realms prod and dev", manages: ["prod", "dev"] },
        developer: { description: "Manages the realm dev", manages: ["dev"] },
        manager: {
          description: "Sees everything in prod and dev, and manages their users",
          views: ["prod", "dev"],
          managesUsers: ["prod", "dev"],
        },
      },
      groups: {
        operator: { roles: ["operator"] },
        developer: { roles: ["developer"] },
        manager: { roles: ["manager"] },
      },
      clients: {
        kubernetes: {
          logins: [{ host: "k8s.strix.kr" }, { host: "logs.k8s.strix.kr" }], // the auth proxies
          kubelogin: true, // and kubectl
          groupsClaim: "groups",
          roles: { operator: ["operator"], developer: ["developer"] },
        },
        jenkins: {
          logins: [{ host: "deploy.k8s.strix.kr", callback: "/securityRealm/finishLogin" }],
          groupsClaim: "groups",
          roles: { operator: ["operator"], developer: ["developer"] },
        },
        nexus: {
          directAccessGrants: true, // docker login sends a name and a password
          groupsClaim: "groups",
          roles: { admin: ["operator"], reader: ["developer", "operator"] },
        },
        dokuwiki: {
          redirectUris: ["https://wiki.strix.kr/doku.php"],
          roles: { editor: ["developer", "operator"] },
        },
      },
    },
    prod: { defaultClients: "disabled" },
    dev: { defaultClients: "disabled" },
  },
  groups: {
    operator: { cluster: ["cluster-admin"] },
    developer: {
      cluster: ["cluster-view"],
      namespaces: { default: ["view"], prod: ["view"], dev: ["admin"] },
    },
  },
  serviceAccounts: {
    "default/admin": { roles: { cluster: ["cluster-admin"] }, token: "bound" }, // break-glass, for when no login works
    "dev/jenkins-agent": {
      roles: { namespaces: { dev: ["admin"] } },
      imagePullSecrets: ["local-docker-registry-secret"],
    },
    "kubeapps/kubeapps-operator": { roles: { cluster: ["cluster-admin"] } },
    "kubeapps/kubeapps-developer": {
      roles: {
        cluster: ["cluster-view"],
        namespaces: {
          default: ["applications-read"],
          prod: ["applications-read"],
          dev: ["applications-read", "edit"],
          kubeapps: ["repositories-read"],
        },
      },
    },
  },
  given: [
    "ClusterRole/applications-read", // kubeapps' own roles
    "ClusterRole/repositories-read",
  ],

  suppress: [
    { code: "iam/no-apps-in-master", because: "the platform's people have lived in master since 2018" },
    { code: "iam/no-direct-grants", because: "docker login can do nothing else" },
  ],

  expect: [
    "env:dev -/-> env:prod",
    "env:prod -/-> env:dev",
    "prod/busybox -> default/busybox:80",
    "prod/busybox -/-> dev/busybox:80",
    "ns:kubeapps -> env:common",
    "ns:kubeapps -/-> env:prod",
    "ns:kubeapps -/-> env:dev",
    "developer can create deployments in dev",
    "developer can read pods in env:prod",
    "developer cannot write deployments in env:prod",
    "developer cannot read secrets in env:prod",
    "serviceaccount:dev/jenkins-agent cannot read secrets in env:prod",
    "anonymous cannot read secrets",
    "my.db resolves to db.example.ap-northeast-2.rds.amazonaws.com from dev",
    "www.strix.kr is forwarded to 8.8.8.8",
    "prod pulls registry.k8s.strix.kr/web:1.0.0",
  ],
});
