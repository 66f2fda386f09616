import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { ashlar, folderOf, ROOT, STRIX } from "./support/cli.ts";

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: closed, namespace: prod }
spec:
  podSelector: {}
  policyTypes: [Ingress]
`;
const NAMESPACES = ["prod", "dev"]
  .map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`)
  .join("---\n");
const pod = (namespace: string, name: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: ${namespace}, labels: { app: ${name} } }\nspec: { containers: [{ name: c, image: "i:1" }] }\n`;

describe("render", () => {
  test("prints the objects in the order in which a cluster needs them, and says what is not among them", async () => {
    const { code, out, err } = await ashlar(["render", STRIX]);
    expect(code).toBe(0);
    const kinds = parseAllDocuments(out).map((d) => d.get("kind"));
    expect(kinds).toEqual([
      ...Array(4).fill("Namespace"),
      ...Array(4).fill("NetworkPolicy"),
      ...Array(4).fill("ServiceAccount"),
      "ConfigMap",
      "ClusterRole",
      ...Array(5).fill("ClusterRoleBinding"),
      ...Array(9).fill("RoleBinding"),
      ...Array(6).fill("Service"),
      "ClusterIssuer",
      ...Array(5).fill("Deployment"),
      ...Array(9).fill("Ingress"),
    ]);
    expect(err).toContain("7 patches on existing objects");
  });

  test("gives the same bytes twice, and a JSON List of the same objects", async () => {
    const [first, second, json] = await Promise.all([
      ashlar(["render", STRIX]),
      ashlar(["render", STRIX]),
      ashlar(["render", STRIX, "--format", "json"]),
    ]);
    expect(second.out).toBe(first.out);
    const list = JSON.parse(json.out);
    expect(list).toMatchObject({ apiVersion: "v1", kind: "List" });
    expect(list.items).toEqual(parseAllDocuments(first.out).map((d) => d.toJS()));
  });

  test("--out writes objects, patches, documents and the runbook; scripts are executable and parse", async () => {
    const folder = folderOf({});
    expect((await ashlar(["render", STRIX, "--out", "out"], { cwd: folder })).code).toBe(0);
    const files = readdirSync(join(folder, "out"), { recursive: true, withFileTypes: true }).filter((f) =>
      f.isFile(),
    );
    expect(files.map((f) => f.name).sort()).toEqual(
      [
        "authentication.yaml",
        "cert-manager.yaml",
        "configmap-default-nginx-ingress-controller.yaml",
        "dev.json",
        "import-realm-master.sh",
        "k8s.strix.kr-oidc.yaml",
        "kube-dns.yaml",
        "master-settings.json",
        "master.json",
        "oidc-flags.txt",
        "prod.json",
        "namespace-default.yaml",
        "namespace-kube-public.yaml",
        "namespace-kube-system.yaml",
        "serviceaccount-default-default.yaml",
        "serviceaccount-dev-default.yaml",
        "serviceaccount-prod-default.yaml",
        "probe-firewall.sh",
        "resources.yaml",
        "runbook.md",
        "runbook.sh",
      ].sort(),
    );
    for (const script of ["runbook.sh", "scripts/probe-firewall.sh"]) {
      expect(statSync(join(folder, "out", script)).mode & 0o111).not.toBe(0);
      execFileSync("sh", ["-n", join(folder, "out", script)]);
    }
    const probe = readFileSync(join(folder, "out", "scripts", "probe-firewall.sh"), "utf8");
    expect(probe.match(/^probe .*$/gm)).toEqual([
      "probe default prod ok",
      "probe default dev ok",
      "probe prod default ok",
      "probe prod dev blocked",
      "probe dev default ok",
      "probe dev prod blocked",
    ]);
  });

  test("YAML is no platform file", async () => {
    const folder = folderOf({ "a.yaml": POLICY });
    expect(await ashlar(["render", "a.yaml"], { cwd: folder })).toMatchObject({
      code: 2,
      err: expect.stringContaining("is no platform file"),
    });
  });
});

describe("parameters", () => {
  const file = join(ROOT, "packages/platform/test/fixtures/with-params.ts");

  test("reach the platform, typed and with defaults", async () => {
    const { code, out } = await ashlar([
      "render",
      file,
      "--param",
      "imageTag=1.36.1",
      "--param",
      "replicas=3",
    ]);
    expect(code).toBe(0);
    expect(out).toContain("image: busybox:1.36.1");
    expect(out).toContain("replicas: 3");
    expect((await ashlar(["render", file, "--param", "imageTag=1.36.1"])).out).toContain("replicas: 1");
  });

  test.each([
    [
      ["--param", "imagTag=1.0.0"],
      [
        'unknown parameter "imagTag"',
        'did you mean "imageTag"?',
        'parameter "imageTag" is missing',
        "give --param imageTag=VALUE",
      ],
    ],
    [["--param", "imageTag=latest"], ['parameter "imageTag" is "latest": expected a version such as 1.37.0']],
    [["--param", "imageTag=1.0.0", "--param", "replicas=0"], ['parameter "replicas" is "0"']],
    [["--param", "imageTag"], ["write --param name=value"]],
    [["--param", "imageTag=1.0.0", "--param", "imageTag=1.0.1"], ["stands twice"]],
  ])("%j is refused", async (args, messages) => {
    const { code, out, err } = await ashlar(["render", file, ...args]);
    expect(code).toBe(2);
    expect(out).toBe("");
    for (const message of messages) expect(err).toContain(message);
  });

  test("a platform without parameters takes none", async () => {
    expect(await ashlar(["render", STRIX, "--param", "a=b"])).toMatchObject({
      code: 2,
      err: expect.stringContaining("takes no parameters"),
    });
  });
});

describe("check", () => {
  test("the reference platform: every claim is proved", async () => {
    const { code, out } = await ashlar(["check", STRIX, "--format", "json"]);
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect([...new Set(report.suppressed.map((s: { finding: { code: string } }) => s.finding.code))]).toEqual(
      ["iam/no-apps-in-master", "iam/no-direct-grants", "ingress/no-retired-controller"],
    );
    expect(report).toMatchObject({
      findings: [],
      summary: {
        objects: 70,
        errors: 0,
        warnings: 0,
        claims: { proved: 67, broken: 0, unknown: 0, vacuous: 0 },
      },
    });
  });

  test("a broken claim on anybody's YAML names a counter-example; JSON has the promised shape", async () => {
    const folder = folderOf({ "ns.yaml": NAMESPACES, "policies/p.yaml": POLICY });
    const args = [
      "check",
      ".",
      "--claim",
      "ns:dev -/-> ns:prod",
      "--claim",
      "ns:prod -/-> ns:dev",
      "--format",
      "json",
    ];
    const { code, out } = await ashlar(args, { cwd: folder });
    expect(code).toBe(1);
    const { findings, summary } = JSON.parse(out);
    expect(summary.claims).toEqual({ proved: 1, broken: 1, unknown: 0, vacuous: 0 });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      code: "network-policy/broken-claim",
      severity: "error",
      message: expect.stringContaining("dev"),
      hint: expect.any(String),
      path: expect.any(String),
    });
  });

  test("a finding about a field has subject and position", async () => {
    const text = POLICY.replace("podSelector: {}", "podSelector: { matchLabels: { app: -x } }");
    const { code, out } = await ashlar(["check", "-", "--format", "json"], {
      stdin: `# first line\n${text}`,
    });
    expect(code).toBe(1);
    expect(JSON.parse(out).findings).toEqual([
      {
        code: "network-policy/valid-network-policy",
        severity: "error",
        message: expect.any(String),
        hint: expect.any(String),
        path: "spec.podSelector.matchLabels",
        subject: {
          apiVersion: "networking.k8s.io/v1",
          kind: "NetworkPolicy",
          namespace: "prod",
          name: "closed",
        },
        at: { file: "<stdin>", line: 6, column: expect.any(Number) },
      },
    ]);
  });

  test("an unknown namespace in a claim is a finding, never a pass", async () => {
    const folder = folderOf({ "a.yaml": `${NAMESPACES}---\n${POLICY}` });
    const { code, out } = await ashlar(["check", "a.yaml", "--claim", "ns:devel -/-> ns:prod"], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(out).toContain("network-policy/empty-claim");
    expect(out).toContain("(vacuous)");
  });

  test("deviations of the network plugin", async () => {
    const text = `${POLICY.replace("[Ingress]", "[Ingress, Egress]")}`;
    expect((await ashlar(["check", "-"], { stdin: text })).code).toBe(0);
    const { code, out } = await ashlar(["check", "-", "--cni", "kube-router@2.5"], { stdin: text });
    expect(code).toBe(1);
    expect(out).toContain("[both-is-or]");
    expect(out).toContain("<stdin>:6:");
  });

  test("the same object twice", async () => {
    const { code, out } = await ashlar(["check", "-"], { stdin: `${POLICY}---\n${POLICY}` });
    expect(code).toBe(1);
    expect(out).toContain("core/unique-resource");
    expect(out).toContain("the first one: NetworkPolicy prod/closed (<stdin>:1:1)");
  });

  test("nothing to check is no pass", async () => {
    expect(await ashlar(["check", "-"], { stdin: "" })).toMatchObject({
      code: 2,
      err: expect.stringContaining("holds no object"),
    });
  });

  test("text of foreign files cannot drive the terminal", async () => {
    const { out } = await ashlar(["check", "-"], {
      stdin:
        '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a\\u001b[31m"}}\n---\n{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a\\u001b[31m"}}',
    });
    expect(out).toContain("\\u001b[31m");
    expect(out).not.toContain("\u001b");
  });
});

