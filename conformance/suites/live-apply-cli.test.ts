import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Resource } from "@ashlar/core";
import { connectCluster } from "@ashlar/core/live";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { readKubeContext } from "../../packages/core/src/live/kubeconfig.ts";
import { admissionWebhook } from "../components/admission-webhook.ts";
import { ASHLAR, runAshlar, runAtTerminal } from "../components/ashlar.ts";
import { type Certificate, selfSignedCertificate } from "../components/certificate.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { runInPod } from "../components/in-pod.ts";
import { kubectlProgram } from "../components/kubectl.ts";
import { runKubectl } from "../components/run-kubectl.ts";
import { configMap, namespace, thing } from "../live-apply/objects.ts";
import { platformFile } from "../live-apply/platform-file.ts";
import { asked, writes } from "../live-apply/requests.ts";

const ESC = "\u001b";
const HOSTILE = `${ESC}[2J${ESC}]0;owned\u0007\u009b31m`;

let plane: ControlPlane;
let person: Certificate;
let folder: string;
let files: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ashlar-live-apply-"));
  person = await selfSignedCertificate(folder);
  plane = await startControlPlane({
    controllers: true,
    audit: true,
    apiServerArgs: [`--client-ca-file=${person.certificateFile}`],
    users: [{ token: "from-a-file", user: "reader", groups: ["readers"] }],
  });
  files = join(plane.folder, "platforms");
});
afterAll(async () => {
  await plane?.stop();
  await rm(folder, { recursive: true, force: true });
});

const ashlar = (...args: string[]) => runAshlar(args, { kubeconfig: plane.kubeconfig });

