import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as TcpServer,
} from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { connectCluster, execInPod, LiveError } from "@ashlar/core/live";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type Certificate, selfSignedCertificate } from "../components/certificate.ts";
import { kubectlProgram } from "../components/kubectl.ts";

// The server is no Kubernetes: it tells what it was asked with, so that Ashlar and kubectl can be held against each other.

let folder: string;
let made: Certificate;
let port = 0;
let plainPort = 0;
const servers: (Server | TcpServer)[] = [];

async function listening(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** The authorization of each command that was run. */
const executed: unknown[] = [];

function answerExec(headers: NodeJS.Dict<string | string[]>, socket: Duplex): void {
  executed.push(headers.authorization);
  const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  const accept = createHash("sha1").update(`${headers["sec-websocket-key"]}${guid}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n`,
  );
  const body = Buffer.from(`\u0003${JSON.stringify({ status: "Success" })}`);
  socket.write(Buffer.concat([Buffer.from([0x82, body.length]), body]));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ashlar-credentials-"));
  made = await selfSignedCertificate(folder, ["DNS:api.example.test", "IP:127.0.0.1"]);
  const keys = { key: await readFile(made.keyFile), cert: made.certificate };
  const answer = (
    request: { headers: NodeJS.Dict<string | string[]> },
    response: { end(text: string): void },
  ) => response.end(JSON.stringify({ authorization: request.headers.authorization ?? null }));
  const tls = createTlsServer(keys, answer);
  tls.on("upgrade", ({ headers }, socket) =>
    answerExec(
      headers,
      socket.on("error", () => undefined),
    ),
  );
  port = await listening(tls);
  plainPort = await listening(createServer(answer));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  for (const server of servers) server.close();
  await rm(folder, { recursive: true });
});

const ca = () => Buffer.from(made.certificate).toString("base64");
const clusterOf = (more: object = {}) => ({
  server: `https://127.0.0.1:${port}`,
  "certificate-authority-data": ca(),
  ...more,
});

async function configured(cluster: object, user: object): Promise<string> {
  const path = join(folder, "config");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "a",
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user }],
    contexts: [{ name: "a", context: { cluster: "c", user: "u" } }],
  };
  await writeFile(path, JSON.stringify(config));
  return path;
}

const connected = (kubeconfig: string) => connectCluster({ kubeconfig, retrySeconds: 0 });

async function ours(kubeconfig: string): Promise<unknown> {
  try {
    const { request } = await connected(kubeconfig);
    return (await request({ method: "GET", path: "/version" })).body;
  } catch (error) {
    if (error instanceof LiveError) return error;
    throw error;
  }
}

async function theirs(kubeconfig: string): Promise<unknown> {
  const program = await kubectlProgram();
  return new Promise((resolve) => {
    const args = ["get", "--raw", "/version", "--kubeconfig", kubeconfig];
    execFile(program, args, (error, out) => resolve(error ? "refused" : JSON.parse(out))).stdin?.end();
  });
}

const V1 = "client.authentication.k8s.io/v1";
const plugin = (more: object = {}, status: object = { token: "plugged" }) => ({
  apiVersion: V1,
  interactiveMode: "IfAvailable",
  command: "sh",
  args: ["-c", `cat; printf %s '${JSON.stringify({ apiVersion: V1, kind: "ExecCredential", status })}'`],
  ...more,
});
const absent = plugin({ command: "/absent/plugin" });

describe("what kubectl takes, and is asked with the same", () => {
  test.each<[name: string, cluster: () => object, user: () => object]>([
    ["a plugin that reads its input", clusterOf, () => ({ exec: plugin() })],
    ["a token beside a missing plugin", clusterOf, () => ({ token: "t", exec: absent })],
    ["a password beside a missing plugin", clusterOf, () => ({ username: "u", password: "p", exec: absent })],
    ["a token beside a missing token file", clusterOf, () => ({ token: "t", tokenFile: "absent" })],
    ["a password beside a token file", clusterOf, () => ({ tokenFile: "token", password: "p" })],
    [
      "a scheme in capitals",
      () => clusterOf({ server: `HTTPS://127.0.0.1:${port}` }),
      () => ({ token: "t" }),
    ],
    ["no scheme", () => ({ server: `127.0.0.1:${plainPort}` }), () => ({ token: "t" })],
    ["no TLS", () => ({ server: `http://127.0.0.1:${plainPort}` }), () => ({ token: "t", exec: absent })],
  ])("%s", async (_, cluster, user) => {
    await writeFile(join(folder, "token"), "from-a-file\n");
    const kubeconfig = await configured(cluster(), user());
    const answer = await ours(kubeconfig);
    expect(answer).toEqual(await theirs(kubeconfig));
    expect(answer).toMatchObject({ authorization: expect.toSatisfy((value) => value !== undefined) });
  });
});

