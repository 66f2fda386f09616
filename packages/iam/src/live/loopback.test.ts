import { request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Loopback, listenOnLoopback } from "./loopback.ts";

let loopback: Loopback;
let port: number;
beforeEach(async () => {
  loopback = await listenOnLoopback(0);
  port = Number(new URL(loopback.redirectUri).port);
});
afterEach(() => loopback.close());

function ask(path: string, { method = "GET", host = `localhost:${port}` } = {}) {
  return new Promise<{ code: number; location: string | undefined; text: string }>((resolve, reject) => {
    request({ host: "127.0.0.1", port, path, method, headers: { host } }, (response) => {
      let text = "";
      response.on("data", (part) => {
        text += part;
      });
      const { statusCode: code = 0, headers } = response;
      response.once("end", () => resolve({ code, location: headers.location, text }));
    })
      .once("error", reject)
      .end();
  });
}

test("leads a browser to the login page, and takes one callback", async () => {
  expect(await ask("/")).toMatchObject({ code: 404 });
  loopback.leadTo(new URL("https://iam.example.test/auth?state=s"));
  expect(await ask("/")).toMatchObject({ code: 302, location: "https://iam.example.test/auth?state=s" });

  const page = ask("/?code=c&state=s");
  const { url, answer } = await loopback.callback;
  expect(url.href).toBe(`http://localhost:${port}/?code=c&state=s`);
  await answer(true);
  expect(await page).toMatchObject({ code: 200, text: expect.stringContaining("You are logged in") });
  expect(await ask("/?code=d&state=s")).toMatchObject({ code: 410 });
});

test("says on the page that it failed", async () => {
  const page = ask("/?error=access_denied");
  await (await loopback.callback).answer(false);
  expect(await page).toMatchObject({ code: 400, text: expect.stringContaining("failed") });
});

test("does not wait for a browser that went away", async () => {
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET /?code=c HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
  const { answer } = await loopback.callback;
  socket.destroy();
  await new Promise((resolve) => socket.once("close", resolve));
  await answer(true);
});

test.each([
  ["another host (DNS rebinding)", "/?code=c", { host: "evil.example.test" }, 421],
  ["another port in the name", "/?code=c", { host: "localhost:1" }, 421],
  ["another method", "/?code=c", { method: "POST" }, 404],
  ["another path", "/favicon.ico?code=c", {}, 404],
  ["another origin in the request line", "http://evil.example.test/?code=c", {}, 404],
  ["no path at all", "*", {}, 404],
])("%s is no callback", async (_, path, how, code) => {
  expect(await ask(path, how)).toMatchObject({ code });
  const page = ask("/?code=right");
  const { url, answer } = await loopback.callback;
  expect(url.searchParams.get("code")).toBe("right");
  await answer(true);
  await page;
});

test("nobody else's network reaches it", async () => {
  const others = Object.values(networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((one) => !one.internal && one.family === "IPv4");
  const reached = (host: string) =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ port, host, timeout: 1_000 });
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("timeout", () => resolve(false)).once("connect", () => socket.destroy());
    });
  expect(await reached("127.0.0.1")).toBe(true);
  for (const { address } of others) expect(await reached(address)).toBe(false);
});

test("a port that one of the two addresses has taken is refused whole", async () => {
  await expect(listenOnLoopback(port)).rejects.toMatchObject({ code: "busy" });
  await loopback.close();
  await (await listenOnLoopback(port)).close();
  await expect(listenOnLoopback(-1)).rejects.toMatchObject({ code: "bad-input" });
});