describe("ashlar apply", () => {
  test("asks, or has to be told; ends with 0, 1 or 2; diff --live with 1 and then 0", async () => {
    const resources = [namespace("cli"), configMap("cli/words")];
    const file = await platformFile(files, { name: "cli", resources });
    expect(await ashlar("diff", file, "--live")).toMatchObject({
      code: 1,
      out: expect.stringMatching(/\+ ConfigMap cli\/words/),
    });
    const unasked = await asked(plane, async () => {
      const { code, err } = await ashlar("apply", file);
      expect(code).toBe(2);
      expect(err).toMatch(/there is nobody to ask\n {2}→ add --yes/);
    });
    expect(writes(unasked).filter((line) => !line.endsWith("(dry run)"))).toEqual([]);
    const json = await ashlar("apply", file, "--yes", "--format", "json");
    expect(json.code).toBe(0);
    const lines = json.out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(["plan", "created", "created", "done"]);
    expect(lines.at(-1).summary).toMatchObject({ created: 2, left: 0 });
    const again = await asked(plane, async () => {
      expect(await ashlar("apply", file, "--yes")).toMatchObject({
        code: 0,
        out: expect.stringMatching(/0 to create.*2 as they are/),
      });
    });
    expect(writes(again)).toEqual([]);
    expect((await ashlar("diff", file, "--live")).code).toBe(0);
    await runKubectl(
      ["patch", "configmap", "words", "-n", "cli", "-p", '{"data":{"word":"two"}}'],
      plane.kubeconfig,
    );
    const conflict = await ashlar("apply", file, "--yes");
    expect(conflict.code).toBe(1);
    expect(conflict.out).toMatch(/conflict: data\.word is owned by kubectl-patch/);
    expect(await ashlar("apply", file, "--yes", "--force-conflicts", "cli/ConfigMap/words")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ConfigMap cli\/words changed\n.*1 changed, 1 unchanged/),
    });
  });

  test("refuses names of nothing, and says what to write", async () => {
    const file = await platformFile(files, { name: "names", resources: [configMap("default/names")] });
    const refused = async (...args: string[]) => {
      const { code, err, out } = await ashlar("apply", file, ...args);
      return { code, text: `${err}${out.includes("created") ? "created" : ""}` };
    };
    const [claim, object, kind, wait, context, config] = await Promise.all([
      refused("--yes", "--accept-broken", "dev cannot be"),
      refused("--yes", "--force-conflicts", "default/ConfigMap/name"),
      refused("--yes", "--force-conflicts", "words"),
      refused("--yes", "--wait", "soon"),
      refused("--yes", "--context", "conformanc"),
      refused("--yes", "--kubeconfig", "/nowhere/config"),
    ]);
    expect(claim).toMatchObject({
      code: 2,
      text: expect.stringMatching(/"dev cannot be" is no claim of the platform/),
    });
    expect(object).toMatchObject({
      code: 2,
      text: expect.stringMatching(/no object of the platform\n.*default\/ConfigMap\/names/),
    });
    expect(kind).toMatchObject({ code: 2, text: expect.stringMatching(/expected NAMESPACE\/KIND\/NAME/) });
    expect(wait).toMatchObject({ code: 2, text: expect.stringMatching(/write --wait 300/) });
    expect(context).toMatchObject({
      code: 2,
      text: expect.stringMatching(/has no context "conformanc"\n.*conformance/),
    });
    expect(config).toMatchObject({
      code: 2,
      text: expect.stringMatching(/kubeconfig \/nowhere\/config does not exist/),
    });
    expect((await plane.get("/api/v1/namespaces/default/configmaps/names")).code).toBe(404);
  });

  test("prints rights that kubectl takes, and the caller then has enough of", async () => {
    const file = await platformFile(files, {
      name: "printed",
      resources: [namespace("printed"), configMap("printed/words")],
    });
    const roles = await ashlar("apply", file, "--explain-permissions", "--for", "user:reader");
    expect(roles.code).toBe(0);
    expect((await runKubectl(["apply", "-f", "-"], plane.kubeconfig, roles.out)).code).toBe(0);
    const kubeconfig = await plane.kubeconfigFor("from-a-file");
    expect(await runAshlar(["apply", file, "--yes"], { kubeconfig })).toMatchObject({ code: 0 });
    expect((await plane.get("/api/v1/namespaces/printed/configmaps/words")).code).toBe(200);
  });

  test("tells of which objects the rights cannot be told", async () => {
    const file = await platformFile(files, {
      name: "printed",
      resources: [thing("of.test", "printed/one"), thing("of.test", "printed/two")],
    });
    const { code, err } = await ashlar("apply", file, "--explain-permissions");
    expect(code).toBe(1);
    expect(err).toMatch(
      /^ashlar: rights for Thing of of\.test\/v1 are not among them: .*\n {2}→ install its definition.*\n$/,
    );
  });

  describe("at a terminal", () => {
    const shown = (text: string) => expect.stringContaining(text);
    const words = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;
    const applied = async (name: string, keys: string) => {
      const file = await platformFile(files, { name, resources: [configMap(`default/${name}`)] });
      return runAtTerminal(["apply", file], keys, { kubeconfig: plane.kubeconfig });
    };

    test.each(["y", "yes", "YES "])("%j is a yes, and how far it is stands in one line", async (answer) => {
      const name = `yes-${answer.trim().toLowerCase()}-${answer.length}`;
      const { code, screen } = await applied(name, `${answer}\r`);
      expect(screen).toMatch(/Apply this to conformance\? \[y\/N\] /);
      expect(screen).toMatch(
        new RegExp(`\r${ESC}\\[2KConfigMap default/${name} created\r\n\r${ESC}\\[2K1 done …`),
      );
      expect(screen.trimEnd()).toMatch(new RegExp(`${ESC}\\[2K1 created, 0 changed, 0 unchanged, 0 pruned$`));
      expect(code).toBe(0);
      expect((await plane.get(words(name))).code).toBe(200);
    });

    test.each([
      ["no", "n\r"],
      ["nothing", "\r"],
      ["something else", "yes please\r"],
      ["Ctrl-C", "\u0003"],
      ["Ctrl-D", "\u0004"],
    ])("%s is a no, and applies nothing", async (_, keys) => {
      const { code, screen } = await applied("no", keys);
      expect({ code, screen }).toEqual({ code: 1, screen: shown("\nnothing was applied\r\n") });
      expect(screen).not.toMatch(/Error|\bat /);
      expect((await plane.get(words("no"))).code).toBe(404);
    });
  });

  test("lets nothing through to the terminal that others wrote", async () => {
    const theirs: Resource = {
      ...configMap("default/hostile", { word: HOSTILE }),
      metadata: {
        namespace: "default",
        name: "hostile",
        annotations: { "meta.helm.sh/release-name": HOSTILE, note: HOSTILE },
      },
    };
    await plane.create(theirs);
    const webhook = await admissionWebhook(plane, ({ name }) =>
      name === "refused" ? `no ${HOSTILE}` : undefined,
    );
    try {
      const resources = [
        {
          ...configMap("default/hostile", { more: HOSTILE }),
          metadata: { namespace: "default", name: "hostile", annotations: { other: HOSTILE } },
        },
        configMap("default/refused"),
      ];
      const file = await platformFile(files, { name: "hostile", resources });
      for (const command of [
        ["diff", file, "--live"],
        ["apply", file, "--yes"],
      ]) {
        const { code, out, err } = await ashlar(...command);
        expect(code).toBe(1);
        expect(out).toContain("refused");
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
        expect(`${out}${err}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
      }
    } finally {
      await webhook.close();
    }
    const config = JSON.parse(await readFile(plane.kubeconfig, "utf8"));
    config.contexts[0].name = HOSTILE;
    const kubeconfig = join(plane.folder, "hostile-config");
    await writeFile(kubeconfig, JSON.stringify(config));
    const file = await platformFile(files, { name: "context", resources: [] });
    const { code, err } = await runAshlar(["apply", file, "--yes"], { kubeconfig });
    expect(code).toBe(2);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are looked for
    expect(err).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe("in a pod", () => {
  test("it is the pod's ServiceAccount, as kubectl is, and the printed rights suffice for it", async () => {
    const file = await platformFile(files, {
      name: "from-a-pod",
      resources: [configMap("default/from-a-pod")],
    });
    await plane.create(namespace("ci"));
    await plane.create({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { namespace: "ci", name: "deployer" },
    });
    const kubectl = async (...args: string[]) => (await runKubectl(args, plane.kubeconfig)).out.trim();
    const token = await kubectl("create", "token", "deployer", "-n", "ci");
    const identity = { ...plane, token, namespace: "ci" };
    const inPod = (...argv: string[]) => runInPod(argv, identity, join(plane.folder, "pod"));
    const program = await kubectlProgram();
    const theirs = await inPod(program, "get", "configmaps");
    const forbidden = /User "system:serviceaccount:ci:deployer" cannot \S+ resource "configmaps"/;
    // Its own namespace, where none is named.
    expect(theirs.err).toMatch(/in the namespace "ci"/);
    expect(theirs.err).toMatch(forbidden);
    const ours = await inPod(...ASHLAR, "apply", file, "--yes");
    expect(ours.code).not.toBe(0);
    expect(ours.out + ours.err).toMatch(forbidden);
    const roles = await ashlar("apply", file, "--explain-permissions", "--for", "serviceaccount:ci/deployer");
    expect((await runKubectl(["apply", "-f", "-"], plane.kubeconfig, roles.out)).code).toBe(0);
    expect(await inPod(...ASHLAR, "apply", file, "--yes")).toMatchObject({
      code: 0,
      out: expect.stringMatching(/ConfigMap default\/from-a-pod created\n1 created/),
    });
  });
});

describe("kubeconfigs", () => {
  const before = process.env.KUBECONFIG;
  afterEach(() => {
    if (before === undefined) delete process.env.KUBECONFIG;
    else process.env.KUBECONFIG = before;
  });

  /** Writes kubeconfigs of these parts and names them in KUBECONFIG. */
  async function configured(name: string, ...configs: object[]): Promise<string[]> {
    const paths = configs.map((_, i) => join(plane.folder, name, `folder-${i}`, "config"));
    for (const [i, path] of paths.entries()) {
      await mkdir(join(path, ".."), { recursive: true });
      await writeFile(path, JSON.stringify({ apiVersion: "v1", kind: "Config", ...configs[i] }));
    }
    process.env.KUBECONFIG = paths.join(delimiter);
    return paths;
  }

  const context = (name: string, cluster: string, user: string, more: object = {}) => ({
    name,
    context: { cluster, user, ...more },
  });
  const clusterOf = (name: string, more: object = {}) => ({
    name,
    cluster: {
      server: plane.url,
      "certificate-authority-data": Buffer.from(plane.ca).toString("base64"),
      ...more,
    },
  });

  async function minified(): Promise<{
    clusters: { cluster: object }[];
    users: { user: object }[];
    contexts: { name: string; context: { namespace?: string } }[];
  }> {
    const { out, err } = await runKubectl(
      ["config", "view", "--raw", "--minify", "-o", "json"],
      process.env.KUBECONFIG!,
    );
    if (out === "") throw new Error(err);
    return JSON.parse(out);
  }

  test("of several files are merged as kubectl merges them", async () => {
    const user = (name: string, token: string) => ({ name, user: { token } });
    const merges: Readonly<Record<string, readonly object[]>> = {
      "parts in different files": [
        { contexts: [context("a", "c", "u", { namespace: "shop" })] },
        { clusters: [clusterOf("c")], "current-context": "a" },
        { users: [user("u", "one")] },
      ],
      "the first to say something wins": [
        {
          "current-context": "a",
          contexts: [context("a", "c", "u")],
          users: [user("u", "one")],
          clusters: [clusterOf("c", { server: "https://one.test" })],
        },
        {
          "current-context": "b",
          contexts: [context("a", "d", "v"), context("b", "d", "v")],
          users: [user("u", "two")],
          clusters: [clusterOf("c", { server: "https://two.test" })],
        },
      ],
      "an empty current context": [
        { "current-context": "", contexts: [context("a", "c", "u")] },
        { "current-context": "a", clusters: [clusterOf("c")], users: [user("u", "one")] },
      ],
      "parts of one user in two files": [
        {
          "current-context": "a",
          contexts: [context("a", "c", "u")],
          users: [{ name: "u", user: { token: "one" } }],
          clusters: [clusterOf("c")],
        },
        { users: [{ name: "u", user: { username: "two", token: "two" } }] },
      ],
    };
    for (const [name, configs] of Object.entries(merges)) {
      await configured(name.replaceAll(" ", "-"), ...configs);
      const ours = readKubeContext({});
      const { clusters, users, contexts } = await minified();
      expect([name, ours]).toEqual([
        name,
        {
          name: contexts[0]!.name,
          cluster: clusters[0]!.cluster,
          user: users[0]!.user,
          namespace: contexts[0]!.context.namespace ?? "default",
        },
      ]);
    }
  });

  test("have paths relative to the file that names them", async () => {
    await configured(
      "paths",
      {
        "current-context": "a",
        contexts: [context("a", "c", "u")],
        clusters: [{ name: "c", cluster: { server: plane.url, "certificate-authority": "../ca.pem" } }],
      },
      {
        users: [
          {
            name: "u",
            user: { "client-certificate": "tls.crt", tokenFile: "/run/token", exec: { command: "./plugin" } },
          },
        ],
      },
    );
    const folder = join(plane.folder, "paths");
    expect(readKubeContext({})).toMatchObject({
      cluster: { "certificate-authority": join(folder, "ca.pem") },
      user: {
        "client-certificate": join(folder, "folder-1", "tls.crt"),
        tokenFile: "/run/token",
        exec: { command: join(folder, "folder-1", "plugin") },
      },
    });
  });

  /** Whom the server takes the caller for: of Ashlar's connection, and of kubectl's. */
  async function whoami(): Promise<[unknown, unknown]> {
    const { request } = await connectCluster({ retrySeconds: 2 });
    const review = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const { body } = await request({
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body: review,
    });
    const { out, err } = await runKubectl(["auth", "whoami", "-o", "json"], process.env.KUBECONFIG!);
    if (out === "") throw new Error(err);
    const theirs = JSON.parse(out);
    const infoOf = ({ status }: { status?: { userInfo?: Record<string, unknown> } }) => {
      const { extra: _, ...info } = status?.userInfo ?? {};
      return info;
    };
    return [infoOf(body as never), infoOf(theirs)];
  }

  test("name whoever kubectl takes from them", async () => {
    const folder = join(plane.folder, "identities");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "token"), "from-a-file\n");
    await cp(person.certificateFile, join(folder, "tls.crt"));
    await cp(person.keyFile, join(folder, "tls.key"));
    const plugin = { apiVersion: "client.authentication.k8s.io/v1", interactiveMode: "Never", command: "sh" };
    const print = (token: string) => [
      "-c",
      `printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' ${token}`,
    ];
    const identities: Readonly<Record<string, { user: object; is: object }>> = {
      token: { user: { token: plane.token }, is: { username: "conformance" } },
      "token file": { user: { tokenFile: "../../identities/token" }, is: { username: "reader" } },
      "token file before token": {
        user: { token: plane.token, tokenFile: "../../identities/token" },
        is: { username: "reader" },
      },
      certificate: {
        user: { "client-certificate": "../../identities/tls.crt", "client-key": "../../identities/tls.key" },
        is: { username: "ashlar conformance" },
      },
      "certificate as data": {
        user: {
          "client-certificate-data": Buffer.from(person.certificate).toString("base64"),
          "client-key-data": (await readFile(person.keyFile)).toString("base64"),
        },
        is: { username: "ashlar conformance" },
      },
      plugin: { user: { exec: { ...plugin, args: print("from-a-file") } }, is: { username: "reader" } },
      impersonation: {
        user: { token: plane.token, as: "eve", "as-groups": ["one", "two"], "as-uid": "42" },
        is: { username: "eve", uid: "42", groups: ["one", "two", "system:authenticated"] },
      },
    };
    for (const [name, { user, is }] of Object.entries(identities)) {
      await configured(`who-${name.replaceAll(" ", "-")}`, {
        "current-context": "a",
        contexts: [context("a", "c", "u")],
        clusters: [clusterOf("c")],
        users: [{ name: "u", user }],
      });
      const [ours, theirs] = await whoami();
      expect([name, ours]).toEqual([name, theirs]);
      expect([name, ours]).toEqual([name, expect.objectContaining(is)]);
    }
  });

  test("tell plugins what kubectl tells them", async () => {
    const ca = join(plane.folder, "ca.pem");
    await writeFile(ca, plane.ca);
    const extensions = [{ name: "client.authentication.k8s.io/exec", extension: { audience: "test" } }];
    const clusters = [
      clusterOf("c"),
      clusterOf("c", { extensions, "tls-server-name": "kubernetes.default.svc" }),
      { name: "c", cluster: { server: plane.url, "certificate-authority": ca } },
    ];
    for (const [i, cluster] of clusters.entries())
      for (const provideClusterInfo of [true, false]) {
        const name = `hears-${i}-${provideClusterInfo}`;
        const file = join(plane.folder, `${name}.json`);
        const script = `printf %s "$KUBERNETES_EXEC_INFO" > ${file}; printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"from-a-file"}}'`;
        const exec = {
          apiVersion: "client.authentication.k8s.io/v1",
          interactiveMode: "Never",
          command: "sh",
          args: ["-c", script],
          provideClusterInfo,
        };
        await configured(name, {
          "current-context": "a",
          contexts: [context("a", "c", "u")],
          clusters: [cluster],
          users: [{ name: "u", user: { exec } }],
        });
        await (await connectCluster()).request({ method: "GET", path: "/version" });
        const ours = JSON.parse(await readFile(file, "utf8"));
        await writeFile(file, "");
        await runKubectl(["get", "--raw", "/version"], process.env.KUBECONFIG!);
        expect([name, ours]).toEqual([name, JSON.parse(await readFile(file, "utf8"))]);
      }
  });

  test("that are not there are told, outside of a pod", async () => {
    await configured("none");
    process.env.KUBECONFIG = join(plane.folder, "no-such-config");
    await expect(connectCluster()).rejects.toMatchObject({
      code: "bad-input",
      message: "there is no kubeconfig, and this is no pod",
    });
  });
});
