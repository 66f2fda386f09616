import { expect, test } from "vitest";
import type { Inventory, Rule } from "../inventory.ts";
import { applyPatches } from "../patch.ts";
import type { Resource } from "../resource.ts";
import { coreRules } from "./index.ts";
import { deployment, namespace, object, service } from "./references/sets.test-support.ts";

/** What all rules find in a whole set after patches: `severity code subject path`. */
function found(resources: readonly Resource[], patches: readonly Resource[], over: Partial<Inventory> = {}) {
  const set = applyPatches(
    resources,
    patches.map((merge) => ({ merge, why: "" })),
  );
  const inventory: Inventory = { ...set, whole: true, ...over };
  return coreRules.flatMap((rule: Rule) =>
    rule
      .check(inventory)
      .map((f) => `${f.severity} ${f.code.replace("core/", "")} ${f.subject?.name ?? ""} ${f.path}`),
  );
}

const PROD = namespace("prod", { env: "prod" });
const patched = (kind: string, apiVersion: string, where: string, fields: object) =>
  object(apiVersion, kind, where, fields as Record<string, unknown>);

test("labels of a namespace that somebody else owns", () => {
  const common: Resource = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "default", labels: { env: "common" } },
  };
  const policy = (labels: Record<string, string>) =>
    object("networking.k8s.io/v1", "NetworkPolicy", "p", {
      spec: { podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: labels } }] }] },
    });
  const path = "spec.ingress[0].from[0].namespaceSelector";
  expect(found([PROD, policy({ env: "common" })], [common])).toEqual([]);
  // Its other labels are not known; the one that is said is.
  expect(found([PROD, policy({ team: "a" })], [common])).toEqual([]);
  expect(found([PROD, policy({ env: "other-thing" })], [common])).toEqual([
    `error no-selector-without-namespaces p ${path}`,
  ]);
  expect(found([PROD, policy({ team: "a" })], [])).toEqual([
    `error no-selector-without-namespaces p ${path}`,
  ]);
  expect(found([PROD, namespace("x", { team: "blue" }), policy({ team: "bleu" })], [common])).toEqual([
    `warning no-selector-without-namespaces p ${path}`,
  ]);
});

test("imagePullSecrets of a ServiceAccount: what it says has to be there, what it does not say is not asked for", () => {
  const account = patched("ServiceAccount", "v1", "default", { imagePullSecrets: [{ name: "registry" }] });
  const secret = object("v1", "Secret", "registry", {
    type: "kubernetes.io/dockerconfigjson",
    stringData: { ".dockerconfigjson": '{"auths":{}}' },
  });
  expect(found([PROD, secret], [account])).toEqual([]);
  expect(found([PROD], [account])).toEqual(["error no-missing-secret default imagePullSecrets[0].name"]);
});

const MOUNT = {
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: "nexus",
            volumeMounts: [{ name: "data", mountPath: "/data" }],
            readinessProbe: { httpGet: { path: "/", port: "http" } },
          },
        ],
      },
    },
  },
};

test("a volume mount of a Deployment that is not in the set: its image, selector, volumes and ports are not known", () => {
  const mount = patched("Deployment", "apps/v1", "nexus", MOUNT);
  expect(found([PROD], [mount])).toEqual([]);
  // The same object without a patch lacks them.
  expect(found([PROD, mount], [])).toContain("error valid-value nexus spec.selector");
  expect(found([PROD, mount], [])).toContain(
    "error no-missing-probe-port nexus spec.template.spec.containers[0].readinessProbe.httpGet.port",
  );
});

test("what a patch says is checked", () => {
  const wrong = patched("Deployment", "apps/v1", "nexus", { spec: { replica: 2, paused: "yes" } });
  const labelled = { ...wrong, metadata: { ...wrong.metadata, labels: { app: "-x" } }, spec: {} };
  expect(found([PROD], [wrong])).toEqual([
    "error valid-structure nexus spec.replica",
    "error valid-structure nexus spec.paused",
  ]);
  expect(found([PROD], [labelled])).toEqual(["error valid-value nexus metadata.labels"]);
});

test("pods of a Deployment that is there as a patch may have any label and port", () => {
  const mount = patched("Deployment", "apps/v1", "nexus", MOUNT);
  const front = service("nexus", { app: "nexus" }, { port: 80, targetPort: "http" });
  expect(found([PROD, front], [mount])).toEqual([]);
  expect(found([PROD, front], [])).toEqual(["error no-selector-without-pods nexus spec.selector"]);
  const bare = patched("Deployment", "apps/v1", "nexus", {
    metadata: { name: "nexus", namespace: "prod", annotations: { a: "b" } },
  });
  expect(found([PROD, front], [bare])).toEqual([]);
  // A label that it does say decides.
  const other = patched("Deployment", "apps/v1", "nexus", {
    spec: { template: { metadata: { labels: { app: "database" } } } },
  });
  expect(found([PROD, front], [other])).toEqual(["error no-selector-without-pods nexus spec.selector"]);
  // Pods that are known do not declare the port, the patched ones may.
  const known = deployment("nexus-2", {}, {});
  const both = service("both", { app: "nexus-2" }, { port: 80, targetPort: "http" });
  expect(found([PROD, known, both], [mount])).toEqual([]);
  expect(found([PROD, known, both], [])).toEqual([
    "error no-missing-target-port both spec.ports[0].targetPort",
  ]);
});

