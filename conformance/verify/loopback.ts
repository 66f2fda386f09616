import { mkdtemp } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createConnection, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startProcess } from "../components/process.ts";

export interface Listener {
  readonly stop: () => Promise<void>;
}

/** An HTTP server at an address of the loopback network. */
export async function startHttp(
  address: string,
  port: number,
  answer: RequestListener = (_, response) => response.end("here\n"),
): Promise<Listener> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, address, resolve);
  });
  return {
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const HOLE = `
const server = require("node:net").createServer();
server.listen({ host: process.argv[1], port: Number(process.argv[2]), backlog: 1 }, () => {
  process.stdout.write("listens\\n");
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

/** An address at which connections are neither accepted nor refused, as where a network plugin drops them: a queue that is full. */
export async function startBlackHole(address: string, port: number): Promise<Listener> {
  const folder = await mkdtemp(join(tmpdir(), "ashlar-black-hole-"));
  const hole = startProcess(process.execPath, ["-e", HOLE, address, String(port)], folder);
  const sockets: Socket[] = [];
  const stop = async () => {
    for (const socket of sockets) socket.destroy();
    await hole.stop();
  };
  const deadline = Date.now() + 10_000;
  for (;;) {
    if (hole.log().includes("listens")) {
      const socket = createConnection({ host: address, port });
      sockets.push(socket.on("error", () => undefined));
      const isAccepted = await Promise.race([
        new Promise<boolean>((resolve) =>
          socket.once("connect", () => resolve(true)).once("close", () => resolve(false)),
        ),
        sleep(300, "full" as const),
      ]);
      if (isAccepted === "full") return { stop };
    } else await sleep(20);
    if (hole.ended() || Date.now() > deadline) {
      await stop();
      throw new Error(`the black hole at ${address}:${port} does not fill: ${hole.log()}`);
    }
  }
}