describe("matrix network", () => {
  test("every pod that could exist, at 80 columns", async () => {
    const { code, out } = await ashlar(["matrix", "network", STRIX]);
    expect(code).toBe(0);
    expect(out).toBe(`from ↓  to →   1 2 3 4 5 6 7
1 db           ✓ ~ · ✓ ~ ✓ ·
2 default      ✓ ~ ✓ ✓ ~ ✓ ✓
3 dev          ✓ ~ ✓ ✓ ~ ✓ ·
4 kube-public  ✓ ~ ✓ ✓ ~ ✓ ✓
5 kube-system  ✓ ~ ✓ ✓ ~ ✓ ✓
6 kubeapps     ✓ ~ · ✓ ~ ✓ ·
7 prod         ✓ ~ · ✓ ~ ✓ ✓

✓ reaches   · refused   ~ some pods or ports
`);
  });

  test("many namespaces stay within 80 columns", async () => {
    const names = Array.from({ length: 60 }, (_, i) => `a-namespace-with-a-rather-long-name-${i}-and-more`);
    const yaml = names
      .map((name) => `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name} }\n`)
      .join("---\n");
    const { out } = await ashlar(["matrix", "network", "-"], { stdin: yaml });
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out.match(/✓/g)?.length).toBe(60 * 60 + 1);
  });

  test("by workload, as JSON, on one port", async () => {
    const yaml = [NAMESPACES, POLICY, pod("prod", "a"), pod("dev", "b")].join("---\n");
    const { out } = await ashlar(
      ["matrix", "network", "-", "--by", "workload", "--port", "80", "--format", "json"],
      { stdin: yaml },
    );
    expect(JSON.parse(out)).toEqual({
      endpoints: ["dev/b", "prod/a"],
      cells: [
        { from: "dev/b", to: "dev/b", outcome: "all" },
        { from: "dev/b", to: "prod/a", outcome: "none" },
        { from: "prod/a", to: "dev/b", outcome: "all" },
        { from: "prod/a", to: "prod/a", outcome: "all" },
      ],
    });
  });
});