describe("what kubectl refuses", () => {
  const data = (name: string) => () => ({ [`${name}-data`]: ca(), [name]: made.certificateFile });
  const token = () => ({ token: "canary" });
  test.each<[message: string, cluster: () => object, user: () => object]>([
    ["insecure-skip-tls-verify", () => clusterOf({ "insecure-skip-tls-verify": true }), token],
    ["is no base64", () => clusterOf({ "certificate-authority-data": "!!!" }), token],
    ["both given", () => clusterOf(data("certificate-authority")()), token],
    ["proxy-url is no URL", () => clusterOf({ "proxy-url": "127.0.0.1:3128" }), token],
    ["no URL that can be asked", () => ({ server: `127.0.0.1:${plainPort}/path` }), token],
    ["no URL that can be asked", () => ({ server: "ftp://canary@127.0.0.1" }), token],
    ["holds a line end", clusterOf, () => ({ token: "canary\n" })],
    ["token is no text", clusterOf, () => ({ token: 12 })],
    ["a token and a username", clusterOf, () => ({ token: "canary", username: "u" })],
    ["a token and a username", clusterOf, () => ({ tokenFile: "token", username: "u" })],
    ["without client-key", clusterOf, () => ({ "client-certificate": made.certificateFile })],
    ["given without as", clusterOf, () => ({ token: "canary", "as-groups": ["g"] })],
    ["gcp was removed", clusterOf, () => ({ token: "canary", "auth-provider": { name: "gcp" } })],
    ["none that kubectl knows", clusterOf, () => ({ "auth-provider": { name: "canary" } })],
    ["auth-provider and exec", clusterOf, () => ({ "auth-provider": { name: "oidc" }, exec: plugin() })],
    ["the apiVersion of exec", clusterOf, () => ({ exec: plugin({ apiVersion: `${V1}alpha1` }) })],
    ["not given", clusterOf, () => ({ exec: plugin({ interactiveMode: undefined }) })],
    ["does not answer in", clusterOf, () => ({ exec: plugin({ apiVersion: `${V1}beta1` }) })],
    ["needs a terminal", clusterOf, () => ({ exec: plugin({ interactiveMode: "Always" }) })],
    ["no command", clusterOf, () => ({ exec: plugin({ command: undefined }) })],
  ])("… %s", async (message, cluster, user) => {
    const kubeconfig = await configured(cluster(), user());
    const failure = (await ours(kubeconfig)) as LiveError;
    expect(failure).toMatchObject({ code: "bad-input", message: expect.stringContaining(message) });
    expect(failure.message + failure.hint).not.toContain("canary");
    expect(await theirs(kubeconfig)).toBe("refused");
  });
});

/** A proxy that takes CONNECT to whatever name to the server. */
function connectProxy(asked: string[]): Promise<number> {
  const proxy = createServer();
  proxy.on("connect", ({ url }, socket) => {
    asked.push(String(url));
    const server = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 OK\r\n\r\n"));
    socket.pipe(server).on("error", () => socket.destroy());
    server.pipe(socket).on("error", () => server.destroy());
  });
  return listening(proxy);
}

/** A SOCKS 5 proxy to the server, that asks for no password. */
function socksProxy(): Promise<number> {
  const proxy = createTcpServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", () => {
        const server = connect(port, "127.0.0.1", () =>
          socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])),
        );
        socket.pipe(server).on("error", () => socket.destroy());
        server.pipe(socket).on("error", () => server.destroy());
      });
    });
  });
  return listening(proxy);
}

const command = { namespace: "dev", pod: "web", argv: ["true"], timeoutSeconds: 10 };

