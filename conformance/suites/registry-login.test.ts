import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Block, type Resource, type Sealed, seal } from "@ashlar/core";
import { nexus, pullingPod, pullSecret, pullsFrom, pullsModel, registries } from "@ashlar/registry";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { acceptAll } from "../components/accept.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import {
  type DockerRegistry,
  type RegistryUser,
  registryProgram,
  startDockerRegistry,
} from "../components/docker-registry.ts";
import { writeOneLayerImage } from "../registry/one-layer-image.ts";

const run = promisify(execFile);

/** No line breaks and no control characters: htpasswd reads one line, and files of users have one line for each. */
const USERS: readonly RegistryUser[] = [
  { username: "plain", password: "plain" },
  { username: "robot", password: `p:a"ss wörd✓/+=` },
  { username: "quotes", password: `'"\\\`$(id)` },
  { username: "html", password: "<>&\u2028\u2029" },
  { username: "colons", password: ":::a:b:" },
  { username: "spaces", password: "  inside and around  " },
  { username: "unicode", password: "日本語🎉ß\u0300" },
  { username: "long", password: "x".repeat(72) },
  { username: "name with spaces", password: "p" },
  { username: "üser✓", password: "p" },
  { username: "-dash", password: "-B" },
  { username: "a@b.test", password: "%41%00+" },
];

let folder: string;
let registry: DockerRegistry;
let skopeo: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ashlar-test-"));
  skopeo = await registryProgram("skopeo");
  registry = await startDockerRegistry(USERS);
  await writeOneLayerImage(join(folder, "image"));
});
afterAll(async () => {
  await registry?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe("a real registry with a bcrypt htpasswd, asked by a real client", () => {
  test("a push and a pull with each of 12 logins, by the Secret's own file", async () => {
    let pulled = 0;
    for (const [i, { username, password }] of USERS.entries()) {
      const file = await configFile(pullSecret({ server: registry.host, username }), password);
      const image = `docker://${registry.host}/team/u${i}:1`;
      await client(
        "copy",
        "--dest-tls-verify=false",
        "--authfile",
        file,
        `oci:${join(folder, "image")}`,
        image,
      );
      const { stdout } = await client("inspect", "--tls-verify=false", "--authfile", file, image);
      expect(JSON.parse(stdout)).toMatchObject({
        Name: `${registry.host}/team/u${i}`,
        Layers: [{}].map(() => expect.any(String)),
      });
      pulled++;
    }
    expect(pulled).toBe(12);
  });

  test.each<[string, (user: RegistryUser) => Promise<string>]>([
    [
      "a wrong password",
      ({ username }) => configFile(pullSecret({ server: registry.host, username }), "wrong"),
    ],
    [
      "a line break at the end of the password, which is part of it",
      ({ username, password }) =>
        configFile(pullSecret({ server: registry.host, username }), `${password}\n`),
    ],
    [
      "another user",
      ({ password }) => configFile(pullSecret({ server: registry.host, username: "nobody" }), password),
    ],
    [
      "another port",
      ({ username, password }) => configFile(pullSecret({ server: "127.0.0.1:1", username }), password),
    ],
    ["no login at all", () => emptyConfig()],
  ])("%s is refused", async (_, make) => {
    const file = await make(USERS[0]!);
    const image = `docker://${registry.host}/team/u0:1`;
    await expect(client("inspect", "--tls-verify=false", "--authfile", file, image)).rejects.toThrow(
      /unauthorized|authentication required/i,
    );
  });

  test("several registries in one Secret", async () => {
    const [first, second] = [USERS[1]!, USERS[2]!];
    const sealed = pullSecret({
      registries: { [registry.host]: { username: first.username }, "a.test": { username: second.username } },
    });
    const file = await configFile(sealed, { [registry.host]: first.password, "a.test": second.password });
    const image = `docker://${registry.host}/team/u0:1`;
    const { stdout } = await client("inspect", "--tls-verify=false", "--authfile", file, image);
    expect(JSON.parse(stdout)).toMatchObject({ Name: `${registry.host}/team/u0` });
  });
});

describe("the API server", () => {
  let server: ControlPlane;
  beforeAll(async () => {
    // With the controllers the ServiceAccount admission plugin is on, which gives pods their account's pull secrets.
    server = await startControlPlane({ controllers: true });
  });
  afterAll(() => server?.stop());

  test("takes every Secret and patch that the blocks write, with strict validation", async () => {
    const blocks = [
      registries({
        "registry.k8s.strix.kr": {
          auth: { username: "puller", email: "a@b.test" },
          pullIn: ["default", "prod", "dev"],
          secretName: "local-docker-registry-secret",
          serviceAccounts: ["default", "jenkins-agent"],
          push: { auth: { username: "pusher" }, in: ["dev"] },
        },
        "https://index.docker.io/v1/": { auth: { username: "hub" }, pullIn: ["dev"], secretName: "hub" },
      }),
      nexus({ issuer: "https://iam.k8s.strix.kr/realms/master", clientSecret: { from: "env", name: "X" } }),
    ];
    const secrets = blocks.flatMap(secretsOf);
    const patches = blocks.flatMap((block) => block.patches);
    await server.create(CHART, { fieldValidation: "Strict" });
    expect(await acceptAll(server, secrets, patches)).toEqual([]);
    expect([secrets.length, patches.length]).toEqual([6, 7]);
  });

  test("applied, the patch adds the mount and leaves the chart's own", async () => {
    const { patches } = nexus({
      issuer: "https://iam.k8s.strix.kr/realms/master",
      clientSecret: { from: "env", name: "X" },
    });
    const answer = await server.apply(patches[0]!.merge, { fieldValidation: "Strict" });
    expect(answer.accepted).toBe(true);
    const { body } = await server.get("/apis/apps/v1/namespaces/default/deployments/nexus-sonatype-nexus");
    const { containers, volumes } = (body as typeof CHART).spec.template.spec;
    expect(
      containers.map(({ name, volumeMounts }) => [name, volumeMounts?.map((mount) => mount.mountPath)]),
    ).toEqual([
      ["proxy", undefined],
      ["nexus", ["/nexus-data", "/opt/sonatype/nexus/etc/keycloak.json"]],
    ]);
    expect(volumes.map(({ name }) => name)).toEqual(["data", "keycloak-oidc"]);
  });

  test("a pod has the pull secrets that the model says: its own, else its account's", async () => {
    const account = (name: string, secrets: readonly string[]): Resource => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name, namespace: "default" },
      imagePullSecrets: secrets.map((secret) => ({ name: secret })),
    });
    const accounts = [account("none", []), account("one", ["a"]), account("two", ["b", "a"])];
    for (const one of accounts) expect((await server.create(one)).accepted).toBe(true);
    const secrets = ["a", "b", "c"].map((name) =>
      seal(pullSecret({ name, namespace: "default", server: `${name}.test`, username: "u" }), {
        password: "p",
      }),
    );
    const lists = [undefined, [], ["c"], ["c", "a"], [""], ["", "c"]];
    let compared = 0;
    for (const serviceAccountName of ["none", "one", "two"])
      for (const [i, list] of lists.entries()) {
        const pod = {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: `${serviceAccountName}-${i}`, namespace: "default" },
          spec: {
            serviceAccountName,
            containers: [{ name: "c", image: "a.test/x:1" }],
            ...(list && { imagePullSecrets: list.map((name) => ({ name })) }),
          },
        };
        expect((await server.create(pod)).accepted).toBe(true);
        const { body } = await server.get(`/api/v1/namespaces/default/pods/${pod.metadata.name}`);
        const theirs = ((body as typeof pod).spec.imagePullSecrets ?? [])
          .map(({ name }) => name ?? "")
          .filter((name) => name !== "");
        const model = pullsModel([...accounts, ...secrets, pod]);
        const [template] = model.templates;
        const verdict = pullsFrom(model, pullingPod(template!), "a.test/x");
        expect(verdict.secrets.map(({ ref }) => ref.name)).toEqual(theirs);
        expect(verdict.outcome).toBe(theirs.includes("a") ? "pulls" : "none");
        compared++;
      }
    expect(compared).toBe(18);
  });

  test("imagePullSecrets of a ServiceAccount are one value: who applies other ones takes these away", async () => {
    const account = (name: string): Resource => ({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "atomic", namespace: "default" },
      imagePullSecrets: [{ name }],
    });
    await server.apply(account("one"), {});
    await server.apply(account("two"), {});
    const { body } = await server.get("/api/v1/namespaces/default/serviceaccounts/atomic");
    expect((body as Resource).imagePullSecrets).toEqual([{ name: "two" }]);
  });
});

