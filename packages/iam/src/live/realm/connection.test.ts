import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LiveError } from "../live-error.ts";
import { connectKeycloak, type KeycloakConnectionOptions } from "./connection.ts";

const SECRET = "s: e%c+r/e=t ü";
const TOKEN = "token-that-nobody-sees";

let server: Server;
let url: string;
let asked: string[];
/** What is answered to a request; undefined: what a Keycloak would. */
let answer: (request: IncomingMessage, count: number) => [number, unknown] | undefined;
let life: number;

beforeEach(async () => {
  asked = [];
  answer = () => undefined;
  life = 60;
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    request.resume();
    const right = request.url?.endsWith("/token")
      ? { access_token: TOKEN, expires_in: life }
      : { path: request.url, authorization: request.headers.authorization };
    const [code, body] = answer(request, asked.length) ?? [200, right];
    response.writeHead(code, { "content-type": "application/json", location: `${url}/x/new-id` });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function connect(more: Partial<KeycloakConnectionOptions> = {}) {
  return connectKeycloak({ url, clientId: "a client", clientSecret: async () => SECRET, ...more });
}

async function failure(of: Promise<unknown>): Promise<LiveError> {
  const error = await of.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof LiveError)) throw new Error(`no LiveError: ${inspect(error)}`);
  expect(inspect(error, { depth: 9 }) + error.message + error.hint).not.toMatch(/token-that-nobody|s: e%c/);
  return error;
}

describe("the login", () => {
  test("sends id and secret form-coded (RFC 6749, 2.3.1), and none of it is seen in the connection", async () => {
    let sent = "";
    answer = ({ headers }) => {
      sent = String(headers.authorization);
      return undefined;
    };
    const connection = await connect();
    expect(Buffer.from(sent.slice("Basic ".length), "base64").toString()).toBe(
      "a+client:s%3A+e%25c%2Br%2Fe%3Dt+%C3%BC",
    );
    expect(inspect(connection, { depth: 9, showHidden: true })).not.toMatch(/token-that|s: e%c/);
    expect(asked).toEqual(["POST /realms/master/protocol/openid-connect/token"]);
  });

  test("happens again when half of the token's life is over, and after renew", async () => {
    const connection = await connect();
    await connection.read("/a");
    await connection.read("/b");
    expect(asked).toHaveLength(3);
    connection.renew();
    await connection.read("/c");
    expect(asked).toHaveLength(5);
    life = 0;
    connection.renew();
    await connection.read("/d");
    await connection.read("/e");
    expect(asked).toHaveLength(9);
  });

  test("happens again when the token is not taken, once", async () => {
    const connection = await connect();
    answer = (_, count) => (count === 2 ? [401, {}] : undefined);
    expect(await connection.read("/a")).toEqual({
      path: "/admin/realms/a",
      authorization: `Bearer ${TOKEN}`,
    });
    expect(asked).toHaveLength(4);
    answer = ({ method }) => (method === "GET" ? [401, { error: `no ${TOKEN}` }] : undefined);
    expect(await failure(connection.read("/a"))).toMatchObject({ code: "refused" });
  });

  test.each([
    [401, { error: "unauthorized_client", error_description: `bad ${SECRET}` }, "refused"],
    [200, "<html>", "bad-answer"],
    [200, { access_token: 1 }, "bad-answer"],
    [200, null, "bad-answer"],
    [404, {}, "conflict"],
    [302, {}, "bad-answer"],
    [500, {}, "server-error"],
  ] as const)("is refused by %i %j: %s", async (code, body, word) => {
    answer = () => [code, body];
    expect(await failure(connect())).toMatchObject({ code: word });
  });

  test.each([
    [{ url: "http://iam.example.test" }, "not https"],
    [{ url: "iam" }, "is no URL"],
    [{ url: "https://user:password@iam.example.test" }, "user name"],
    [{ clientId: "" }, "no client id"],
    [{ timeoutMs: 0 }, "timeoutMs"],
    [{ timeoutMs: Number.NaN }, "timeoutMs"],
    [{ certificateAuthority: "no PEM" }, "holds no certificate"],
    [{ clientSecret: async () => "" }, "empty"],
    [{ clientSecret: { env: "ASHLAR_THIS_IS_NOT_SET" } }, "ASHLAR_THIS_IS_NOT_SET"],
  ])("is not tried with %j", async (options, message) => {
    expect(await failure(connect(options))).toMatchObject({
      code: "bad-input",
      message: expect.stringContaining(message),
    });
    expect(asked).toEqual([]);
  });
});

describe("requests", () => {
  test("that read are tried three times, those that write once", async () => {
    const connection = await connect();
    const fail = ({ url: path = "" }: IncomingMessage): [number, unknown] | undefined =>
      path.endsWith("/token") ? undefined : [503, {}];
    answer = fail;
    expect(await failure(connection.read("/a"))).toMatchObject({ code: "server-error" });
    expect(asked).toHaveLength(1 + 3);
    expect(await failure(connection.write({ method: "PUT", path: "/a", body: {} }))).toMatchObject({
      code: "server-error",
    });
    expect(asked).toHaveLength(1 + 3 + 1);
    answer = (request, count) => (count < 8 ? fail(request) : undefined);
    expect(await connection.read("/a")).toMatchObject({ path: "/admin/realms/a" });
    expect(asked).toHaveLength(8);
  });

  test("that make something give its id; 404 is nothing to a read and a conflict to a write", async () => {
    const connection = await connect();
    expect(await connection.write({ method: "POST", path: "/a", body: { x: 1 } })).toBe("new-id");
    answer = () => [404, {}];
    expect(await connection.read("/a")).toBeUndefined();
    expect(await failure(connection.write({ method: "DELETE", path: "/a?x=1" }))).toMatchObject({
      code: "conflict",
      message: "Keycloak answered 404 to DELETE /admin/realms/a",
    });
  });

  test("that are refused are told with Keycloak's words, without what is hidden", async () => {
    const connection = await connect();
    connection.hide(["a hidden word"]);
    answer = () => [400, { errorMessage: `no \u001b[2J good: a hidden word ${TOKEN}` }];
    const { message } = await failure(connection.write({ method: "PUT", path: "/a" }));
    expect(message).toBe("Keycloak answered 400 to PUT /admin/realms/a: no  [2J good: … …");
  });

  test("end with their signal, also between two tries", async () => {
    const connection = await connect();
    const caller = new AbortController();
    answer = () => {
      setTimeout(() => caller.abort(), 20);
      return [503, {}];
    };
    expect(await failure(connection.read("/a", caller.signal))).toMatchObject({ code: "aborted" });
    expect(asked).toHaveLength(2);
  });
});
