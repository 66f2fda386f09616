import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";

/** What Keycloak said. `body` is parsed when it is JSON, else the text. */
export interface KeycloakAnswer {
  readonly code: number;
  readonly body: unknown;
  /** Of a created object: its URL, which ends in its id. */
  readonly location?: string;
}

/** The admin REST API of a running Keycloak, as a client that may do everything: `get("/realms/prod/groups")`. */
export interface KeycloakAdmin {
  /** The answer's body; an Error with what Keycloak said when the code is not 2xx. Paths start behind `/admin`. */
  readonly get: <T = unknown>(path: string) => Promise<T>;
  /** Any method, with whatever comes back: for what may be refused. */
  readonly send: (
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    body?: unknown,
  ) => Promise<KeycloakAnswer>;
}

/** A token of master's is valid for a minute. */
const TOKEN_MS = 30_000;

/**
 * @param url `http://127.0.0.1:8180`
 * @param ca PEM of the authority that signed Keycloak's certificate, for https
 */
export function keycloakAdmin(url: string, clientId: string, secret: string, ca?: string): KeycloakAdmin {
  let token = { text: "", until: 0 };
  const freshToken = async () => {
    if (Date.now() < token.until) return token.text;
    const form = new URLSearchParams({ grant_type: "client_credentials" }).toString();
    const { code, body } = await call(`${url}/realms/master/protocol/openid-connect/token`, "POST", {
      ca,
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`,
      },
      text: form,
    });
    if (code !== 200)
      throw new Error(`Keycloak gave its admin client no token: ${code} ${JSON.stringify(body)}`);
    token = { text: (body as { access_token: string }).access_token, until: Date.now() + TOKEN_MS };
    return token.text;
  };
  const send: KeycloakAdmin["send"] = async (method, path, body) =>
    call(`${url}/admin${path}`, method, {
      ca,
      headers: { authorization: `Bearer ${await freshToken()}`, "content-type": "application/json" },
      ...(body !== undefined && { text: JSON.stringify(body) }),
    });
  return {
    send,
    get: async <T>(path: string) => {
      const { code, body } = await send("GET", path);
      if (code < 200 || code > 299) throw new Error(`GET ${path}: ${code} ${JSON.stringify(body)}`);
      return body as T;
    },
  };
}

/** One request, without following redirects. */
export function call(
  url: string,
  method: string,
  options: {
    readonly ca?: string | undefined;
    readonly headers?: Record<string, string>;
    readonly text?: string;
  },
): Promise<KeycloakAnswer> {
  const { ca, headers = {}, text } = options;
  const request = url.startsWith("https:") ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    // Without it Node sends the body of a DELETE in a way that no server reads.
    const length = text === undefined ? {} : { "content-length": String(Buffer.byteLength(text)) };
    const given = { method, ca, headers: { ...headers, ...length }, timeout: 30_000 };
    const sent = request(url, given, (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.once("error", reject).once("end", () => {
        const { location } = response.headers;
        resolve({ code: response.statusCode ?? 0, body: jsonOrText(body), ...(location && { location }) });
      });
    });
    sent.once("timeout", () => sent.destroy(new Error(`${method} ${url}: no answer within 30 s`)));
    sent.once("error", reject).end(text);
  });
}

function jsonOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
