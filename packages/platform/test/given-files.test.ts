import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { definePlatform, existing, IntentError, parsePlatform, service, withGiven, yaml } from "ashlar";
import { check, objectSet } from "ashlar/check";
import { readPlatform } from "ashlar/files";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ashlar } from "./support/cli.ts";

const SERVICE = `# of helm
apiVersion: v1
kind: Service
metadata: { name: kibana, namespace: default }
spec: { selector: { app: kibana }, ports: [{ name: http, port: 80, targetPort: 5601 }] }
`;
const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata: { name: kibana, namespace: default }
spec:
  selector: { matchLabels: { app: kibana } }
  template:
    metadata: { labels: { app: kibana } }
    spec:
      containers:
        - name: kibana
          image: registry.example.test/kibana:latest
          env: [{ name: KEY, valueFrom: { secretKeyRef: { name: kibana, key: key } } }]
`;
const VALUE = "c2VjcmV0IG9mIHRoZSB0ZXN0cw==";
const SECRET = `apiVersion: v1
kind: Secret
metadata:
  name: kibana
  namespace: default
  annotations:
    kubectl.kubernetes.io/last-applied-configuration: '{"kind":"Secret","data":{"key":"${VALUE}"}}'
data: { key: ${VALUE} }
`;
const LIST = `apiVersion: v1
kind: List
items:
${[SERVICE, DEPLOYMENT, SECRET]
  .map((text) =>
    text
      .replace(/^#.*\n/, "")
      .trimEnd()
      .replace(/^/gm, "    ")
      .replace("    ", "  - "),
  )
  .join("\n")}
`;
const CLASS =
  "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: { name: nginx }\nspec: { controller: traefik.io/ingress-controller }\n";

const platformText = (given: string, wrap = (text: string) => text) => `
import { definePlatform, existing, withParams, yaml } from "ashlar";
export default ${wrap(`definePlatform({
  name: "shop",
  environments: { common: existing("default"), dev: ["dev"] },
  firewall: "dev <-> common",
  oidc: { issuer: "https://iam.example.test/realms/shop", clientId: "kubernetes" },
  given: [${given}, "ClusterIssuer/letsencrypt"],
  apps: { logs: { host: "logs.example.test", to: "kibana.default:80", login: "any" } },
  edge: { routes: "ingress", issuer: "letsencrypt", auth: { trustedProxies: ["100.96.0.0/11"], apiServer: [] } },
  expect: ["https://logs.example.test requires login"],
})`)};
`;

let root: string;
beforeAll(() => {
  // Beside this file, from where the packages are found.
  root = mkdtempSync(join(import.meta.dirname, "given-"));
});
afterAll(() => rmSync(root, { recursive: true }));

let folders = 0;
function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = join(root, String(folders++));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const CHARTS = {
  "charts/a-class.yaml": CLASS,
  "charts/kibana/service.yaml": SERVICE,
  "charts/kibana/workload.yaml": `${DEPLOYMENT}---\n${SECRET}`,
};
const WHOLE = 'yaml("charts/**/*.yaml")';

describe("files in given, on the command line", () => {
  test("apps find ports and pods in them; findings and steps name file, line and column", async () => {
    const cwd = folderWith({ ...CHARTS, "platform.ts": platformText(WHOLE) });
    const { code, out, err } = await ashlar(["check", "--format", "json"], { cwd });
    expect(err).toBe("");
    const { findings, summary } = JSON.parse(out);
    expect(findings).toMatchObject([
      {
        code: "registry/no-moving-tag",
        at: { file: "charts/kibana/workload.yaml", line: 11, column: 11 },
      },
    ]);
    expect([code, summary.claims.broken, summary.claims.unknown]).toEqual([1, 0, 0]);
    expect(summary.claims.proved).toBeGreaterThan(2);
    const text = await ashlar(["check"], { cwd });
    expect(text.out).toContain("> 11 |           image: registry.example.test/kibana:latest");
    const url = await ashlar(["explain", "url", "https://logs.example.test/", "platform.ts"], { cwd });
    expect(url.out).toMatch(/Service default\/kibana.*charts\/kibana\/service\.yaml:2/);
    expect(url.out).toMatch(/Deployment default\/kibana.*charts\/kibana\/workload\.yaml:1/);
  });

  test("nothing of them is written, and what is written is made of them", async () => {
    const cwd = folderWith({ ...CHARTS, "platform.ts": platformText(WHOLE) });
    const { code, out } = await ashlar(["render"], { cwd });
    expect(code).toBe(0);
    expect(out).not.toContain("name: kibana\n");
    expect(out).toContain("name: logs-behind-login");
    expect(out).toMatch(/podSelector:\n {4}matchLabels:\n {6}app: kibana\n/);
  });

  test("paths are relative to the platform file, names in places to where one stands", async () => {
    const folder = folderWith({ ...CHARTS, "platform.ts": platformText(WHOLE) });
    const { out } = await ashlar(["check", folder.split("/").at(-1)!], { cwd: root });
    expect(out).toContain(`at ${folder.split("/").at(-1)}/charts/kibana/workload.yaml:11:11`);
  });

  test("a List gives its items, and a file that two patterns match is there once", async () => {
    const cwd = folderWith({
      "all.yaml": LIST,
      "class.json":
        '{"apiVersion":"networking.k8s.io/v1","kind":"IngressClass","metadata":{"name":"nginx"},"spec":{"controller":"traefik.io/ingress-controller"}}',
      "platform.ts": platformText('yaml("*.yaml"), yaml("all.yaml"), yaml("all.yaml"), yaml("class.json")'),
    });
    const { out } = await ashlar(["check", "--format", "json"], { cwd });
    expect(JSON.parse(out).findings).toMatchObject([
      { code: "registry/no-moving-tag", at: { file: "all.yaml", line: 18 } },
    ]);
  });

  test("values of Secrets are nowhere, and a key of theirs may be there", async () => {
    const cwd = folderWith({ ...CHARTS, "platform.ts": platformText(WHOLE) });
    for (const args of [["check", "--format", "json"], ["check"], ["render"], ["check", "--format", "sarif"]])
      expect(Object.values(await ashlar(args, { cwd })).join()).not.toContain(VALUE);
    // Were the Secret not read at all, the reference to it would be a finding.
    const without = {
      ...CHARTS,
      "charts/kibana/workload.yaml": DEPLOYMENT,
      "platform.ts": platformText(WHOLE),
    };
    const { out } = await ashlar(["check"], { cwd: folderWith(without) });
    expect(out).toContain("[core/no-missing-secret]");
  });

  test("templates of parameters have them too", async () => {
    const text = platformText(WHOLE, (made) => `withParams({}, () => ${made})`);
    const { out } = await ashlar(["check", "--format", "json"], {
      cwd: folderWith({ ...CHARTS, "platform.ts": text }),
    });
    expect(JSON.parse(out).findings).toMatchObject([{ code: "registry/no-moving-tag" }]);
  });

  test.each<[string, string, Record<string, string>, string, string]>([
    [
      "a name that no file has",
      'yaml("chart/*.yaml")',
      {},
      'yaml("chart/*.yaml"): no file of FOLDER has this name',
      "it is relative to the folder of the platform file",
    ],
    [
      "a folder",
      'yaml("charts")',
      {},
      'yaml("charts"): charts is a folder',
      'write yaml("charts/**/*.yaml")',
    ],
    [
      "a file without an object",
      'yaml("empty.yaml")',
      { "empty.yaml": "# nothing\n" },
      'yaml("empty.yaml"): empty.yaml holds no object',
      "correct the path, or leave it out",
    ],
    [
      "YAML that nobody can read",
      'yaml("broken.yaml")',
      { "broken.yaml": "apiVersion: v1\nkind: Service\nmetadata: { name: [\n" },
      "[core/valid-yaml]",
      "at broken.yaml:",
    ],
    [
      "a chart that is not rendered",
      'yaml("broken.yaml")',
      { "broken.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n" },
      "[core/no-template]",
      "at broken.yaml:4:",
    ],
    [
      "no Kubernetes object",
      'yaml("values.yaml")',
      { "values.yaml": "replicas: 2\n" },
      "[core/valid-object]",
      "at values.yaml:1:1",
    ],
    [
      "a Service that an app needs and the files do not have",
      'yaml("charts/a-class.yaml")',
      {},
      "default/kibana",
      "apps.logs",
    ],
    [
      "a file that is gone",
      'yaml("charts/**/*.yaml"), yaml("gone.yaml")',
      {},
      'yaml("gone.yaml"): no file',
      "→",
    ],
  ])("%s is told, and nothing is done", async (_, given, files, message, hint) => {
    const cwd = folderWith({ ...CHARTS, ...files, "platform.ts": platformText(given) });
    const checked = await ashlar(["check"], { cwd });
    expect(checked.code).toBe(1);
    expect(checked.out).toContain(message.replace("FOLDER", cwd));
    expect(checked.out).toContain(hint);
    const rendered = await ashlar(["render"], { cwd });
    expect([rendered.code, rendered.out]).toEqual([2, ""]);
    expect(rendered.err).toContain(message.replace("FOLDER", cwd));
  });
});

const INTENT = {
  name: "shop",
  environments: { common: existing("default"), dev: ["dev"] },
  given: [yaml("charts/**/*.yaml")],
} as const;

describe("files in given, in scripts", () => {
  test("a platform with files is told from one that is whole", () => {
    expect(definePlatform(INTENT)).toEqual({
      type: "ashlar/unread-platform",
      name: "shop",
      files: ["charts/**/*.yaml"],
      intent: INTENT,
    });
    const given = [service("default/kibana", { port: 80 })];
    expect(definePlatform({ ...INTENT, given }).type).toBe("ashlar/platform");
    expect(parsePlatform(INTENT)).toEqual({
      ok: false,
      findings: [
        {
          code: "platform/valid-intent",
          severity: "error",
          message: 'the files of yaml("charts/**/*.yaml") have not been read',
          hint: "read them with readPlatform of ashlar/files, or put their objects here",
          path: "given[0]",
        },
      ],
    });
  });
  test("what is wrong apart from files is told at once", () => {
    const wrong = { ...INTENT, name: "Shop" };
    expect(() => definePlatform(wrong)).toThrow(/"Shop" is no platform name/);
    expect(() => definePlatform({ ...INTENT, given: [yaml(" ")] })).toThrow(/or yaml\(FILES\)/);
  });
  test("readPlatform reads them, and says where they are", () => {
    const folder = folderWith(CHARTS);
    const { platform, locate, findings } = readPlatform(definePlatform(INTENT), folder);
    expect(findings).toEqual([]);
    expect(platform.given.map(({ kind }) => kind)).toEqual([
      "IngressClass",
      "Service",
      "Deployment",
      "Secret",
    ]);
    expect(JSON.stringify(platform)).not.toContain(VALUE);
    expect(locate(platform.given[3]!, "metadata.name")).toEqual({
      file: "charts/kibana/workload.yaml",
      line: 17,
      column: 3,
    });
    const report = check({ ...objectSet(platform), locate });
    expect(report.findings.map(({ code, at }) => [code, at?.line])).toEqual([["registry/no-moving-tag", 11]]);
    expect(readPlatform(platform, folder).platform).toBe(platform);
  });
  test("readPlatform throws every finding", () => {
    const platform = definePlatform({ ...INTENT, given: [yaml("a.yaml"), yaml("b.yaml")] });
    const thrown = (() => {
      try {
        return readPlatform(platform, root);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(IntentError);
    expect((thrown as IntentError).findings.map(({ message }) => message.slice(0, 14))).toEqual([
      'yaml("a.yaml")',
      'yaml("b.yaml")',
    ]);
  });
  test("withGiven takes objects from whoever has them, and keeps their order", () => {
    const read = withGiven(
      definePlatform({
        ...INTENT,
        given: ["ClusterRole/x", yaml("a"), service("default/last", { port: 1 })],
      }),
      (files) => [service(`default/from-${files}`, { port: 80 })],
    );
    expect(read.ok && read.value.given.map(({ metadata }) => metadata.name)).toEqual(["from-a", "last"]);
    expect(read.ok && read.value.assume).toEqual(["ClusterRole/x"]);
  });
});
