import { createSign, generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** An answer of the fake issuer; "hang" never comes, "drop" ends in the middle. */
export type FakeAnswer =
  | { readonly code?: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  | "hang"
  | "drop";

export type Endpoint = "discovery" | "authorize" | "token" | "jwks" | "device" | "revoke";

/** What an endpoint does instead: it gets the right body and gives what is sent. */
export type Faults = Readonly<Partial<Record<Endpoint, (right: Fields) => FakeAnswer>>>;

/** A body, or for `authorize` the parameters that the browser takes back. */
export type Fields = Readonly<Record<string, unknown>>;

export interface FakeIssuer {
  readonly issuer: string;
  /** Endpoints in the order that they were asked. */
  readonly asked: Endpoint[];
  /** Every code, token and verifier that went over the wire: none of it may be seen in an error. */
  readonly secrets: string[];
  readonly set: (faults: Faults) => void;
  /** A signed ID token that says what a right one says, changed. */
  readonly idToken: (change?: Fields, key?: KeyObject) => string;
  readonly close: () => Promise<void>;
}

/**
 * A small OpenID Connect provider on the loopback address that logs everybody in at once, with signed ID tokens, and that can
 * be told to misbehave at each endpoint.
 */
export async function fakeIssuer(lifeSeconds = 300): Promise<FakeIssuer> {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const asked: Endpoint[] = [];
  const secrets: string[] = [];
  let faults: Faults = {};
  let nonce: string | null = null;
  let count = 0;
  const server = createServer((request, response) => {
    void answerTo(request).then(({ endpoint, right }) => {
      asked.push(endpoint);
      const answer = faults[endpoint]?.(right) ?? { body: right };
      if (answer === "hang") return;
      if (answer === "drop") {
        response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
        response.write('{"issuer":');
        setTimeout(() => response.destroy(), 20);
        return;
      }
      const { code = 200, body, headers = { "content-type": "application/json" } } = answer;
      const sent = endpoint === "authorize" && code === 200 ? redirect(request, body as Fields) : undefined;
      response.writeHead(sent ? 302 : code, sent ? { location: sent } : headers);
      response.end(sent ? "" : typeof body === "string" ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/fake`;

  const idToken = (change: Fields = {}, key: KeyObject = privateKey) => {
    const now = Math.floor(Date.now() / 1000);
    const right = {
      iss: issuer,
      aud: "kubernetes",
      sub: "1",
      iat: now,
      exp: now + lifeSeconds,
      ...(nonce !== null && { nonce }),
      jti: String(++count),
    };
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "RS256", kid: "k", typ: "JWT" })}.${part({ ...right, ...change })}`;
    const token = `${text}.${createSign("RSA-SHA256").update(text).sign(key).toString("base64url")}`;
    secrets.push(token);
    return token;
  };

  const secret = (name: string) => {
    const text = `${name}-${++count}-of-the-fake-issuer-0123456789abcdef`;
    secrets.push(text);
    return text;
  };

  async function answerTo(request: IncomingMessage): Promise<{ endpoint: Endpoint; right: Fields }> {
    const url = new URL(request.url ?? "", issuer);
    let form = "";
    for await (const part of request as AsyncIterable<Buffer>) form += part.toString();
    for (const name of ["code_verifier", "refresh_token"]) {
      const value = new URLSearchParams(form).get(name);
      if (value) secrets.push(value);
    }
    const name = url.pathname.split("/").at(-1);
    if (name === "jwks")
      return {
        endpoint: "jwks",
        right: { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k", use: "sig", alg: "RS256" }] },
      };
    if (name === "authorize") {
      nonce = url.searchParams.get("nonce");
      return {
        endpoint: "authorize",
        right: { code: secret("code"), state: url.searchParams.get("state"), iss: issuer },
      };
    }
    if (name === "token")
      return {
        endpoint: "token",
        right: {
          access_token: secret("access"),
          refresh_token: secret("refresh"),
          id_token: idToken(),
          token_type: "Bearer",
          expires_in: lifeSeconds,
        },
      };
    if (name === "device") {
      const page = `${issuer}/page`;
      const right = { device_code: secret("device"), user_code: "ABCD-EFGH", verification_uri: page };
      return { endpoint: "device", right: { ...right, expires_in: 60, interval: 1 } };
    }
    if (name === "revoke") return { endpoint: "revoke", right: {} };
    return {
      endpoint: "discovery",
      right: {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        device_authorization_endpoint: `${issuer}/device`,
        revocation_endpoint: `${issuer}/revoke`,
        response_types_supported: ["code"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["RS256"],
        code_challenge_methods_supported: ["S256"],
      },
    };
  }

  function redirect(request: IncomingMessage, fields: Fields): string {
    const back = new URL(new URL(request.url ?? "", issuer).searchParams.get("redirect_uri") ?? "");
    for (const [name, value] of Object.entries(fields)) back.searchParams.append(name, String(value));
    return back.href;
  }

  return {
    issuer,
    asked,
    secrets,
    set: (next) => {
      faults = next;
    },
    idToken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
