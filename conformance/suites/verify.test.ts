import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectCluster, execInPod } from "@ashlar/core/live";
import { existing, type Platform, parsePlatform } from "ashlar";
import { type VerifyAnswer, type VerifyOptions, verify } from "ashlar/live";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startIssuer } from "../authentication/issuer.ts";
import { selfSignedCertificate } from "../components/certificate.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { startCoreDns } from "../components/coredns.ts";
import { startDockerRegistry } from "../components/docker-registry.ts";
import type { ExecRule } from "../components/exec-rules.ts";
import { startNginx } from "../components/nginx.ts";
import { podPrograms } from "../components/pod-programs.ts";
import { freePort } from "../components/process.ts";
import { runKubectl } from "../components/run-kubectl.ts";
import { expiredCertificate } from "../verify/certificates.ts";
import { startPod } from "../verify/live-pods.ts";
import { type Listener, startBlackHole, startHttp } from "../verify/loopback.ts";
import { startTokenRegistry } from "../verify/token-registry.ts";

const CANARY = "canary-8f31b2";
const users = [
  { token: "reviewer", user: "reviewer", groups: [] },
  { token: "prober", user: "prober", groups: [] },
  { token: "nobody", user: "nobody", groups: [] },
  { token: "verifier", user: "verifier", groups: [] },
];
const environments = {
  common: existing("default", "kube-public"),
  prod: ["prod"],
  dev: ["dev"],
} as const;
const groups = {
  operator: { cluster: ["cluster-admin"] },
  developer: { namespaces: { prod: ["view"], dev: ["edit"] } },
} as const;

/** A platform of these, with claims of its own beside those of its blocks. */
function platformOf(expectations: readonly string[], more: Readonly<Record<string, unknown>> = {}): Platform {
  const parsed = parsePlatform({
    name: "shop",
    versions: { kubernetes: "1.36", cni: "kube-router@2.5" },
    ...{ environments, expect: expectations, ...more },
  });
  if (parsed.ok) return parsed.value;
  throw new Error(parsed.findings.map(({ message }) => message).join("\n"));
}

let plane: ControlPlane;
let folder: string;
let port: number;
const running: Listener[] = [];

