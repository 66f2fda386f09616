import { definePlatform, existing, service } from "ashlar";

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
  podCidrs: ["100.96.0.0/11"],
  probe: { in: ["default", "prod", "dev"] }, // a busybox in each, and the script that asks them all

  dns: {
    upstream: ["8.8.8.8", "8.8.4.4"],
    zones: { "amazonaws.com": "/etc/resolv.conf" }, // public resolvers would give the public addresses of peered databases
    fromKubeDns: { kops: { cluster: "k8s.strix.kr" } }, // what kops made of 2018 still ran kube-dns
    external: { "my.db": "db.example.ap-northeast-2.rds.amazonaws.com" }, // moving the database changes one name
  },

  apps: {
    apps: { host: "apps.k8s.strix.kr", to: "kubeapps.kubeapps:80" },
    dashboard: {
      host: "k8s.strix.kr",
      to: "https://kube-dashboard.kube-system:443",
      ca: { configMap: "kube-dashboard-ca" },
      login: ["operator", "developer"],
      passToken: true, // the API server sees who it is
    },
    wiki: { host: "wiki.strix.kr", to: "dokuwiki-dokuwiki.default:80" },
    iam: { host: "iam.k8s.strix.kr", to: "keycloak-http.default:80", tls: "tls-iam-k8s-strix-kr" },
    repository: { host: "repository.k8s.strix.kr", to: "nexus-sonatype-nexus.default:8081" },
    registry: { host: "registry.k8s.strix.kr", to: "nexus-sonatype-nexus.default:5000", bodySize: "1g" },
    events: { host: "events.k8s.strix.kr", to: "rabbitmq.default:15672" },
    deploy: { host: "deploy.k8s.strix.kr", to: "jenkins.default:8080" },
    logs: { host: "logs.k8s.strix.kr", to: "efk-kibana.default:443", login: "any", timeouts: { read: 300 } },
  },
  edge: {
    routes: "ingress",
    issuer: "letsencrypt",
    issuers: {
      letsencrypt: {
        email: "info@strix.co.kr",
        server: "production",
        tlsAcme: true,
        solvers: [{ http01: { ingressClass: "nginx" } }],
      },
    },
    auth: { trustedProxies: ["100.96.0.0/11"], apiServer: ["172.20.32.0/19"] },
    settings: {
      kind: "ingress-nginx",
      configMap: "nginx-ingress-controller",
      namespace: "default",
      proxyBufferSize: "64k", // OIDC cookies
      proxyBodySize: "1g", // image pushes
    },
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
          kubelogin: true, // and the auth proxies of the apps with a login, by themselves
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
    // what helm owns
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: "nginx" },
      spec: { controller: "k8s.io/ingress-nginx" },
    },
    service("kubeapps/kubeapps", { port: 80, pods: { app: "kubeapps" } }),
    service("kube-system/kube-dashboard", { port: 443, pods: { "k8s-app": "kubernetes-dashboard" } }),
    service("default/dokuwiki-dokuwiki", { port: 80, pods: { app: "dokuwiki-dokuwiki" } }),
    service("default/keycloak-http", { port: 80, pods: { app: "keycloak" } }),
    service("default/nexus-sonatype-nexus", { port: [5000, 8081], pods: { app: "sonatype-nexus" } }),
    service("default/rabbitmq", { port: 15672, pods: { app: "rabbitmq" } }),
    service("default/jenkins", { port: 8080, pods: { app: "jenkins" } }),
    service("default/efk-kibana", { port: 443, pods: { app: "kibana" } }),
    "kube-system/ConfigMap/kube-dashboard-ca",
  ],

  suppress: [
    {
      code: "ingress/no-retired-controller",
      because: "the class stays while its hosts move to another controller one by one",
    },
    { code: "iam/no-apps-in-master", because: "the platform's people have lived in master since 2018" },
    { code: "iam/no-direct-grants", because: "docker login can do nothing else" },
  ],

  expect: [
    "env:dev -/-> env:prod",
    "env:prod -/-> env:dev",
    "prod/busybox -> default/busybox:80",
    "prod/busybox -/-> dev/busybox:80",
    "ns:kubeapps -> default/busybox:80",
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
    "https://wiki.strix.kr serves default/dokuwiki-dokuwiki:80",
    "https://logs.k8s.strix.kr requires login",
    "prod pulls registry.k8s.strix.kr/web:1.0.0",
  ],
});
