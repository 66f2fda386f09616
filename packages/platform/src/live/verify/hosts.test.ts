import type { OutgoingHttpHeaders, RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { askServes, locationText } from "./hosts.ts";
import { listeners } from "./listen.test-support.ts";

test.each([
  ["https://user:s3cret@iam.test/auth?state=s3cret#s3cret", "https://iam.test/auth"],
  ["https:user:s3cret@iam.test/auth", "https://iam.test/auth"],
  ["https:\\\\user:s3cret@iam.test\\auth", "https://iam.test/auth"],
  ["//user:s3cret@iam.test/auth", "//iam.test/auth"],
  ["//:s3cret@any.invalid/auth", "//any.invalid/auth"],
  ["/login?next=s3cret", "/login"],
  ["login#s3cret", "login"],
  ["app://user:s3cret@x/", "app:…"],
  ["https://user:s3cret@[/", "what is no URL"],
  ["https://user:s3c#ret@iam.test/", "what is no URL"],
  ["", ""],
  [undefined, undefined],
])("%s is told as %s", (location, told) => {
  expect(locationText(location)).toBe(told);
});

const serve = listeners();
const ask = (url: string, meant: "yes" | "no" = "yes") =>
  askServes({ kind: "serves", text: "", by: "expect", url, expect: meant }, { timeoutSeconds: 1 });
const to =
  (location: string, more: OutgoingHttpHeaders = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(302, { location, ...more }).end();

describe("a connection", () => {
  test("that is closed without an answer serves nothing, and shows no denial", async () => {
    const url = await serve(({ socket }) => void socket.destroy());
    const because = "the connection is closed without an answer (ECONNRESET)";
    expect(await ask(url)).toMatchObject({ outcome: "broken", because });
    expect(await ask(url, "no")).toMatchObject({ outcome: "unknown", because });
  });

  test("that is refused is a denial", async () => {
    const because = "the connection is refused (ECONNREFUSED)";
    expect(await ask("http://127.0.0.1:1")).toMatchObject({ outcome: "broken", because });
    expect(await ask("http://127.0.0.1:1", "no")).toMatchObject({ outcome: "held", evidence: [because] });
  });
});

describe("an answer", () => {
  test("is one as soon as its headers are there", async () => {
    const endless = (status: number) =>
      serve((_request, response) => void response.writeHead(status).write("x"));
    expect(await ask(await endless(200))).toMatchObject({ outcome: "held", evidence: ["200"] });
    expect(await ask(await endless(200), "no")).toMatchObject({ outcome: "broken" });
    expect(await ask(await endless(500))).toMatchObject({ outcome: "broken", because: "it answers 500" });
  });

  test("may have as long headers as browsers take", async () => {
    const long = (length: number) =>
      serve((_request, response) => void response.writeHead(200, { x: "a".repeat(length) }).end());
    expect(await ask(await long(100_000))).toMatchObject({ outcome: "held" });
    expect(await ask(await long(300_000))).toMatchObject({
      outcome: "broken",
      because: "its headers are longer than browsers take: 256 KiB (HPE_HEADER_OVERFLOW)",
    });
  });
});

describe("redirects on the host itself", () => {
  test.each<[string, RequestListener, string]>([
    ["to the very same URL", to("/"), "/"],
    [
      "to one that comes back",
      (request, response) => to(request.url === "/" ? "/a" : "/")(request, response),
      "/",
    ],
    ["that no cookie ends", to("/", { "set-cookie": "seen=1; Path=/" }), "/"],
  ])("%s serve nothing", async (_, listener, last) => {
    const url = await serve(listener);
    const because = `it redirects to itself for ever, by ${url}${last}`;
    expect(await ask(url)).toMatchObject({ outcome: "broken", because });
  });

  test("that lead ever further serve nothing", async () => {
    const url = await serve((request, response) => to(`${request.url}a`)(request, response));
    expect(await ask(url)).toMatchObject({
      outcome: "broken",
      because: "more than 20 redirects on the host itself",
    });
  });

  test("that a cookie ends serve, and so do those that lead elsewhere", async () => {
    const once = await serve((request, response) =>
      request.headers.cookie === "seen=1"
        ? void response.end()
        : to("/", { "set-cookie": "seen=1; Path=/; HttpOnly" })(request, response),
    );
    const elsewhere = await serve(to("https://any.invalid/"));
    for (const url of [once, elsewhere]) expect(await ask(url)).toMatchObject({ outcome: "held" });
  });
});
