import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A TCP port from which a server is so far away. */
export interface Distance {
  readonly url: string;
  readonly close: () => void;
}

/**
 * Puts a distance before a server on the loopback address: every byte, there and back, arrives half a round trip later, in its
 * order. Connections are passed on as they are, TLS and all.
 *
 * @param roundTrip milliseconds
 */
export async function withDistance(url: string, roundTrip: number): Promise<Distance> {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      open.add(socket.setNoDelay(true));
      socket.on("close", () => open.delete(socket));
    }
    later(near, far, roundTrip / 2);
    later(far, near, roundTrip / 2);
  });
  await new Promise<void>((resolve) => server.listen(0, hostname, resolve));
  return {
    url: `https://${hostname}:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

function later(from: Socket, to: Socket, milliseconds: number): void {
  from.on("data", (bytes) => setTimeout(() => to.write(bytes), milliseconds));
  from.on("end", () => setTimeout(() => to.end(), milliseconds));
  from.on("error", () => to.destroy());
}

const PINGS = 200;

/** The round trip that clients at this distance have in truth, the median: timers are never early. Milliseconds. */
export async function roundTripAt(milliseconds: number): Promise<number> {
  const echo = createServer((socket) => socket.setNoDelay(true).pipe(socket));
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  const { port } = echo.address() as AddressInfo;
  const distance = await withDistance(`http://127.0.0.1:${port}`, milliseconds);
  const socket = connect(Number(new URL(distance.url).port), "127.0.0.1").setNoDelay(true);
  const times: number[] = [];
  for (let i = 0; i < PINGS; i++) {
    const start = performance.now();
    socket.write("ping");
    await once(socket, "data");
    times.push(performance.now() - start);
  }
  socket.destroy();
  distance.close();
  echo.close();
  return times.sort((a, b) => a - b)[PINGS / 2]!;
}
