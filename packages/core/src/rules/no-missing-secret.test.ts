import { expect, test } from "vitest";
import { noMissingSecret } from "./no-missing-secret.ts";
import { deployment, found, foundInWhole, object } from "./references/sets.test-support.ts";

const secret = (where: string, data: Record<string, string> = { password: "eA==" }) =>
  object("v1", "Secret", where, { data });
const envFromKey = (name: string, key: string, optional?: boolean) => ({
  env: [{ name: "DB", valueFrom: { secretKeyRef: { name, key, ...(optional && { optional }) } } }],
});
const KEY_REF = "spec.template.spec.containers[0].env[0].valueFrom.secretKeyRef";

test("a Secret that is there, with the key, is right", () => {
  const web = deployment("web", envFromKey("db", "password"));
  expect(foundInWhole(noMissingSecret, web, secret("db"))).toEqual([]);
  const plain = object("v1", "Secret", "db", { stringData: { password: "x" } });
  expect(foundInWhole(noMissingSecret, web, plain)).toEqual([]);
});

test("every place that names a Secret is looked at", () => {
  const web = deployment(
    "web",
    {
      ...envFromKey("one", "password"),
      envFrom: [{ secretRef: { name: "two" } }, { secretRef: { name: "maybe", optional: true } }],
    },
    {
      imagePullSecrets: [{ name: "three" }],
      initContainers: [{ name: "i", envFrom: [{ secretRef: { name: "four" } }] }],
      volumes: [
        { name: "a", secret: { secretName: "five" } },
        { name: "b", projected: { sources: [{ secret: { name: "six" } }] } },
        { name: "c", csi: { driver: "d", nodePublishSecretRef: { name: "seven" } } },
        { name: "d", secret: { secretName: "maybe", optional: true } },
      ],
    },
  );
  expect(foundInWhole(noMissingSecret, web)).toEqual([
    "error spec.template.spec.imagePullSecrets[0].name",
    "error spec.template.spec.volumes[0].secret.secretName",
    "error spec.template.spec.volumes[1].projected.sources[0].secret.name",
    "error spec.template.spec.volumes[2].csi.nodePublishSecretRef.name",
    `error ${KEY_REF}.name`,
    "error spec.template.spec.containers[0].envFrom[0].secretRef.name",
    "error spec.template.spec.initContainers[0].envFrom[0].secretRef.name",
  ]);
  const account = object("v1", "ServiceAccount", "a", { imagePullSecrets: [{ name: "registry" }] });
  expect(foundInWhole(noMissingSecret, account)).toEqual(["error imagePullSecrets[0].name"]);
});

test("the pods of every workload, old API versions and custom resources too", () => {
  const pod = { containers: [{ name: "c", envFrom: [{ secretRef: { name: "gone" } }] }] };
  const template = { spec: { template: { spec: pod } } };
  for (const [apiVersion, kind, fields, at] of [
    ["v1", "Pod", { spec: pod }, "spec"],
    ["v1", "ReplicationController", template, "spec.template.spec"],
    ["v1", "PodTemplate", { template: { spec: pod } }, "template.spec"],
    ["extensions/v1beta1", "DaemonSet", template, "spec.template.spec"],
    ["apps/v1", "StatefulSet", template, "spec.template.spec"],
    ["batch/v1", "Job", template, "spec.template.spec"],
    ["batch/v1beta1", "CronJob", { spec: { jobTemplate: template } }, "spec.jobTemplate.spec.template.spec"],
    ["argoproj.io/v1alpha1", "Rollout", template, "spec.template.spec"],
  ] as const)
    expect(foundInWhole(noMissingSecret, object(apiVersion, kind, "x", fields)), kind).toEqual([
      `error ${at}.containers[0].envFrom[0].secretRef.name`,
    ]);
});

test("a partial set warns only when it plainly holds the Secrets of that namespace", () => {
  const web = deployment("web", envFromKey("db", "password"));
  expect(found(noMissingSecret, [web])).toEqual([]);
  expect(found(noMissingSecret, [web, secret("dev/other")])).toEqual([]);
  expect(found(noMissingSecret, [web, secret("other")])).toEqual([`warning ${KEY_REF}.name`]);
});

test("assume silences, in both writings", () => {
  const web = deployment("web", envFromKey("db", "password"));
  const check = (...assume: string[]) => found(noMissingSecret, [web], { whole: true, assume });
  expect(check("prod/Secret/db")).toEqual([]);
  expect(check("prod/secret/db")).toEqual([]);
  expect(check("dev/Secret/db", "prod/ConfigMap/db", "prod/Secret/dbx", "", "///")).toHaveLength(1);
});