/** The Deployment of Nexus as its chart has it. */
const CHART = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "nexus-sonatype-nexus", namespace: "default" },
  spec: {
    selector: { matchLabels: { app: "nexus" } },
    template: {
      metadata: { labels: { app: "nexus" } },
      spec: {
        containers: [
          { name: "proxy", image: "proxy:1", volumeMounts: undefined },
          { name: "nexus", image: "nexus:1", volumeMounts: [{ name: "data", mountPath: "/nexus-data" }] },
        ],
        volumes: [{ name: "data", emptyDir: {} }],
      },
    },
  },
};

function secretsOf({ sealed = [] }: Block): Resource[] {
  return sealed.map((one) =>
    seal(one, Object.fromEntries(Object.keys(one.values).map((name) => [name, "a password"]))),
  );
}

/** The Secret's Docker configuration as a file that clients take. */
async function configFile(
  sealed: Sealed,
  values: string | Readonly<Record<string, string>>,
): Promise<string> {
  const data = seal(sealed, typeof values === "string" ? { password: values } : values).data;
  return written(Buffer.from((data as Record<string, string>)[".dockerconfigjson"]!, "base64"));
}

function emptyConfig(): Promise<string> {
  return written(Buffer.from('{"auths":{}}'));
}

async function written(bytes: Buffer): Promise<string> {
  const file = join(await mkdtemp(join(folder, "config-")), "config.json");
  await writeFile(file, bytes, { mode: 0o600 });
  return file;
}

function client(...args: readonly string[]) {
  return run(skopeo, ["--insecure-policy", ...args], { env: { ...process.env, HOME: folder } });
}
