import { readYaml } from "@ashlar/core";
import { describe, expect, it } from "vitest";
import { dnsRules } from "./index.ts";

const indented = (text: string, by: string) => text.replace(/^(?=.)/gm, by);

const configMap = (corefile: string, name = "coredns", key = "Corefile") =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: kube-system }\ndata:\n  ${key}: |\n${indented(corefile, "    ")}---\n`;

const COREFILE = `.:53 {
    errors
    health
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods verified
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
}
`;

const workload = ({ ready = 8181, policy = "Default", target = "53" } = {}) => `apiVersion: apps/v1
kind: Deployment
metadata: { name: coredns, namespace: kube-system }
spec:
  selector: { matchLabels: { k8s-app: kube-dns } }
  template:
    metadata: { labels: { k8s-app: kube-dns } }
    spec:
      serviceAccountName: coredns
      dnsPolicy: ${policy}
      containers:
        - name: coredns
          image: registry.k8s.io/coredns/coredns:v1.15.0
          ports: [{ name: metrics, containerPort: 9153 }]
          livenessProbe: { httpGet: { path: /health, port: 8080 } }
          readinessProbe: { httpGet: { path: /ready, port: ${ready} } }
      volumes:
        - name: config
          configMap: { name: coredns, items: [{ key: Corefile, path: Corefile }] }
---
apiVersion: v1
kind: Service
metadata: { name: kube-dns, namespace: kube-system }
spec:
  selector: { k8s-app: kube-dns }
  ports: [{ port: 53, protocol: UDP, targetPort: ${target} }, { port: 9153, targetPort: metrics }]
---
`;

const rights = (resources: string) => `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: system:coredns }
rules:
  - { apiGroups: [""], resources: [${resources}], verbs: [list, watch] }
  - { apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [list, watch] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: system:coredns }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: system:coredns }
subjects: [{ kind: ServiceAccount, name: coredns, namespace: kube-system }]
---
`;

function check(text: string, versions: object = {}) {
  const { resources, locate } = readYaml(text, { file: "dns.yaml" });
  return dnsRules.flatMap((rule) => {
    const findings = rule.check({ resources, locate, versions });
    for (const { code } of findings) expect(code).toBe(rule.code);
    return findings;
  });
}

describe("dnsRules", () => {
  it("are silent about a CoreDNS that is right", () => {
    expect(check(configMap(COREFILE) + workload() + rights("services, namespaces, pods"))).toEqual([]);
  });

  it("lint the Corefile at its place in the YAML", () => {
    expect(check(configMap(COREFILE.replace("cache 30", "cache 30s")))).toMatchObject([
      {
        code: "dns/no-swallowed-word",
        path: "data.Corefile",
        subject: { kind: "ConfigMap", name: "coredns" },
        at: { file: "dns.yaml", line: 16, column: 15 },
      },
    ]);
  });

  it("put coredns-custom into the block that imports it", () => {
    const text =
      configMap(COREFILE.replace("    reload\n", "    reload\n    import custom/*.override\n")) +
      configMap("cache 60\n", "coredns-custom", "mine.override");
    expect(check(text)).toMatchObject([
      {
        code: "dns/no-duplicate-plugin",
        severity: "error",
        path: "data[mine.override]",
        subject: { name: "coredns-custom" },
        at: { line: 27 },
      },
    ]);
  });

  it("compare probes and Services with what listens", () => {
    expect(check(configMap(COREFILE) + workload({ ready: 8080, target: "1053" }))).toMatchObject([
      {
        code: "dns/no-unserved-port",
        message: expect.stringContaining("8080/ready"),
        subject: { kind: "Deployment" },
      },
      {
        code: "dns/no-unserved-port",
        message: expect.stringContaining("1053"),
        subject: { kind: "Service" },
      },
    ]);
  });

  it("find rights that the plugin kubernetes needs", () => {
    expect(check(configMap(COREFILE) + workload() + rights("services, namespaces"))).toMatchObject([
      {
        code: "dns/require-dns-rights",
        message: expect.stringContaining("list pods, watch pods"),
        path: "rules",
      },
    ]);
    const old = check(configMap(COREFILE) + workload() + rights("services, namespaces, pods"), {
      coredns: "1.8.0",
    });
    expect(old).toMatchObject([{ message: expect.stringContaining("list endpoints, watch endpoints") }]);
  });

  it("find a CoreDNS that asks itself", () => {
    expect(check(configMap(COREFILE) + workload({ policy: "ClusterFirst" }))).toMatchObject([
      { code: "dns/no-own-resolver", severity: "warning", path: "spec.template.spec.dnsPolicy" },
    ]);
  });

  it("take malformed objects", () => {
    const broken = ["data: 5", "data: { Corefile: 5 }", "data: { Corefile: '{' }", "metadata: 5"];
    for (const line of broken)
      expect(() =>
        check(`apiVersion: v1\nkind: ConfigMap\nmetadata: { name: coredns }\n${line}\n`),
      ).not.toThrow();
    expect(() =>
      check("apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: a }\nspec: 5\n"),
    ).not.toThrow();
  });
});