test("keys of a Secret, ports of a Service, templates of a StatefulSet", () => {
  const web = (spec: object, container: object = {}) => deployment("web", { ...container }, { ...spec });
  const env = (key: string) => ({
    env: [{ name: "A", valueFrom: { secretKeyRef: { name: "db", key } } }],
  });
  const secret = patched("Secret", "v1", "db", { stringData: { user: "x" } });
  expect(found([PROD, web({}, env("password"))], [secret])).toEqual([]);
  expect(found([PROD, web({}, env("password")), secret], [])).toHaveLength(1);

  const ingress = object("networking.k8s.io/v1", "Ingress", "web", {
    spec: { defaultBackend: { service: { name: "front", port: { name: "http" } } } },
  });
  const front = patched("Service", "v1", "front", { spec: { ports: [{ port: 90, name: "metrics" }] } });
  expect(found([PROD, ingress], [front])).toEqual([]);
  expect(found([PROD, ingress, front], [])).toContain(
    "error no-missing-service web spec.defaultBackend.service.port.name",
  );

  const claim = { volumes: [{ name: "d", persistentVolumeClaim: { claimName: "data-db-0" } }] };
  const stateful = patched("StatefulSet", "apps/v1", "db", { spec: { replicas: 3 } });
  const path = "spec.template.spec.volumes[0].persistentVolumeClaim.claimName";
  expect(found([PROD, web(claim)], [stateful])).toEqual([]);
  expect(found([PROD, web(claim)], [])).toEqual([`error no-missing-claim web ${path}`]);
});

test("annotations, class and default backend of an Ingress; the name in a Certificate; the class of a volume", () => {
  const tls = patched("Ingress", "networking.k8s.io/v1", "shop", {
    spec: {
      rules: [{ host: "shop.example.test", http: { paths: [] } }],
      tls: [{ hosts: ["www.example.test"], secretName: "shop-tls" }],
    },
  });
  expect(found([PROD], [tls])).toEqual([]);
  expect(found([PROD, tls], [])).toEqual(
    expect.arrayContaining([
      "error no-missing-secret shop spec.tls[0].secretName",
      "warning no-tls-host-without-rule shop spec.tls[0].hosts[0]",
    ]),
  );

  const certificate = patched("Certificate", "cert-manager.io/v1", "c", { spec: { duration: "24h" } });
  const mounted = deployment("web", {}, { volumes: [{ name: "t", secret: { secretName: "any-tls" } }] });
  expect(found([PROD, mounted], [certificate])).toEqual([]);
  expect(found([PROD, mounted, certificate], [])).toEqual([
    "error no-missing-secret web spec.template.spec.volumes[0].secret.secretName",
  ]);

  const claim = object("v1", "PersistentVolumeClaim", "c", {
    spec: {
      storageClassName: "slow",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "1Gi" } },
    },
  });
  const volume = object("v1", "PersistentVolume", "*/v", { metadata: { name: "v", labels: { a: "b" } } });
  expect(found([PROD, claim], [volume])).toEqual([]);
  expect(found([PROD, claim], [])).toEqual(["error no-missing-storage-class c spec.storageClassName"]);
});

test("routes of an Ingress whose class is not known are nobody's", () => {
  const route = (name: string, fields: object = {}) =>
    object("networking.k8s.io/v1", "Ingress", name, {
      spec: {
        rules: [
          {
            host: "a.example.test",
            http: {
              paths: [
                { path: "/", pathType: "Prefix", backend: { service: { name: "s", port: { number: 80 } } } },
              ],
            },
          },
        ],
        ...fields,
      },
    });
  const backend = service("s", { app: "web" }, { port: 80 });
  const set = [PROD, deployment("web"), backend, route("one")];
  expect(found(set, [route("two")])).toEqual([]);
  expect(found([...set, route("two")], [])).toEqual([
    "warning no-duplicate-route two spec.rules[0].http.paths[0]",
  ]);
});

test("fields that the CustomResourceDefinition requires", () => {
  const schema = {
    type: "object",
    properties: {
      spec: {
        type: "object",
        required: ["size"],
        properties: { size: { type: "integer" }, name: { type: "string" } },
      },
    },
  };
  const definition = object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "*/shops.example.test", {
    spec: {
      group: "example.test",
      scope: "Namespaced",
      names: { plural: "shops", kind: "Shop" },
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  });
  const shop = (spec: object) => patched("Shop", "example.test/v1", "s", { spec });
  expect(found([PROD, definition], [shop({ name: "a" })])).toEqual([]);
  expect(found([PROD, definition, shop({ name: "a" })], [])).toEqual(["error valid-structure s spec.size"]);
  expect(found([PROD, definition], [shop({ name: 5 })])).toEqual(["error valid-structure s spec.name"]);
});
