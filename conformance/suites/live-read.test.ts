import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runAshlar } from "../components/ashlar.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { type FaultProxy, faultProxy } from "../components/fault-proxy.ts";
import { runKubectl } from "../components/run-kubectl.ts";

// What a cluster holds, read through its API: the answers are those of a dump that kubectl makes of the same cluster.

const PLATFORM = fileURLToPath(new URL("../../examples/strix/platform.ts", import.meta.url));
const MANY = 1203;
const CANARY = "canary-2d81f0";
let plane: ControlPlane;
let proxy: FaultProxy;
/** Everything that models read, by kubectl. */
let dump: string;

beforeAll(async () => {
  const users = [
    { token: "viewer", user: "viewer", groups: [] },
    { token: "nobody", user: "nobody", groups: [] },
    { token: "in-dev", user: "in-dev", groups: [] },
  ];
  plane = await startControlPlane({ controllers: true, users });
  proxy = await faultProxy(plane);
});
afterAll(async () => {
  await proxy?.close();
  await plane?.stop();
});

const live = (...args: string[]) => runAshlar([...args, "--live"], { kubeconfig: proxy.kubeconfig });
const fromDump = (...args: string[]) => runAshlar([...args, "-"], { input: dump });
const list = (kinds: string) => runKubectl(["get", kinds, "-A", "-o", "json"], plane.kubeconfig);

test("what Kubernetes itself makes has no error", async () => {
  const { code, out, err } = await live("check", "--format", "json");
  const { findings, summary } = JSON.parse(out);
  expect({ err, errors: findings.filter((one: { severity: string }) => one.severity === "error") }).toEqual({
    err: "",
    errors: [],
  });
  expect(code).toBe(findings.length > 0 ? 1 : 0);
  expect(summary.objects).toBeGreaterThan(150);
});

describe("every model answers as of a dump of the same cluster", () => {
  beforeAll(async () => {
    const rendered = await runAshlar(["render", PLATFORM]);
    const { code, out } = await runKubectl(
      ["apply", "--server-side", "--field-manager=test", "-f", "-"],
      plane.kubeconfig,
      rendered.out,
    );
    // All but the issuer, whose definition is not there.
    expect([code, out.trim().split("\n").length]).toEqual([1, rendered.out.split(/^---$/m).length - 1]);
    const data = { kind: "Secret", apiVersion: "v1", type: "Opaque", stringData: { key: CANARY } };
    const pull = {
      ...data,
      type: "kubernetes.io/dockerconfigjson",
      stringData: {
        ".dockerconfigjson": JSON.stringify({ auths: { "r.test": { username: "u", password: CANARY } } }),
      },
    };
    for (const secret of [
      { ...data, metadata: { name: "opaque", namespace: "dev" } },
      { ...pull, metadata: { name: "pull", namespace: "dev" } },
    ])
      expect((await plane.create(secret)).accepted).toBe(true);
    for (let i = 0; i < MANY; i++)
      await plane.create({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: `many-${i}`, namespace: "dev" },
      });
    const all =
      "ns,no,netpol,po,deploy,sts,ds,rs,job,cronjob,rc,svc,ep,endpointslices,ingress,ingressclass,cm,sa,clusterrole,clusterrolebinding,role,rolebinding";
    dump = (await list(all)).out;
    expect(dump.length).toBeGreaterThan(100_000);
  });

  test.each([
    ["matrix", "network"],
    ["matrix", "network", "--by", "workload", "--port", "80"],
    ["matrix", "access", "--format", "json"],
    ["explain", "reach", "dev/busybox", "prod/busybox:80"],
    ["explain", "reach", "prod/busybox", "default/busybox:80"],
    ["explain", "can", "group:oidc:developer", "create", "deployments", "-n", "dev"],
    ["explain", "can", "group:oidc:developer", "get", "secrets", "-n", "prod"],
    ["explain", "can", "serviceaccount:kube-system/job-controller", "create", "pods"],
    ["explain", "dns", "busybox.prod.svc.cluster.local"],
    ["explain", "dns", "my.db", "--from", "dev"],
    ["explain", "url", "https://nowhere.strix.kr/"],
  ])("%s %s %s %s %s", async (...args) => {
    // Of a cluster everything was read: what is not there is not there. A dump has to be called whole.
    const whole = args[1] === "dns" ? ["--whole"] : [];
    const [ours, theirs] = await Promise.all([live(...args), fromDump(...args, ...whole)]);
    // A dump has places in its text, a cluster has none.
    const bare = (text: string) =>
      text
        .replaceAll(/( at| \()?\s*<stdin>:\d+(:\d+)?\)?/g, "")
        .replaceAll(" (Corefile:1)", "")
        .replaceAll(/ +$/gm, "")
        .trim();
    expect(ours.err).toBe("");
    expect(bare(ours.out)).toBe(bare(theirs.out));
    expect(ours.code).toBe(theirs.code);
    expect(ours.out.length).toBeGreaterThan(20);
  });

  test("what is not there is the break, not something that might be elsewhere", async () => {
    const { code, out } = await live("explain", "url", "https://wiki.strix.kr/start");
    expect(code).toBe(1);
    expect(out.split("\n")[0]).toBe("ClusterIssuer letsencrypt is not in the set");
  });

  test("a platform's claims are proved on what the cluster holds", async () => {
    const { out } = await live("check", PLATFORM, "--format", "json");
    const { summary, findings } = JSON.parse(out);
    expect(summary.claims.proved).toBeGreaterThan(45);
    expect(summary.claims.unknown).toBe(0);
    const broken = findings.filter((one: { code: string }) => one.code.endsWith("/broken-claim"));
    // Without labels on the namespaces that it patches, and without helm's Services, some of it does not hold.
    expect(broken.length).toBe(summary.claims.broken);
    const opened = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "hole", namespace: "prod" },
    };
    await plane.create({ ...opened, spec: { podSelector: {}, ingress: [{}] } });
    const after = JSON.parse((await live("check", PLATFORM, "--format", "json")).out);
    const texts = after.findings.map((one: { message: string }) => one.message).join("\n");
    expect(texts).toMatch(
      /"env:dev -\/-> env:prod" \(expect\) is broken: .*NetworkPolicy prod\/hole admits it/,
    );
  });
});

