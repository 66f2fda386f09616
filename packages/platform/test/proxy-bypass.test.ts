import { readYaml } from "@ashlar/core";
import { definePlatform, existing, service } from "ashlar";
import { check, objectSet } from "ashlar/check";
import { describe, expect, test } from "vitest";
import { ashlar, folderOf, STRIX } from "./support/cli.ts";

const CODE = "platform/no-proxy-bypass";

const PROXY = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: login, namespace: apps }
spec:
  template:
    metadata: { labels: { app: login } }
    spec:
      containers:
        - { name: p, image: example/oauth2-proxy:7, args: ["--upstream=http://kibana:443/"] }
`;
const APP = `
apiVersion: v1
kind: Service
metadata: { name: kibana, namespace: apps }
spec: { selector: { app: kibana }, ports: [{ port: 443, targetPort: 5601 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: kibana, namespace: apps }
spec:
  template:
    metadata: { labels: { app: kibana } }
    spec: { containers: [{ name: k, image: example/kibana:7 }] }
`;
const NAMESPACES = ["apps", "dev"]
  .map(
    (name) => `{ apiVersion: v1, kind: Namespace, metadata: { name: ${name}, labels: { env: ${name} } } }\n`,
  )
  .join("---\n");
const policy = (name: string, ...peers: string[]) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name}, namespace: apps }
spec:
  podSelector: { matchLabels: { app: kibana } }
  policyTypes: [Ingress]
  ingress: [{ from: [${peers.join(", ")}] }]
`;
const LOGIN = "{ podSelector: { matchLabels: { app: login } } }";
const DEV = "{ namespaceSelector: { matchLabels: { env: dev } } }";

function found(...texts: string[]) {
  const { resources, locate } = readYaml(texts.join("---\n"), { file: "set.yaml" });
  return check({ resources, locate }).findings.filter(({ code }) => code === CODE);
}

describe("an upstream that others reach", () => {
  test("without any policy: the proxy, the Service, who, and the policy to write", () => {
    expect(found(NAMESPACES, APP, PROXY)).toEqual([
      {
        code: CODE,
        severity: "warning",
        message:
          "Deployment apps/login (oauth2-proxy) is not the only way to port 443 of Service apps/kibana: any pod in apps and dev may reach apps/kibana on 5601/TCP without a login; no NetworkPolicy isolates apps/kibana for ingress",
        hint: "add a NetworkPolicy in apps with podSelector: { matchLabels: { app: kibana } }, policyTypes: [Ingress] and ingress: [{ from: [{ podSelector: { matchLabels: { app: login } } }] }]",
        path: "spec.template.spec.containers[0]",
        subject: { apiVersion: "apps/v1", kind: "Deployment", namespace: "apps", name: "login" },
        at: { file: "set.yaml", line: 28, column: 11 },
        related: [
          {
            message: "port 443 of Service apps/kibana is what it passes requests on to",
            subject: { apiVersion: "v1", kind: "Service", namespace: "apps", name: "kibana" },
            path: "spec.ports",
            at: { file: "set.yaml", line: 9, column: 36 },
          },
        ],
      },
    ]);
  });

  test("the policy that the hint says is the remedy", () => {
    const [finding] = found(NAMESPACES, APP, PROXY);
    const [, spec = ""] = /with (podSelector: .*)$/.exec(finding!.hint) ?? [];
    const written = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: guard, namespace: apps }
spec: { ${spec.replace(" and ingress:", ", ingress:")} }
`;
    expect(found(NAMESPACES, APP, PROXY, written)).toEqual([]);
  });

  test("by a policy beside the right one, which is named with its place", () => {
    const [finding, ...more] = found(
      NAMESPACES,
      APP,
      PROXY,
      policy("guard", LOGIN),
      policy("more", LOGIN, DEV),
    );
    expect(more).toEqual([]);
    expect(finding?.message).toContain(
      "any pod in dev may reach apps/kibana on 5601/TCP without a login; NetworkPolicy apps/more admits them by spec.ingress[0].from[1]",
    );
    expect(finding?.hint).toBe(
      `remove spec.ingress[0].from[1] of NetworkPolicy apps/more, or let it admit the proxy alone: from: [${LOGIN}]`,
    );
    expect(finding?.related?.[1]).toMatchObject({
      subject: { kind: "NetworkPolicy", name: "more" },
      path: "spec.ingress[0].from[1]",
      at: { file: "set.yaml", line: 46 },
    });
  });

  test("two proxies before one Service are one finding, and neither is a stranger", () => {
    const second = PROXY.replaceAll("login", "login2");
    expect(found(NAMESPACES, APP, PROXY, second)).toHaveLength(1);
    const second_ = "{ podSelector: { matchLabels: { app: login2 } } }";
    expect(found(NAMESPACES, APP, PROXY, second, policy("guard", LOGIN, second_))).toEqual([]);
    // The first upstream admits the second proxy, which is for another Service.
    const elsewhere = second.replace("kibana", "other");
    expect(found(NAMESPACES, APP, PROXY, elsewhere, policy("guard", LOGIN, second_))[0]?.message).toContain(
      "pods with app=login2 in apps may reach",
    );
  });

  test("several upstreams are told one by one", () => {
    const two = PROXY.replace('/"', '/,http://api:80/x,static://200"');
    const api = APP.replaceAll("kibana", "api").replace("port: 443", "port: 80");
    expect(found(NAMESPACES, APP, api, two).map(({ message }) => /Service \S+:/.exec(message)?.[0])).toEqual([
      "Service apps/kibana:",
      "Service apps/api:",
    ]);
    expect(found(NAMESPACES, APP, api, two, policy("guard", LOGIN))).toHaveLength(1);
  });
});

describe("nothing is said", () => {
  test.each([
    ["the proxy's own pods alone are admitted", [APP, PROXY, policy("guard", LOGIN)]],
    ["the Service is not in the set", [PROXY]],
    ["no pod is behind the Service", [APP.split("---")[0]!, PROXY]],
    ["the Service has no such port", [APP, PROXY.replace(":443", ":444")]],
    ["the proxy has no labels", [APP, PROXY.replace("metadata: { labels: { app: login } }", "metadata: {}")]],
    [
      "API servers are admitted by their addresses",
      [APP, PROXY, policy("guard", LOGIN, '{ ipBlock: { cidr: "172.20.32.0/19" } }')],
    ],
    [
      "the upstream uses its node's network",
      [APP.replace("spec: { containers", "spec: { hostNetwork: true, containers"), PROXY],
    ],
    ["it is no proxy", [APP, PROXY.replace("oauth2-proxy:7", "nginx:1")]],
  ])("when %s", (_, texts) => {
    expect(found(NAMESPACES, ...texts)).toEqual([]);
  });
});

describe("platforms", () => {
  test("the reference platform is silent, and is not when a policy opens what its login guards", async () => {
    const { out } = await ashlar(["check", STRIX, "--format", "json"]);
    expect(JSON.parse(out).findings).toEqual([]);
    const opened = shop({ also: true });
    expect(opened).toHaveLength(1);
    expect(opened[0]?.message).toContain("NetworkPolicy default/open admits them by spec.ingress[0].from[0]");
  });
  test("a firewall that opens the environment of a guarded app is told", () => {
    const [finding] = shop({ isolate: ["common"] });
    expect(finding?.message).toMatch(
      /any pod in default and dev .* without a login; NetworkPolicy default\/namespace-ingress admits them/,
    );
  });
  test("what bypass: true leaves open is meant", () => {
    expect(shop({ bypass: true })).toEqual([]);
    expect(shop({})).toEqual([]);
  });
});

function shop({
  bypass = false,
  also = false,
  isolate,
}: {
  bypass?: boolean;
  also?: boolean;
  isolate?: ["common"];
}) {
  const open = {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "open", namespace: "default" },
    spec: {
      podSelector: {},
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { env: "dev" } } }] }],
    },
  };
  const platform = definePlatform({
    name: "shop",
    environments: { common: existing("default"), dev: ["dev"] },
    firewall: { diagram: "dev <-> common", ...(isolate && { isolate }) },
    podCidrs: ["100.96.0.0/11"],
    oidc: { issuer: "https://iam.example.test/realms/shop", clientId: "kubernetes" },
    given: [
      service("default/kibana", { port: 443, pods: { app: "kibana" } }),
      { apiVersion: "networking.k8s.io/v1", kind: "IngressClass", metadata: { name: "nginx" }, spec: {} },
    ],
    apps: { logs: { host: "logs.example.test", to: "kibana.default:443", login: "any", bypass } },
    edge: {
      routes: "ingress",
      issuer: "letsencrypt",
      issuers: {
        letsencrypt: {
          email: "info@example.test",
          server: "staging",
          solvers: [{ http01: { ingressClass: "nginx" } }],
        },
      },
      auth: { trustedProxies: ["100.96.0.0/11"], apiServer: ["172.20.32.0/19"] },
    },
    also: also ? [{ resources: [open], patches: [], documents: [], steps: [], claims: [] }] : [],
  } as never);
  return check(objectSet(platform)).findings.filter(({ code }) => code === CODE);
}

test("the command line prints both places", async () => {
  const cwd = folderOf({ "a.yaml": `${NAMESPACES}---${APP}---${PROXY}` });
  const { code, out } = await ashlar(["check", "a.yaml"], { cwd });
  expect(code).toBe(1);
  expect(out).toContain(`[${CODE}]`);
  expect(out).toContain("(a.yaml:8:36)");
});
