import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { afterEach, expect, test } from "vitest";
import type { Cluster } from "./cluster.ts";
import { execInPod } from "./exec.ts";

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** An API server without TLS that does this with a request to open a web socket. */
async function clusterThat(upgrade: (socket: Socket, request: IncomingMessage) => void): Promise<Cluster> {
  const server = createServer();
  server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
    sockets.push(socket.on("error", () => undefined));
    upgrade(socket, request);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "c", server: url, skipTLSVerify: true },
    { name: "u", token: "t0ken" },
  );
  return { server: url, kubeConfig: async () => config } as unknown as Cluster;
}

const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

function accept(socket: Socket, { headers }: IncomingMessage): void {
  const key = createHash("sha1").update(`${headers["sec-websocket-key"]}${GUID}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${key}\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n`,
  );
}

/** A message of a channel as one unmasked binary frame. */
function send(socket: Socket, channel: number, text: string): void {
  const body = Buffer.concat([Buffer.from([channel]), Buffer.from(text)]);
  const length =
    body.length < 126 ? Buffer.from([body.length]) : Buffer.from([126, body.length >> 8, body.length & 255]);
  socket.write(Buffer.concat([Buffer.from([0x82]), length, body]));
}

const STATUS = 3;
const request = { namespace: "dev", pod: "web 1", argv: ["sh", "-c", "a&b=c"], timeoutSeconds: 5 };

test("the command is sent word by word; outputs are kept apart", async () => {
  let path = "";
  const cluster = await clusterThat((socket, asked) => {
    path = asked.url ?? "";
    accept(socket, asked);
    send(socket, 1, "out");
    send(socket, 2, "err");
    send(socket, 1, "put\n");
    send(socket, STATUS, JSON.stringify({ status: "Success" }));
  });
  expect(await execInPod(cluster, { ...request, container: "main" })).toEqual({
    exitCode: 0,
    stdout: "output\n",
    stderr: "err",
  });
  const { pathname, searchParams } = new URL(path, "http://x");
  expect(pathname).toBe("/api/v1/namespaces/dev/pods/web%201/exec");
  expect(searchParams.getAll("command")).toEqual(request.argv);
  expect(searchParams.get("container")).toBe("main");
});

const FAILED = {
  status: "Failure",
  reason: "NonZeroExitCode",
  details: { causes: [{ reason: "ExitCode", message: "7" }] },
};

test("another exit code is an answer; a command that was not run is an error", async () => {
  const ending = (status: unknown) =>
    clusterThat((socket, asked) => {
      accept(socket, asked);
      send(socket, STATUS, typeof status === "string" ? status : JSON.stringify(status));
    });
  expect((await execInPod(await ending(FAILED), request)).exitCode).toBe(7);
  const broken = {
    status: "Failure",
    reason: "InternalError",
    message: "executable file not found in $PATH",
  };
  await expect(execInPod(await ending(broken), request)).rejects.toMatchObject({
    code: "server-error",
    message: expect.stringContaining("executable file not found"),
  });
  for (const nonsense of ["{", "[]", "{}"])
    await expect(execInPod(await ending(nonsense), request)).rejects.toMatchObject({ code: "server-error" });
});

test("a server that closes a channel does not close this process' output", async () => {
  const cluster = await clusterThat((socket, asked) => {
    accept(socket, asked);
    send(socket, 255, "\u0001");
    send(socket, STATUS, JSON.stringify({ status: "Success" }));
  });
  expect((await execInPod(cluster, request)).exitCode).toBe(0);
  expect(process.stdout.writableEnded).toBe(false);
});

test.each([
  [401, "refused"],
  [403, "forbidden"],
  [404, "server-error"],
  [500, "server-error"],
])("an answer %i instead of a connection is %s", async (status, code) => {
  const cluster = await clusterThat((socket) =>
    socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`),
  );
  const failure = await execInPod(cluster, request).catch((error: Error) => error);
  expect(failure).toMatchObject({ name: "LiveError", code });
  expect(String((failure as Error).message)).not.toContain("t0ken");
});

test("a connection that ends early, hangs or is ended", async () => {
  const early = await clusterThat((socket, asked) => {
    accept(socket, asked);
    send(socket, 1, "half");
    setTimeout(() => socket.destroy(), 20);
  });
  await expect(execInPod(early, request)).rejects.toMatchObject({ code: "bad-answer" });
  const silent = await clusterThat(() => undefined);
  await expect(execInPod(silent, { ...request, timeoutSeconds: 0.2 })).rejects.toMatchObject({
    code: "timed-out",
  });
  const hanging = await clusterThat(accept);
  await expect(execInPod(hanging, { ...request, timeoutSeconds: 0.2 })).rejects.toMatchObject({
    code: "timed-out",
  });
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 50);
  await expect(execInPod(hanging, { ...request, signal: stop.signal })).rejects.toMatchObject({
    code: "aborted",
  });
  await expect(execInPod(hanging, { ...request, signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: "aborted",
  });
  const gone = { ...(await clusterThat(accept)) };
  servers.at(-1)?.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  await expect(execInPod(gone, request)).rejects.toMatchObject({ code: "unreachable" });
});

test("no more of an output is kept than 64 KiB", async () => {
  const cluster = await clusterThat((socket, asked) => {
    accept(socket, asked);
    for (let i = 0; i < 10; i++) send(socket, 1, "x".repeat(60_000));
    send(socket, STATUS, JSON.stringify({ status: "Success" }));
  });
  expect((await execInPod(cluster, request)).stdout).toHaveLength(65_536);
});