test("a manifest without a namespace goes anywhere", () => {
  const web = deployment("web", envFromKey("db", "password"));
  const homeless = { ...secret("db"), metadata: { name: "db" } };
  expect(foundInWhole(noMissingSecret, web, homeless)).toEqual([]);
  const roaming = { ...web, metadata: { name: "web" } };
  expect(foundInWhole(noMissingSecret, roaming, secret("db"))).toEqual([]);
  expect(foundInWhole(noMissingSecret, web, secret("dev/db"))).toEqual([`error ${KEY_REF}.name`]);
});

test("the message names both ends, the hint the near name, related the near object", () => {
  const [finding] = noMissingSecret.check({
    resources: [deployment("web", envFromKey("databse", "password")), secret("database")],
    whole: true,
  });
  expect(finding).toMatchObject({
    message:
      'Deployment prod/web: env DB of container "c" names Secret prod/databse, which is not in the set: its containers do not start',
    hint: 'did you mean "database"? Else, if it lives elsewhere, assume prod/Secret/databse',
    related: [{ subject: { kind: "Secret", namespace: "prod", name: "database" } }],
  });
  const [elsewhere] = noMissingSecret.check({
    resources: [deployment("web", envFromKey("db", "password")), secret("dev/db")],
    whole: true,
  });
  expect(elsewhere?.hint).toContain("Secret db is in namespace dev, not here");
});

test("a missing key is certain in any set, unless something else fills the Secret", () => {
  const web = deployment("web", envFromKey("db", "pasword"));
  expect(noMissingSecret.check({ resources: [web, secret("db")] })).toMatchObject([
    { severity: "error", path: `${KEY_REF}.key`, hint: 'did you mean "password"?' },
  ]);
  expect(found(noMissingSecret, [web, secret("db", {})])).toEqual([]);
  const token = { ...secret("db"), type: "kubernetes.io/service-account-token" };
  expect(found(noMissingSecret, [web, token])).toEqual([]);
  const maybe = deployment("web", envFromKey("db", "pasword", true));
  expect(found(noMissingSecret, [maybe, secret("db")])).toEqual([]);
  const items = { volumes: [{ name: "v", secret: { secretName: "db", items: [{ key: "k", path: "p" }] } }] };
  expect(found(noMissingSecret, [deployment("web", {}, items), secret("db")])).toEqual([
    "error spec.template.spec.volumes[0].secret.items[0].key",
  ]);
});

test("Secrets that controllers make are not missing", () => {
  const web = deployment("web", {}, { volumes: [{ name: "v", secret: { secretName: "made" } }] });
  for (const maker of [
    object("cert-manager.io/v1", "Certificate", "x", { spec: { secretName: "made" } }),
    object("bitnami.com/v1alpha1", "SealedSecret", "made", { spec: {} }),
    object("external-secrets.io/v1", "ExternalSecret", "x", { spec: { target: { name: "made" } } }),
    object("external-secrets.io/v1", "ExternalSecret", "made", { spec: {} }),
  ]) {
    expect(foundInWhole(noMissingSecret, web, maker), maker.kind).toEqual([]);
    const elsewhere = { ...maker, metadata: { ...maker.metadata, namespace: "dev" } };
    expect(foundInWhole(noMissingSecret, web, elsewhere), maker.kind).toHaveLength(1);
  }
});

test("an Ingress needs its TLS Secret, with both keys, unless cert-manager makes it", () => {
  const ingress = object("networking.k8s.io/v1", "Ingress", "x", { spec: { tls: [{ secretName: "tls" }] } });
  expect(foundInWhole(noMissingSecret, ingress)).toEqual(["error spec.tls[0].secretName"]);
  expect(foundInWhole(noMissingSecret, ingress, secret("tls", { "tls.crt": "", "tls.key": "" }))).toEqual([]);
  expect(foundInWhole(noMissingSecret, ingress, secret("tls", { "tls.crt": "" }))).toHaveLength(1);
  for (const annotation of [
    "cert-manager.io/cluster-issuer",
    "cert-manager.io/issuer",
    "kubernetes.io/tls-acme",
  ]) {
    const metadata = { ...ingress.metadata, annotations: { [annotation]: "true" } };
    expect(foundInWhole(noMissingSecret, { ...ingress, metadata })).toEqual([]);
  }
});

test("one finding for each object and Secret", () => {
  const web = deployment("web", { envFrom: [{ secretRef: { name: "db" } }], ...envFromKey("db", "k") });
  expect(foundInWhole(noMissingSecret, web)).toHaveLength(1);
});