describe("explain reach", () => {
  test("names the policy, the rule and the line that decide", async () => {
    const yaml = [
      NAMESPACES,
      POLICY.replace(
        "spec:",
        "spec:\n  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }]",
      ),
      pod("prod", "a"),
      pod("dev", "b"),
    ].join("---\n");
    const folder = folderOf({ "all.yaml": yaml });
    const { code, out } = await ashlar(["explain", "reach", "dev/b", "prod/a:80", "all.yaml"], {
      cwd: folder,
    });
    expect(code).toBe(1);
    expect(out).toContain("dev/b -> prod/a : 80/TCP is denied");
    expect(out).toContain("NetworkPolicy prod/closed");
    expect(out).toContain("spec.ingress[0].from[0]");
    expect(out).toMatch(/all\.yaml:13/);
  });

  test("through a Service, from the platform file of the folder", async () => {
    const { code, out } = await ashlar(["explain", "reach", "prod/busybox", "default/busybox:80"], {
      cwd: join(ROOT, "examples/strix"),
    });
    expect(code).toBe(0);
    expect(out).toContain("via      Service default/busybox, port 80 is 8000 of the pod");
  });

  test.each([
    [["prod/busyb", "dev/busybox:80"], 'did you mean "prod/busybox"?'],
    [["prod/busybox:80", "dev/busybox"], "has a port"],
    [["prod/busybox", "dev/busybox:70000"], "out of range"],
    [["prod", "dev/busybox"], "is no endpoint"],
    [["prod/busybox"], "needs FROM and TO"],
  ])("%j cannot be asked", async (args, message) => {
    const { code, err } = await ashlar(["explain", "reach", ...args, "-f", STRIX]);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe("diff", () => {
  const open = POLICY.replace(
    "policyTypes: [Ingress]",
    "policyTypes: [Ingress]\n  ingress:\n    - from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: dev } } }]\n      ports: [{ port: 5432 }]",
  );

  test("says what changed, and what the change opens", async () => {
    const folder = folderOf({
      "old.yaml": `${NAMESPACES}---\n${POLICY}`,
      "new.yaml": `${NAMESPACES}---\n${open}`,
    });
    const there = await ashlar(["diff", "old.yaml", "new.yaml"], { cwd: folder });
    expect(there.code).toBe(1);
    expect(there.out).toContain("~ NetworkPolicy prod/closed");
    expect(there.out).toContain("opens dev -> prod : 5432/TCP");
    const back = await ashlar(["diff", "new.yaml", "old.yaml"], { cwd: folder });
    expect(back.out).toContain("closes dev -> prod : 5432/TCP");
  });

  test("nothing changed", async () => {
    expect(await ashlar(["diff", STRIX, STRIX])).toEqual({ code: 0, out: "No difference.\n", err: "" });
  });

  test("values of Secrets are not shown", async () => {
    const secret = (value: string) =>
      `apiVersion: v1\nkind: Secret\nmetadata: { name: s, namespace: prod }\nstringData: { password: ${value} }\n`;
    const folder = folderOf({ "old.yaml": secret("hunter2"), "new.yaml": secret("correct-horse") });
    for (const format of ["text", "json"]) {
      const { code, out } = await ashlar(["diff", "old.yaml", "new.yaml", "--format", format], {
        cwd: folder,
      });
      expect(code).toBe(1);
      expect(out).toContain("stringData.password");
      expect(out).not.toMatch(/hunter2|correct-horse/);
    }
  });
});

describe("the program", () => {
  test.each([
    [["chekc"], 'did you mean "check"?'],
    [["explain"], "write ashlar explain reach"],
    [["check", "--formt", "json", STRIX], 'did you mean "--format"?'],
    [["check", STRIX, "--format", "yaml"], '--format "yaml" is unknown'],
    [["check", "nothere.yaml"], "nothere.yaml does not exist"],
    [["check", STRIX, "--claim", "env:dvv -/-> env:prod"], "dvv"],
    [["diff", STRIX], "diff takes two paths"],
  ])("%j: exit code 2 and a remedy", async (args, message) => {
    const { code, out, err } = await ashlar(args);
    expect(code).toBe(2);
    expect(out).toBe("");
    expect(err).toContain(message);
  });

  test("every command has its help", async () => {
    const { out } = await ashlar(["--help"]);
    for (const name of ["render", "check", "matrix network", "explain reach", "diff"]) {
      expect(out).toContain(name);
      const help = await ashlar([...name.split(" "), "--help"]);
      expect(help.code).toBe(0);
      expect(help.out).toContain(`Usage: ashlar ${name}`);
      expect(Math.max(...help.out.split("\n").map((l) => l.length))).toBeLessThanOrEqual(120);
    }
  });

  test("as a process: reads standard input, prints no colour into a pipe", () => {
    const bin = join(ROOT, "packages/platform/src/cli/bin.ts");
    const out = execFileSync(
      process.execPath,
      ["--conditions=@ashlar/source", bin, "matrix", "network", "-"],
      { input: NAMESPACES, encoding: "utf8" },
    );
    expect(out).toContain("✓ reaches");
    expect(out).not.toContain("\u001b");
  });

  test.each(["20.20.2", "22.18.0"])("on Node %s: says which one it needs, and no stack", (version) => {
    const older = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
    const bin = join(ROOT, "packages/platform/bin/ashlar.js");
    const { status, stderr } = spawnSync(
      process.execPath,
      ["--import", `data:text/javascript,${encodeURIComponent(older)}`, bin, "--help"],
      { encoding: "utf8" },
    );
    expect(status).toBe(2);
    expect(stderr).toMatch(
      new RegExp(`^ashlar: this is Node ${version}, and 22\\.19 is needed\n {2}→ install .*\n$`),
    );
  });
});

describe("seal", () => {
  const names = ["default", "dev", "prod"].map((namespace) => `${namespace}/local-docker-registry-secret`);

  test("fetches values from where the platform says, and prints the Secrets", async () => {
    process.env.REGISTRY_PASSWORD = 'p"ä:ss';
    try {
      const { code, out, err } = await ashlar([
        "seal",
        STRIX,
        ...names.flatMap((name) => ["--secret", name]),
      ]);
      expect(code).toBe(0);
      const secrets = parseAllDocuments(out).map((d) => d.toJS());
      expect(secrets.map((s) => `${s.metadata.namespace}/${s.metadata.name}`).sort()).toEqual(names);
      const config = JSON.parse(Buffer.from(secrets[0].data[".dockerconfigjson"], "base64").toString());
      expect(config.auths["registry.k8s.strix.kr"].password).toBe('p"ä:ss');
      expect(err).not.toContain("ss");
    } finally {
      delete process.env.REGISTRY_PASSWORD;
    }
  });

  test("a value that is missing is named, and nothing is printed", async () => {
    expect(await ashlar(["seal", STRIX, "--secret", "dev/local-docker-registry-secret"])).toMatchObject({
      code: 2,
      out: "",
      err: expect.stringContaining("REGISTRY_PASSWORD"),
    });
  });

  test("render shows no value, and a step for each Secret", async () => {
    process.env.REGISTRY_PASSWORD = "c4n4ry-of-the-registry";
    try {
      const folder = folderOf({});
      await ashlar(["render", STRIX, "--out", "out"], { cwd: folder });
      const runbook = readFileSync(join(folder, "out", "runbook.md"), "utf8");
      for (const name of names) expect(runbook).toContain(`ashlar seal --secret=${name} --kubectl`);
      for (const file of readdirSync(join(folder, "out"), { recursive: true, withFileTypes: true }))
        if (file.isFile())
          expect(readFileSync(join(file.parentPath, file.name), "utf8")).not.toContain("c4n4ry");
    } finally {
      delete process.env.REGISTRY_PASSWORD;
    }
  });
});