beforeAll(async () => {
  plane = await startControlPlane({ kubelet: true, users });
  folder = await mkdtemp(join(tmpdir(), "ashlar-verify-"));
  port = await freePort();
  for (const name of ["prod", "dev", "empty", "shells"])
    await create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
});
afterAll(async () => {
  for (const one of running) await one.stop();
  await plane?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function create(resource: Parameters<ControlPlane["create"]>[0]): Promise<void> {
  const answer = await plane.create(resource);
  if (!answer.accepted)
    throw new Error(`${resource.kind} ${resource.metadata.name}: ${answer.status.message}`);
}

const QUICK: VerifyOptions = { probes: { timeoutSeconds: 1, pauseMilliseconds: 10 } };

/** The answers by the texts of the claims. */
async function ask(
  platform: Platform,
  options: VerifyOptions,
  token?: string,
): Promise<Readonly<Record<string, VerifyAnswer>>> {
  const kubeconfig = token === undefined ? plane.kubeconfig : await plane.kubeconfigFor(token);
  const cluster = await connectCluster({ kubeconfig });
  const { answers } = await verify(platform, cluster, { ...QUICK, ...options });
  expect(JSON.stringify(answers)).not.toContain(CANARY);
  return Object.fromEntries(answers.map((answer) => [answer.claim.text, answer]));
}

const outcomes = (answers: Readonly<Record<string, VerifyAnswer>>) =>
  Object.fromEntries(Object.entries(answers).map(([text, { outcome }]) => [text, outcome]));

async function grant(user: string, name: string, rules: readonly object[]): Promise<void> {
  const apiVersion = "rbac.authorization.k8s.io/v1";
  await create({ apiVersion, kind: "ClusterRole", metadata: { name }, rules });
  await create({
    ...{ apiVersion, kind: "ClusterRoleBinding", metadata: { name } },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
  });
}

describe("access", () => {
  const oidc = { issuer: "https://iam.test/realms/shop", clientId: "kubernetes" };
  const more = {
    groups,
    oidc,
    serviceAccounts: { "dev/builder": { roles: { namespaces: { dev: ["edit"] } } } },
  };
  const right = [
    "developer can create deployments in dev",
    "developer can read pods in prod",
    "developer cannot get secrets in prod",
    "developer cannot create deployments in prod",
    "serviceaccount:dev/builder can create deployments in dev",
    "serviceaccount:dev/builder cannot read pods in prod",
    "anonymous cannot list pods",
    "anyone can get /healthz",
    "operator can * *",
  ];
  const wrong = [
    "developer can delete deployments in prod",
    "developer can write pods in env:prod",
    "developer cannot write pods in dev",
    "developer cannot read pods in env:prod",
    "serviceaccount:dev/builder can get secrets in prod",
    "anyone cannot get /healthz",
  ];
  const platform = platformOf([...right, ...wrong], more);

  beforeAll(async () => {
    const rbac = platform.block.resources.filter(({ kind }) => /Role|ServiceAccount/.test(kind));
    for (const resource of rbac) await create(resource);
    await grant("reviewer", "verify-access", [
      { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
    ]);
  });

  test("claims are held or broken as the authorizer says, those of the blocks too", async () => {
    const answers = await ask(platform, { only: ["access"] });
    for (const text of right) expect(answers[text], text).toMatchObject({ outcome: "held" });
    for (const text of wrong) expect(answers[text], text).toMatchObject({ outcome: "broken" });
    const ofBlocks = Object.values(answers).filter(({ claim }) => claim.by !== "expect");
    expect(ofBlocks.length).toBeGreaterThan(5);
    for (const { outcome, claim } of ofBlocks) expect(outcome, claim.text).toBe("held");
  });

  test("the answer names the request that decides, and why the authorizer allows it", async () => {
    const answers = await ask(platform, { only: ["access"] });
    expect(answers["developer cannot read pods in env:prod"]?.evidence[0]).toMatch(
      /^get pods in prod: allowed \(RBAC: allowed by RoleBinding ".*" of ClusterRole "view" to Group "oidc:developer"\)$/,
    );
    expect(answers["developer can write pods in env:prod"]?.evidence).toContain(
      "create pods in prod: denied",
    );
    expect(answers["developer can write pods in env:prod"]?.asked).toBe(
      "the authorizer, by 5 SubjectAccessReviews",
    );
  });

  test("who may create reviews and nothing else may verify; who may not is told, and nothing passes", async () => {
    const all = outcomes(await ask(platform, { only: ["access"] }));
    expect(outcomes(await ask(platform, { only: ["access"] }, "reviewer"))).toEqual(all);
    const denied = Object.values(await ask(platform, { only: ["access"] }, "nobody"));
    expect(new Set(denied.map(({ outcome }) => outcome))).toEqual(new Set(["unknown"]));
    expect(denied[0]?.because).toMatch(
      /may not create SubjectAccessReviews: .*User "nobody" cannot create resource/,
    );
  });

  test("a role that somebody widens is seen", async () => {
    const text = "developer cannot create deployments in prod";
    const apiGroup = "rbac.authorization.k8s.io";
    const binding = {
      ...{
        apiVersion: `${apiGroup}/v1`,
        kind: "RoleBinding",
        metadata: { name: "by-hand", namespace: "prod" },
      },
      roleRef: { apiGroup, kind: "ClusterRole", name: "edit" },
      subjects: [{ apiGroup, kind: "Group", name: "oidc:developer" }],
    };
    await create(binding);
    await expect
      .poll(async () => (await ask(platform, { only: ["access"] }))[text]?.outcome, { timeout: 20_000 })
      .toBe("broken");
  });
});

describe("commands in pods", () => {
  test("end with what they wrote and their code; what cannot be run is told", async () => {
    await startPod(plane, { namespace: "shells", name: "shell", ip: "127.1.9.1" });
    const cluster = await connectCluster({ kubeconfig: plane.kubeconfig });
    const run = (argv: readonly string[], timeoutSeconds = 20, signal?: AbortSignal) =>
      execInPod(cluster, {
        namespace: "shells",
        pod: "shell",
        argv,
        timeoutSeconds,
        ...(signal && { signal }),
      });
    expect(await run(["sh", "-c", 'echo "a b&=+%"; echo no >&2; exit 3'])).toEqual({
      exitCode: 3,
      stdout: "a b&=+%\n",
      stderr: "no\n",
    });
    expect((await run(["sh", "-c", "head -c 300000 /dev/zero"])).stdout).toHaveLength(65_536);
    await expect(run(["no-such-program"])).rejects.toMatchObject({
      code: "server-error",
      message: expect.stringContaining("executable file not found"),
    });
    await expect(run(["sleep", "20"], 1)).rejects.toMatchObject({ code: "timed-out" });
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 500);
    await expect(run(["sleep", "20"], 20, stop.signal)).rejects.toMatchObject({ code: "aborted" });
    await expect(
      execInPod(cluster, { namespace: "shells", pod: "absent", argv: ["true"] }),
    ).rejects.toMatchObject({ code: "server-error", message: "there is no pod shells/absent" });
    // Also who is impersonated: the kubeconfig's own user may do everything.
    const config = JSON.parse(await readFile(plane.kubeconfig, "utf8"));
    Object.assign(config.users[0].user, { as: "nobody", "as-groups": ["some"] });
    await writeFile(join(folder, "impersonating"), JSON.stringify(config));
    for (const kubeconfig of [await plane.kubeconfigFor("nobody"), join(folder, "impersonating")]) {
      const other = await connectCluster({ kubeconfig });
      await expect(
        execInPod(other, { namespace: "shells", pod: "shell", argv: ["true"] }),
      ).rejects.toMatchObject({ code: "forbidden" });
    }
  });
});

/** Takes other addresses for those that a policy would keep away: `REWRITE="127.1.0.1=127.9.9.9 …"`. */
const POD = `#!/bin/sh
for word; do
  shift
  for pair in $REWRITE; do
    from=\${pair%%=*}
    case $word in *"$from"*) word=\${word%%"$from"*}\${pair#*=}\${word#*"$from"}; break ;; esac
  done
  set -- "$@" "$word"
done
exec "$@"
`;

describe("the network", () => {
  const [WEB, API, BOX, TOOL, HOLE, CLOSED] = [
    "127.1.0.1",
    "127.1.0.2",
    "127.1.0.3",
    "127.1.0.4",
    "127.1.8.1",
    "127.1.8.2",
  ];
  const drops = (...to: readonly string[]) => to.map((ip) => `${ip}=${HOLE}`).join(" ");
  const rejects = (...to: readonly string[]) => to.map((ip) => `${ip}=${CLOSED}`).join(" ");
  let programs: string;

  beforeAll(async () => {
    programs = await podPrograms(join(folder, "nc"), { nc: "nc.openbsd", sh: "sh" });
    await writeFile(join(folder, "pod.sh"), POD);
    for (const ip of [WEB!, API!, BOX!, TOOL!]) running.push(await startHttp(ip, port));
    running.push(await startBlackHole(HOLE!, port));
    await startPod(plane, { namespace: "prod", name: "web", ip: WEB!, port, probed: true });
    await startPod(plane, { namespace: "prod", name: "api", ip: API!, port });
    await startPod(plane, { namespace: "dev", name: "box", ip: BOX!, port, labels: { app: "box" } });
    await startPod(plane, { namespace: "default", name: "tool", ip: TOOL!, port, labels: { app: "tool" } });
    // Of one kind with the first: a pod never asks itself.
    for (const [namespace, name, ip] of [
      ["dev", "box", "127.1.0.5"],
      ["default", "tool", "127.1.0.6"],
    ] as const) {
      running.push(await startHttp(ip, port));
      await startPod(plane, { namespace, name: `${name}-2`, ip, port, labels: { app: name } });
    }
    await grant("prober", "verify-network", [
      { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
      { apiGroups: [""], resources: ["pods/exec"], verbs: ["get", "create"] },
    ]);
  });

  /** What each namespace's pods are kept from. */
  const firewall = (kept: Readonly<Record<string, string>>, path = programs): Promise<void> =>
    plane.execute(
      ["prod", "dev", "default"].map(
        (namespace): ExecRule => ({
          namespace,
          env: { PATH: path, REWRITE: kept[namespace] ?? "" },
          through: ["/bin/sh", join(folder, "pod.sh")],
        }),
      ),
    );
  const drawn = (extra: readonly string[] = [], cni = "kube-router@2.5") =>
    platformOf(extra, { versions: { kubernetes: "1.36", cni }, firewall: "prod <-> common <-> dev" });
  const network = (platform: Platform, token?: string, options: VerifyOptions = {}) =>
    ask(platform, { only: ["network"], ...options }, token);
  const between = "env:dev -/-> env:prod";

  test("a firewall that drops as drawn is held, with the pods that were asked", async () => {
    await firewall({ dev: drops(WEB!, API!), prod: drops(BOX!) });
    const answers = await network(
      drawn([between, "dev/box -/-> prod/web", `default/tool -> prod/api:${port}`]),
      "prober",
    );
    expect(new Set(Object.values(outcomes(answers)))).toEqual(new Set(["held"]));
    expect(Object.keys(answers).length).toBeGreaterThanOrEqual(11);
    expect(answers[between]?.asked).toBe("2 connections over TCP, from 1 pod to 2 ports");
    // A namespace of the environment that has no pod, ever.
    expect(answers["env:common -> env:prod"]?.evidence).toContain("not asked: kube-public has no pod");
  });

  test("a firewall with a hole is broken, by the connection that gets through", async () => {
    await firewall({ dev: drops(WEB!), prod: drops(BOX!) });
    const answers = await network(drawn());
    expect(answers[between]).toMatchObject({
      outcome: "broken",
      because: "a connection gets through",
      evidence: [`dev/box → prod/api:${port}: connected, by nc`],
    });
  });

  test("what must be reached and is not is broken", async () => {
    await firewall({ dev: drops(WEB!, API!), prod: drops(BOX!), default: drops(WEB!) });
    const answers = await network(drawn());
    expect(answers["env:common -> env:prod"]).toMatchObject({
      outcome: "broken",
      because: "a connection fails",
    });
    expect(answers["env:common -> env:prod"]?.evidence[0]).toBe(
      `default/tool → prod/web:${port}: no answer, by nc`,
    );
  });

  test("a refusal counts as kept away where the plugin rejects and something listens, and nowhere else", async () => {
    await firewall({ dev: rejects(WEB!, API!), prod: rejects(BOX!) });
    expect((await network(drawn()))[between]).toMatchObject({ outcome: "held" });
    const dropping = await network(drawn([], "calico@3.32"));
    expect(dropping[between]).toMatchObject({ outcome: "broken" });
    expect(dropping[between]?.evidence[0]).toMatch(
      /refused, by nc, where the network plugin drops: the packet arrived/,
    );
  });

  test("that something listens is known from its readiness, or from itself; else silence shows nothing", async () => {
    await firewall({ dev: drops(WEB!, API!) });
    const texts = ["dev/box -/-> prod/web", "dev/box -/-> prod/api"];
    expect(Object.values(outcomes(await network(platformOf(texts))))).toEqual(["held", "held"]);
    // The pods of prod have no program to ask themselves with.
    const bare = await podPrograms(join(folder, "bare-prod"), { sh: "sh" });
    const through = ["/bin/sh", join(folder, "pod.sh")];
    await plane.execute([
      { namespace: "prod", env: { PATH: bare }, through },
      { env: { PATH: programs, REWRITE: drops(WEB!, API!) }, through },
    ]);
    const answers = await network(platformOf(texts));
    expect(Object.values(outcomes(answers))).toEqual(["held", "unknown"]);
    expect(answers[texts[1]!]?.evidence).toEqual([
      `dev/box → prod/api:${port}: no answer, by nc; nothing is known to listen there`,
    ]);
  });

  test("a port that nobody listens on shows nothing", async () => {
    const closed = await freePort();
    await firewall({});
    const texts = [`dev/box -/-> prod/web:${closed}`, `dev/box -> prod/web:${closed}`];
    const answers = await network(platformOf(texts));
    for (const text of texts) {
      expect(answers[text]).toMatchObject({ outcome: "unknown" });
      expect(answers[text]?.evidence[0]).toMatch(/refused, by nc; nothing is known to listen there/);
    }
  });

  test("a Service's port is asked where it ends, and a Service's name at the pods behind it", async () => {
    for (const [name, app] of [
      ["api", "api"],
      ["front", "web"],
    ])
      await create({
        ...{ apiVersion: "v1", kind: "Service", metadata: { name: name!, namespace: "prod" } },
        spec: { selector: { app }, ports: [{ port: 80, targetPort: "http" }] },
      });
    await firewall({ dev: drops(WEB!, API!) });
    const texts = ["prod/web -> prod/api:80", "prod/api -> prod/front:80", "prod/front -> prod/api"];
    const kept = ["dev/box -/-> prod/api:80", "dev/box -/-> prod/front", "dev/box -/-> prod/front:80"];
    const answers = await network(platformOf([...texts, ...kept]));
    expect(new Set(Object.values(outcomes(answers)))).toEqual(new Set(["held"]));
    expect(answers[texts[0]!]?.evidence).toEqual([`port 80 of Service prod/api is ${port} of its pods`]);
    await firewall({});
    const open = await network(platformOf(kept));
    expect(Object.values(outcomes(open))).toEqual(["broken", "broken", "broken"]);
    const [wrong] = Object.values(await network(platformOf(["dev/box -> prod/front:81"])));
    expect(wrong).toMatchObject({
      outcome: "unknown",
      because: "Service prod/front declares no port 81/TCP, it has 80",
    });
  });

  test("what cannot be asked is unknown, and says why", async () => {
    await firewall({});
    const texts = [
      "ns:empty -/-> env:prod",
      "env:dev -> ns:empty",
      "dev/absent -/-> prod/web",
      "internet -/-> env:prod",
      "env:dev -/-> internet",
      "env:dev -> env:prod : 53/UDP",
    ];
    const platform = platformOf(texts, { namespaces: ["empty"] });
    const answers = await network(platform);
    expect(new Set(Object.values(outcomes(answers)))).toEqual(new Set(["unknown"]));
    expect(texts.map((text) => answers[text]?.because)).toEqual([
      "ns:empty has no pod that can be asked",
      "ns:empty has no pod that can be asked",
      "dev/absent has no ready pod",
      expect.stringContaining("nobody asks from internet"),
      expect.stringContaining("nothing is known to listen in internet"),
      expect.stringContaining("53/UDP cannot be tried"),
    ]);
    const bare = join(folder, "bare");
    await firewall({}, await podPrograms(bare, { sh: "sh" }));
    const without = await network(platformOf([between]));
    expect(without[between]).toMatchObject({ outcome: "unknown" });
    expect(without[between]?.evidence[0]).toMatch(/dev\/box has none of nc, curl, wget that can be used/);
    const denied = await network(platformOf([between]), "reviewer");
    expect(denied[between]?.because).toMatch(/User "reviewer" cannot list resource "pods"/);
  });

  test("an address outside is tried where one is told", async () => {
    await firewall({ dev: `127.1.0.4=${HOLE}` });
    const outside = [{ address: TOOL!, port }];
    const texts = ["env:dev -/-> 127.1.0.0/24", "env:prod -> 127.1.0.0/24"];
    const answers = await network(platformOf(texts), undefined, { outside });
    expect(Object.values(outcomes(answers))).toEqual(["held", "held"]);
    await firewall({});
    expect((await network(platformOf(texts), undefined, { outside }))[texts[0]!]).toMatchObject({
      outcome: "broken",
    });
  });

  test.each([
    ["busybox's nc, which has no -z", { nc: "busybox", true: "busybox", sh: "sh" }, "nc"],
    ["curl alone", { curl: "curl", sh: "sh" }, "curl"],
    ["wget alone", { wget: "wget", sh: "sh" }, "wget"],
  ] as const)("pods with %s are asked with what they have", async (_, tools, tool) => {
    const path = await podPrograms(join(folder, `only-${tool}`), tools);
    await firewall({ dev: drops(WEB!, API!) }, path);
    expect((await network(platformOf([between])))[between]).toMatchObject({ outcome: "held" });
    await firewall({ dev: drops(WEB!) }, path);
    expect((await network(platformOf([between])))[between]?.evidence).toEqual([
      `dev/box → prod/api:${port}: connected, by ${tool}`,
    ]);
  });

  test("a signal ends it at once", async () => {
    await firewall({ dev: drops(WEB!, API!) });
    const stop = new AbortController();
    const began = Date.now();
    setTimeout(() => stop.abort(), 300);
    const slow = { probes: { timeoutSeconds: 20 }, signal: stop.signal };
    await expect(network(platformOf([between]), undefined, slow)).rejects.toMatchObject({ code: "aborted" });
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

describe("names", () => {
  const zone = `$ORIGIN test.
@ 60 IN SOA ns.test. admin.test. 1 60 60 60 60
web.example 60 IN A 10.1.2.3
six.example 60 IN AAAA fd00::17
db.example 60 IN A 10.1.2.5
alias.example 60 IN CNAME db.example.test.
dangling.example 60 IN CNAME gone.example.test.
text.example 60 IN TXT "no address"
my.db.dev.svc 60 IN CNAME db.example.test.
`;
  let dns: Awaited<ReturnType<typeof startCoreDns>>;

  beforeAll(async () => {
    const corefile =
      "test:PORT {\n  bind 127.0.0.1\n  file zone test\n}\nfails.test:PORT {\n  bind 127.0.0.1\n  template ANY ANY {\n    rcode SERVFAIL\n  }\n}\n.:PORT {\n  bind 127.0.0.1\n  template ANY ANY {\n    rcode NXDOMAIN\n  }\n}\n";
    dns = await startCoreDns({ corefile, files: { zone } });
    running.push(dns);
    const resolv = "search dev.svc.test svc.test\\noptions ndots:5\\n";
    const nslookup = `#!/bin/sh\ncase $1 in\n  cat) printf '${resolv}' ;;\n  nslookup) shift; exec nslookup -port=${dns.port} "$@" 127.0.0.1 ;;\nesac\n`;
    await writeFile(join(folder, "dns.sh"), nslookup);
  });

  const right = [
    "web.example.test resolves",
    "web.example.test resolves to 10.1.2.3",
    "six.example.test resolves to fd00:0:0:0::17",
    "alias.example.test resolves to db.example.test",
    "alias.example.test resolves to 10.1.2.5",
    "dangling.example.test resolves to gone.example.test",
    "my.db resolves to db.example.test from dev",
    "my.db resolves to db.example.test from dev/box",
    "absent.example.test does not resolve",
    "text.example.test does not resolve",
    "absent.db does not resolve from dev",
  ];
  const wrong = [
    "absent.example.test resolves",
    "web.example.test resolves to 10.9.9.9",
    "alias.example.test resolves to web.example.test",
    "web.example.test does not resolve",
    "my.db resolves to 10.9.9.9 from dev",
    "my.db.svc.test resolves",
    "web.fails.test resolves",
  ];

  test.each(["nslookup", "busybox"] as const)("are asked by the nslookup of %s", async (program) => {
    const path = await podPrograms(join(folder, `dns-${program}`), { nslookup: program, sh: "sh" });
    await plane.execute([{ env: { PATH: path }, through: ["/bin/sh", join(folder, "dns.sh")] }]);
    const answers = await ask(platformOf([...right, ...wrong]), { only: ["dns"] }, "prober");
    for (const text of right) expect(answers[text], text).toMatchObject({ outcome: "held" });
    for (const text of wrong) expect(answers[text], text).toMatchObject({ outcome: "broken" });
    expect(answers["my.db resolves to db.example.test from dev"]?.asked).toBe(
      "nslookup my.db.dev.svc.test. in dev/box",
    );
  });

  test("are unknown where nobody answers, without nslookup, and of forwards", async () => {
    const path = await podPrograms(join(folder, "dns-silent"), { nslookup: "nslookup", sh: "sh" });
    const silent = `#!/bin/sh\nexec nslookup -port=${await freePort()} -timeout=1 -retry=0 web.example.test. 127.0.0.1\n`;
    await writeFile(join(folder, "silent.sh"), silent);
    await plane.execute([{ env: { PATH: path }, through: ["/bin/sh", join(folder, "silent.sh")] }]);
    const text = "web.example.test resolves";
    expect((await ask(platformOf([text]), { only: ["dns"] }))[text]?.because).toBe(
      "no nameserver answered the pod",
    );
    const bare = await podPrograms(join(folder, "dns-bare"), { sh: "sh" });
    await plane.execute([{ env: { PATH: bare } }]);
    const texts = [text, "example.test is forwarded to 10.0.0.2", "my.db resolves from empty"];
    const answers = await ask(platformOf(texts, { namespaces: ["empty"] }), { only: ["dns"] });
    expect(texts.map((one) => answers[one]?.because)).toEqual([
      expect.stringMatching(/no pod that was tried has nslookup/),
      expect.stringMatching(/is not seen from a pod/),
      "empty has no ready pod to ask from",
    ]);
  });
});

describe("hosts, on a real nginx", () => {
  let hosts: NonNullable<VerifyOptions["hosts"]>;
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  let edge: number;
  let late: number;
  let plain: number;
  const HOSTS = ["wiki", "logs", "other", "proxy", "open", "basic", "down", "gone", "lost", "shut"].map(
    (name) => `${name}.test`,
  );

  beforeAll(async () => {
    issuer = await startIssuer();
    running.push(issuer);
    const right = await selfSignedCertificate(
      join(folder, "right"),
      HOSTS.map((host) => `DNS:${host}`),
    );
    const expired = await expiredCertificate(join(folder, "expired"), "expired.test");
    [edge, late] = [await freePort(), await freePort()];
    const login = (back: string) =>
      `return 302 "${issuer.base}/realms/shop/auth?client_id=proxy&redirect_uri=https%3A%2F%2F${back}%2Foauth2%2Fcallback&response_type=code&state=${CANARY}";`;
    const tls = ({
      certificateFile,
      keyFile,
    }: {
      readonly certificateFile: string;
      readonly keyFile: string;
    }) => [`ssl_certificate ${certificateFile};`, `ssl_certificate_key ${keyFile};`];
    running.push(
      await startNginx({
        server: [
          ...[`listen 127.0.0.1:${edge} ssl;`, ...tls(right), "default_type text/html;"],
          'if ($http_authorization != "") { return 400; }',
          `location = /oauth2/start { ${login(`proxy.test%3A${edge}`)} }`,
        ],
        location: [
          'if ($host = wiki.test) { return 200 "a wiki"; }',
          'if ($host = open.test) { return 200 "open to all"; }',
          'if ($host = lost.test) { return 404 "no such article"; }',
          `if ($host = logs.test) { ${login(`logs.test%3A${edge}`)} }`,
          `if ($host = other.test) { ${login("elsewhere.test")} }`,
          `if ($host = proxy.test) { return 403 '<form method="GET" action="/oauth2/start">'; }`,
          "if ($host = down.test) { return 503; }",
          "if ($host = shut.test) { return 444; }",
          `if ($host = basic.test) { add_header WWW-Authenticate 'Basic realm="x"' always; return 401; }`,
          "return 404;",
        ],
      }),
    );
    const second = await startNginx({
      server: [`listen 127.0.0.1:${late} ssl;`, ...tls(expired)],
      location: ['return 404 "nobody is here";'],
    });
    running.push(second);
    plain = second.port;
    const ports = [
      ...[...HOSTS, "wrong.test"].map((host) => [host, edge] as const),
      ["expired.test", late] as const,
    ];
    hosts = {
      certificateAuthority: [right.certificate, expired.certificate, issuer.ca].join("\n"),
      resolve: [...ports, ["plain.test", plain] as const].map(([host, at]) => ({
        host,
        port: at,
        address: "127.0.0.1",
      })),
    };
  });

  const url = (name: string) => `https://${name}.test:${name === "expired" ? late : edge}`;
  const oidc = () => ({ issuer: `${issuer.base}/realms/shop`, clientId: "kubernetes" });
  const asked = async (texts: readonly string[], more: Readonly<Record<string, unknown>> = {}) => {
    const answers = await ask(platformOf(texts, more), { only: ["hosts"], hosts });
    return texts.map((text) => answers[text]!);
  };

  test("serve what an app answers, under a certificate that is right", async () => {
    const [wiki, lost] = await asked(["wiki", "lost"].map((name) => `${url(name)} serves default/wiki:80`));
    expect(wiki).toMatchObject({ outcome: "held" });
    expect(wiki?.evidence[0]).toMatch(
      /^200; certificate for wiki.test, logs.test, other.test, … by ashlar conformance, until 20\d\d-\d\d-\d\d$/,
    );
    // An app may say itself that it has no such page.
    expect(lost).toMatchObject({
      outcome: "held",
      evidence: [expect.stringMatching(/^404; /), expect.anything()],
    });
  });

  test("serve nothing by a page of the edge, with a certificate that is wrong, and where they are nowhere", async () => {
    const names = ["gone", "down", "expired", "wrong", "nowhere"];
    const texts = [...names.map(url), `http://plain.test:${plain}`].map(
      (one) => `${one} serves default/wiki:80`,
    );
    expect(
      (await asked(texts)).map(({ outcome, because, evidence: [first] }) => [outcome, because, first]),
    ).toEqual([
      ["broken", "nobody serves it", "404, the page of an edge that has no route there"],
      ["broken", "nobody serves it", "503: the edge has nobody to pass it on to"],
      ["broken", "the certificate has expired (CERT_HAS_EXPIRED)", undefined],
      ["broken", "the certificate is for another host (ERR_TLS_CERT_ALTNAME_INVALID)", undefined],
      [
        "unknown",
        expect.stringMatching(/^the host has no address here/),
        expect.stringContaining("--resolve"),
      ],
      ["broken", "nobody serves it", "404, the same as for a host that nobody has"],
    ]);
    const untrusted = platformOf([`${url("wiki")} serves default/wiki`]);
    const [answer] = Object.values(
      await ask(untrusted, { only: ["hosts"], hosts: { resolve: hosts.resolve! } }),
    );
    expect(answer).toMatchObject({
      outcome: "broken",
      because: expect.stringContaining("DEPTH_ZERO_SELF_SIGNED_CERT"),
    });
  });

  test("do not serve where the edge has no route, and do where anything answers", async () => {
    const texts = [
      `${url("gone")} does not serve`,
      `${url("wiki")} does not serve`,
      `${url("wiki")} does not serve default/x`,
      `${url("shut")} does not serve`,
      `${url("shut")} serves default/x:80`,
    ];
    const answers = await asked(texts);
    expect(answers.map(({ outcome }) => outcome)).toEqual(["held", "broken", "unknown", "unknown", "broken"]);
    expect(answers[3]?.because).toBe("the connection is closed without an answer (ECONNRESET)");
  });

  test("require a login by a redirect to the issuer's that comes back, or by the proxy's own page", async () => {
    const texts = ["logs", "proxy", "basic", "other", "open", "gone"].map(
      (name) => `${url(name)} requires login`,
    );
    const answers = await asked(texts, { oidc: oidc() });
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      "held",
      "held",
      "held",
      "broken",
      "broken",
      "unknown",
    ]);
    expect(answers[0]?.evidence[0]).toMatch(
      /^redirect to https:\/\/127\.0\.0\.1:\d+\/realms\/shop\/auth, client_id proxy, redirect_uri https:\/\/logs.test:\d+\/oauth2\/callback$/,
    );
    expect(answers.slice(3).map(({ because }) => because)).toEqual([
      "the login comes back to another host: https://elsewhere.test/oauth2/callback",
      `${url("open")}/ answers 200 without a login`,
      "nobody serves it, so that no login is asked for",
    ]);
    const [ofGroup] = await asked([`${url("logs")} requires login of group developer`], { oidc: oidc() });
    expect(ofGroup).toMatchObject({
      outcome: "unknown",
      because: expect.stringContaining("a login is demanded"),
    });
    const elsewhere = { oidc: { ...oidc(), issuer: `${issuer.base}/realms/another` } };
    expect((await asked([texts[0]!], elsewhere))[0]).toMatchObject({
      outcome: "broken",
      because: `it does not lead to the login of ${issuer.base}/realms/another`,
    });
  });

  test("an issuer is one when its discovery names it exactly and it has keys", async () => {
    const of = async (value: string) => {
      const platform = platformOf([], { oidc: { issuer: value, clientId: "kubernetes" } });
      const [answer] = Object.values(await ask(platform, { only: ["identity"], hosts }));
      return answer;
    };
    expect(await of(`${issuer.base}/realms/shop`)).toMatchObject({ outcome: "held" });
    expect(await of(`${issuer.base.replace("127.0.0.1", "localhost")}/realms/shop`)).toMatchObject({
      outcome: "held",
    });
    const untrusted = platformOf([], { oidc: oidc() });
    const [alone] = Object.values(await ask(untrusted, { only: ["identity"] }));
    expect(alone).toMatchObject({ outcome: "broken", because: expect.stringContaining("certificate") });
  });
});

describe("pulls", () => {
  const login = { username: "puller", password: CANARY };
  let registry: string;
  let authority: string;

  const secret = (name: string, namespace: string, host: string, password = login.password) => ({
    ...{
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name, namespace },
      type: "kubernetes.io/dockerconfigjson",
    },
    stringData: {
      ".dockerconfigjson": JSON.stringify({ auths: { [host]: { username: login.username, password } } }),
    },
  });

  beforeAll(async () => {
    const real = await startDockerRegistry([login]);
    running.push(real);
    const { certificate, certificateFile, keyFile } = await selfSignedCertificate(join(folder, "registry"));
    const tls = await freePort();
    running.push(
      await startNginx({
        server: [
          `listen 127.0.0.1:${tls} ssl;`,
          `ssl_certificate ${certificateFile};`,
          `ssl_certificate_key ${keyFile};`,
        ],
        location: [`proxy_pass http://${real.host};`, "proxy_set_header Host $http_host;"],
      }),
    );
    registry = `127.0.0.1:${tls}`;
    authority = certificate;
    await create(secret("pull", "prod", registry));
    await create(secret("pull", "dev", registry, `${CANARY}-wrong`));
    for (const namespace of ["prod", "dev"])
      await plane.apply({
        apiVersion: "v1",
        kind: "ServiceAccount",
        metadata: { name: "default", namespace },
        imagePullSecrets: [{ name: "pull" }],
      });
  });

  test("are held by the Secrets that the cluster has, and by the registry when it is asked", async () => {
    const texts = [
      `prod pulls from ${registry}`,
      `dev pulls from ${registry}`,
      `default pulls from ${registry}`,
      "prod pulls from another.test",
      `prod pulls ${registry}/shop/web:1`,
    ];
    const platform = platformOf(texts);
    const stored = await ask(platform, { only: ["pulls"] });
    expect(texts.map((text) => stored[text]?.outcome)).toEqual(["held", "held", "broken", "broken", "held"]);
    expect(stored[texts[2]!]?.because).toBe(
      `a pod of ServiceAccount default/default pulls images of ${registry} without a login: neither the pod nor ServiceAccount default/default names a pull secret`,
    );
    const options: VerifyOptions = {
      only: ["pulls"],
      askRegistries: true,
      hosts: { certificateAuthority: authority },
    };
    const taken = await ask(platform, options);
    expect(texts.map((text) => taken[text]?.outcome)).toEqual([
      "held",
      "broken",
      "broken",
      "broken",
      "broken",
    ]);
    expect(taken[texts[1]!]?.because).toBe("the registry does not take the login of dev (401)");
    expect(taken[texts[4]!]?.because).toMatch(/manifests\/1 is not there \(404\)/);
    const denied = await ask(platform, { only: ["pulls"] }, "reviewer");
    expect(denied[texts[0]!]).toMatchObject({
      outcome: "unknown",
      because: expect.stringContaining("cannot list"),
    });
  });

  test("a registry that gives tokens is asked as container runtimes do", async () => {
    const tokens = await startTokenRegistry(join(folder, "tokens"), CANARY);
    running.push(tokens);
    await create(secret("tokens", "shells", tokens.host));
    await plane.apply({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: "shells" },
      imagePullSecrets: [{ name: "tokens" }],
    });
    const texts = ["1", "2"].map((tag) => `shells pulls ${tokens.host}/shop/web:${tag}`);
    const platform = platformOf([...texts, `shells pulls from ${tokens.host}`], { namespaces: ["shells"] });
    const options: VerifyOptions = { only: ["pulls"], hosts: { certificateAuthority: tokens.ca } };
    await ask(platform, options);
    expect(tokens.requests).toEqual([]);
    const answers = await ask(platform, { ...options, askRegistries: true });
    expect(Object.values(outcomes(answers))).toEqual(["held", "broken", "held"]);
    expect(tokens.requests).toContain("GET /token?service=shop&scope=repository%3Ashop%2Fweb%3Apull");
    await create({
      ...secret("wrong", "shells", tokens.host, "another"),
      metadata: { name: "wrong", namespace: "shells" },
    });
    await plane.apply({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "default", namespace: "shells" },
      imagePullSecrets: [{ name: "wrong" }],
    });
    expect((await ask(platform, { ...options, askRegistries: true }))[texts[0]!]).toMatchObject({
      outcome: "broken",
      because: "the registry does not take the login of shells (401)",
    });
  });
});

test("the rights that docs/verify.md names suffice, and are all needed", async () => {
  const text = await readFile(new URL("../../docs/verify.md", import.meta.url), "utf8");
  const role = /```yaml\n(.*?)```/s.exec(text)?.[1] ?? "";
  expect(await runKubectl(["apply", "-f", "-"], plane.kubeconfig, role)).toMatchObject({ code: 0 });
  const apiGroup = "rbac.authorization.k8s.io";
  await create({
    ...{ apiVersion: `${apiGroup}/v1`, kind: "ClusterRoleBinding", metadata: { name: "verifier" } },
    roleRef: { apiGroup, kind: "ClusterRole", name: "ashlar-verify" },
    subjects: [{ apiGroup, kind: "User", name: "verifier" }],
  });
  const path = await podPrograms(join(folder, "all"), { nc: "nc.openbsd", nslookup: "busybox" });
  await plane.execute([{ env: { PATH: path } }]);
  const platform = platformOf([
    "anonymous cannot list pods",
    "dev/box -> prod/web",
    "absent.invalid does not resolve",
    "prod pulls from another.test",
  ]);
  const only = ["access", "network", "dns", "pulls"] as const;
  const all = await ask(platform, { only });
  expect(Object.values(outcomes(all))).toEqual(["held", "held", expect.any(String), "broken"]);
  expect(await ask(platform, { only }, "verifier")).toEqual(all);
  // Without any one of the rights something is told to be missing.
  const rules = role.split("\n").filter((line) => line.startsWith("  - {"));
  expect(rules.length).toBe(4);
  for (const rule of rules) {
    const less = role.replace(`${rule}\n`, "");
    expect(await runKubectl(["apply", "-f", "-"], plane.kubeconfig, less)).toMatchObject({ code: 0 });
    const missing = async () => {
      const answers = Object.values(await ask(platform, { only }, "verifier"));
      return answers.some((one) => /cannot|may not/.test(`${one.because} ${one.evidence}`));
    };
    await expect.poll(missing, { timeout: 10_000 }).toBe(true);
  }
});

test("the command prints what was asked, in three formats, and its exit code says how it went", async () => {
  const root = new URL("../..", import.meta.url).pathname;
  const file = join(folder, "platform.mjs");
  await writeFile(
    file,
    `import { definePlatform } from ${JSON.stringify(join(root, "packages/platform/src/index.ts"))};
export default definePlatform({ name: "shop", environments: { dev: ["dev"] }, groups: { developer: {} },
  expect: [process.env.CLAIM] });
`,
  );
  const run = (claim: string, ...args: readonly string[]) =>
    new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
      const bin = join(root, "packages/platform/src/cli/bin.ts");
      const argv = [
        "--conditions=@ashlar/source",
        bin,
        "verify",
        file,
        "--kubeconfig",
        plane.kubeconfig,
        ...args,
      ];
      execFile(process.execPath, argv, { env: { ...process.env, CLAIM: claim } }, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      );
    });
  const held = await run("anonymous cannot list pods");
  expect(held).toMatchObject({ code: 0, out: "✓ anonymous cannot list pods\n\n1 of 1 claim held\n" });
  const broken = await run("anonymous can list pods", "--format", "junit");
  expect(broken.code).toBe(1);
  expect(broken.out).toContain('<failure message="a request is denied" type="broken">');
  const unknown = await run("ns:dev -/-> internet", "--format", "json");
  expect(unknown.code).toBe(1);
  expect(JSON.parse(unknown.out).summary).toEqual({ held: 0, broken: 0, unknown: 1 });
  for (const accepted of ["ns:dev -/-> internet", "all"]) {
    const skipped = await run("ns:dev -/-> internet", "--accept-unknown", accepted, "--format", "junit");
    expect(skipped).toMatchObject({ code: 0, out: expect.stringMatching(/errors="0" skipped="1"/) });
  }
  expect(await run("anonymous can list pods", "--accept-unknown", "all")).toMatchObject({ code: 1 });
  expect(await run("anonymous can list pods", "--context", "absent")).toMatchObject({ code: 2, out: "" });
  expect(await run("anonymous can list pods", "--only", "dns")).toMatchObject({ code: 2, out: "" });
});