describe("only what is needed is read", () => {
  const kinds = () =>
    [
      ...new Set(
        proxy.seen.filter(({ query }) => query.includes("limit=")).map(({ path }) => path.split("/").at(-1)),
      ),
    ].sort();

  test("for rights, what rights are made of; page by page", async () => {
    proxy.set();
    expect((await live("explain", "can", "anyone", "get", "pods")).code).toBe(1);
    expect(kinds()).toEqual([
      "clusterrolebindings",
      "clusterroles",
      "namespaces",
      "rolebindings",
      "roles",
      "serviceaccounts",
    ]);
    const accounts = proxy.seen.filter(({ path }) => path === "/api/v1/serviceaccounts");
    expect(accounts.length).toBe(3);
    expect(accounts.every(({ query }) => query.includes("limit=500"))).toBe(true);
    expect(proxy.seen.every(({ method }) => method === "GET")).toBe(true);
  });

  test("of Secrets the names, and pull secrets whole: no other data is asked for", async () => {
    proxy.set();
    const { out, err } = await live("check", PLATFORM, "--format", "json");
    expect(out + err).not.toContain(CANARY);
    expect(out + err).not.toContain(btoa(CANARY));
    const secrets = proxy.seen.filter(({ path }) => path.endsWith("/secrets"));
    const whole = secrets.filter(({ query }) =>
      query.includes("fieldSelector=type%3Dkubernetes.io%2Fdockerconfigjson"),
    );
    expect([secrets.length, whole.length]).toEqual([2, 1]);
  });
});

describe("what may not be read is unknown", () => {
  const as = async (token: string, ...args: string[]) =>
    runAshlar([...args, "--live"], { kubeconfig: await plane.kubeconfigFor(token) });
  const allow = async (user: string, rules: object[], namespace?: string) => {
    const apiVersion = "rbac.authorization.k8s.io/v1";
    const apiGroup = "rbac.authorization.k8s.io";
    const kind = namespace === undefined ? "ClusterRole" : "Role";
    const metadata = { name: `test-${user}`, ...(namespace !== undefined && { namespace }) };
    await plane.create({ apiVersion, kind, metadata, rules });
    const subjects = [{ apiGroup, kind: "User", name: user }];
    const roleRef = { apiGroup, kind, name: metadata.name };
    await plane.create({ apiVersion, kind: `${kind}Binding`, metadata, roleRef, subjects });
  };

  test("no policies: no matrix, and the right that is missing", async () => {
    const read = { apiGroups: ["", "apps", "batch", "discovery.k8s.io"], resources: ["*"], verbs: ["list"] };
    await allow("viewer", [read]);
    const { code, out, err } = await as("viewer", "matrix", "network");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("what hangs on networkpolicies.networking.k8s.io is unknown");
    expect(err).toContain('User "viewer" cannot list');
  });

  test("claims that hang on it are not proved; the others are", async () => {
    const { code, out } = await as("viewer", "check", PLATFORM, "--format", "json");
    expect(code).toBe(1);
    const { summary, findings } = JSON.parse(out);
    expect(summary.claims.unknown).toBeGreaterThan(30);
    const messages = findings.map((one: { message: string }) => one.message).join("\n");
    expect(messages).toContain('"env:dev -/-> env:prod": what hangs on networkpolicies');
    expect(messages).not.toMatch(/"prod pulls [^"]*": what hangs/);
  });

  test("a caller who may do nothing gets no answer, and no half one", async () => {
    const { code, out, err } = await as("nobody", "explain", "can", "anyone", "get", "pods");
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("clusterrolebindings.rbac.authorization.k8s.io is unknown");
  });
});

test.each([
  [["check", "--live", "--context", "absent"], 'no context "absent"'],
  [["check", "--live", "--kubeconfig", "absent"], "kubeconfig absent does not exist"],
  [["check", "--context", "x"], "--context names a cluster"],
  [["check", "package.json", "--live"], "is no platform file"],
])("ashlar %s", async (args, message) => {
  const { code, err } = await runAshlar(args, { kubeconfig: plane.kubeconfig });
  expect(code).toBe(2);
  expect(err).toContain(message);
});