describe("proxies", () => {
  const named = () => clusterOf({ server: "https://api.example.test:6443" });

  test.each(["HTTPS_PROXY", "https_proxy"])("of %s are asked, for commands in pods too", async (variable) => {
    const asked: string[] = [];
    vi.stubEnv(variable, `http://127.0.0.1:${await connectProxy(asked)}`);
    vi.stubEnv("NO_PROXY", "");
    const kubeconfig = await configured(named(), { token: "t" });
    expect(await ours(kubeconfig)).toEqual({ authorization: "Bearer t" });
    expect(await theirs(kubeconfig)).toEqual({ authorization: "Bearer t" });
    expect(await execInPod(await connected(kubeconfig), command)).toMatchObject({ exitCode: 0 });
    expect(asked).toEqual(["api.example.test:6443", "api.example.test:6443", "api.example.test:6443"]);
    vi.stubEnv("NO_PROXY", "example.test:6443");
    expect(await ours(kubeconfig)).toMatchObject({ code: "unreachable" });
    expect(await theirs(kubeconfig)).toBe("refused");
    expect(asked).toHaveLength(3);
  });

  test.each([["127.0.0.1"], ["api.example.test"]])("of SOCKS lead to %s", async (host) => {
    const proxy = { "proxy-url": `socks5://127.0.0.1:${await socksProxy()}` };
    const kubeconfig = await configured(clusterOf({ server: `https://${host}:${port}`, ...proxy }), {
      token: "t",
    });
    expect(await ours(kubeconfig)).toEqual({ authorization: "Bearer t" });
    expect(await theirs(kubeconfig)).toEqual({ authorization: "Bearer t" });
    expect(await execInPod(await connected(kubeconfig), command)).toMatchObject({ exitCode: 0 });
  });

  test("of SOCKS do not make another's certificate good", async () => {
    const other = await selfSignedCertificate(join(folder, "other"), ["IP:127.0.0.9"]);
    const tls = createTlsServer({ key: await readFile(other.keyFile), cert: other.certificate });
    const before = port;
    port = await listening(tls);
    const kubeconfig = await configured(
      clusterOf({
        "proxy-url": `socks5://127.0.0.1:${await socksProxy()}`,
        "certificate-authority-data": Buffer.from(other.certificate).toString("base64"),
      }),
      { token: "t" },
    );
    expect(await ours(kubeconfig)).toMatchObject({ code: "untrusted-certificate" });
    port = before;
  });

  test("take a token file that ends with a line", async () => {
    await writeFile(join(folder, "token"), "from-a-file\n");
    const proxy = { "proxy-url": `http://127.0.0.1:${await connectProxy([])}` };
    const kubeconfig = await configured(clusterOf(proxy), { tokenFile: "token" });
    expect(await ours(kubeconfig)).toEqual({ authorization: "Bearer from-a-file" });
  });
});

describe("commands in pods", () => {
  test("take a token file that ends with a line, and read it anew", async () => {
    await writeFile(join(folder, "token"), "first\n");
    const cluster = await connected(await configured(clusterOf(), { tokenFile: "token" }));
    executed.length = 0;
    const now = vi.spyOn(Date, "now");
    await execInPod(cluster, command);
    await writeFile(join(folder, "token"), "second\n");
    now.mockReturnValue(performance.timeOrigin + performance.now() + 60_000);
    await execInPod(cluster, command);
    now.mockRestore();
    expect(executed).toEqual(["Bearer first", "Bearer second"]);
  });

  test("ask a credential plugin once, together with requests", async () => {
    const runs = join(folder, "runs");
    const { args } = plugin();
    const exec = plugin({ args: ["-c", `echo run >> ${runs}; ${args[1]}`] });
    const cluster = await connected(await configured(clusterOf(), { exec }));
    executed.length = 0;
    await cluster.request({ method: "GET", path: "/version" });
    for (let i = 0; i < 3; i++) await execInPod(cluster, command);
    expect(executed).toEqual(["Bearer plugged", "Bearer plugged", "Bearer plugged"]);
    expect(await readFile(runs, "utf8")).toBe("run\n");
  });
});

test("at a terminal a plugin asks there", async () => {
  const script = `read word; echo "heard $word" >&2; printf '{"apiVersion":"${V1}","kind":"ExecCredential","status":{"token":"%s"}}' "$word"`;
  const kubeconfig = await configured(clusterOf(), {
    exec: plugin({ args: ["-c", `echo word? >&2; ${script}`] }),
  });
  const program = join(folder, "ask.ts");
  await writeFile(
    program,
    `import { connectCluster } from ${JSON.stringify(new URL("../../packages/core/src/live/index.ts", import.meta.url).href)};
const { request } = await connectCluster({ kubeconfig: ${JSON.stringify(kubeconfig)}, retrySeconds: 0 });
console.log(JSON.stringify((await request({ method: "GET", path: "/version" })).body));
process.exit(0);\n`,
  );
  const screen = await new Promise<string>((resolve, reject) => {
    const run = `${process.execPath} --conditions=@ashlar/source ${program}`;
    const child = execFile(
      "script",
      ["--quiet", "--return", "--command", run, "/dev/null"],
      { timeout: 60_000 },
      (error, out) => (error ? reject(error) : resolve(out)),
    );
    let seen = "";
    const answer = (text: string) => {
      seen += text;
      if (!seen.includes("word?")) return;
      child.stdout?.off("data", answer);
      child.stdin?.write("s3same\r");
    };
    child.stdout?.on("data", answer);
  });
  expect(screen).toContain("heard s3same");
  expect(screen).toContain('{"authorization":"Bearer s3same"}');
});
