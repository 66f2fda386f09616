import { Agent, request } from "node:https";
import type { Resource } from "@ashlar/core";

/** What the API server said: `object` when it accepted, `status` when it refused. */
export type Answer =
  | { readonly accepted: true; readonly object: Resource; readonly warnings: readonly string[] }
  | { readonly accepted: false; readonly status: Status };

/** The Status object of the API: why a request was refused, and which fields are wrong. */
export interface Status {
  readonly code: number;
  readonly reason?: string;
  readonly message: string;
  readonly details?: {
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
  };
}

export interface WriteOptions {
  /** Checks and defaults without storing. */
  readonly dryRun?: boolean;
  /** `Strict` refuses unknown and duplicate fields; the server's default is `Warn`. */
  readonly fieldValidation?: "Strict" | "Warn" | "Ignore";
}

/** A client of one API server, for tests: any kind that it serves. */
export interface ApiClient {
  /** Creates an object, in namespace `default` when it names none and has one by its kind. */
  readonly create: (resource: Resource, options?: WriteOptions) => Promise<Answer>;
  /** A create that stores nothing; `fieldValidation` is `Strict` unless said otherwise. */
  readonly dryRun: (resource: Resource, options?: Omit<WriteOptions, "dryRun">) => Promise<Answer>;
  /** Sends a text as it is to the collection of a kind: for what a JavaScript object cannot hold, such as duplicate keys. */
  readonly createText: (path: string, text: string, options?: WriteOptions) => Promise<Answer>;
  /** Server-side apply of a partial object onto one that exists, conflicts forced. */
  readonly apply: (partial: Resource, options?: WriteOptions) => Promise<Answer>;
  /** `get("/version")` */
  readonly get: (path: string) => Promise<{ readonly code: number; readonly body: unknown }>;
  /** Any other request, with the body as JSON: `send("DELETE", "/api/v1/namespaces/prod")` */
  readonly send: (
    method: string,
    path: string,
    body?: unknown,
  ) => Promise<{ readonly code: number; readonly body: unknown }>;
  /** The path of the collection that an object belongs to: `/apis/networking.k8s.io/v1/namespaces/prod/networkpolicies`. */
  readonly collectionOf: (resource: Resource) => Promise<string>;
  readonly close: () => void;
}

interface HttpAnswer {
  readonly code: number;
  readonly body: unknown;
  readonly warnings: readonly string[];
}

interface ServedKind {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** A client for the server at `https://127.0.0.1:port`, whose certificate `ca` signs. */
export function apiClient(port: number, token: string, ca: string): ApiClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, ca });
  const served = new Map<string, Promise<readonly ServedKind[]>>();

  const send = (method: string, path: string, type?: string, text?: string) =>
    new Promise<HttpAnswer>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, ...(type && { "content-type": type }) };
      const call = request({ host: "127.0.0.1", port, path, method, agent, headers }, (response) => {
        let body = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          body += chunk;
        });
        response.once("error", reject).once("end", () => {
          const { warning = "" } = response.headers;
          const warnings = [...warning.matchAll(/299 - "((?:[^"\\]|\\.)*)"/g)].map((match) => match[1]!);
          resolve({ code: response.statusCode ?? 0, body: jsonOrText(body), warnings });
        });
      });
      call.once("error", reject).end(text);
    });

  const write = async (method: string, path: string, type: string, text: string, options: WriteOptions) => {
    const { dryRun, fieldValidation } = options;
    const query = new URLSearchParams({
      fieldManager: "ashlar-conformance",
      ...(dryRun && { dryRun: "All" }),
      ...(fieldValidation && { fieldValidation }),
      ...(method === "PATCH" && { force: "true" }),
    });
    return answerOf(await send(method, `${path}?${query}`, type, text));
  };

  const kindsOf = (apiVersion: string) => {
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    let kinds = served.get(path);
    if (!kinds) {
      kinds = send("GET", path).then(({ body }) => (body as { resources?: ServedKind[] }).resources ?? []);
      served.set(path, kinds);
    }
    return kinds;
  };

  const collectionOf = async ({ apiVersion, kind, metadata }: Resource) => {
    const found = (await kindsOf(apiVersion)).find((k) => k.kind === kind && !k.name.includes("/"));
    if (!found) throw new Error(`the API server serves no ${kind} of ${apiVersion}`);
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const namespace = found.namespaced
      ? `/namespaces/${encodeURIComponent(metadata?.namespace || "default")}`
      : "";
    return `${group}${namespace}/${found.name}`;
  };

  const create = async (resource: Resource, options: WriteOptions = {}) =>
    write("POST", await collectionOf(resource), "application/json", JSON.stringify(resource), options);

  return {
    create,
    dryRun: (resource, options) => create(resource, { fieldValidation: "Strict", ...options, dryRun: true }),
    createText: (path, text, options = {}) => write("POST", path, "application/json", text, options),
    apply: async (partial, options = {}) => {
      const path = `${await collectionOf(partial)}/${encodeURIComponent(partial.metadata.name)}`;
      return write("PATCH", path, "application/apply-patch+yaml", JSON.stringify(partial), options);
    },
    get: async (path) => send("GET", path),
    send: (method, path, body) =>
      body === undefined ? send(method, path) : send(method, path, "application/json", JSON.stringify(body)),
    collectionOf,
    close: () => agent.destroy(),
  };
}

function answerOf({ code, body, warnings }: HttpAnswer): Answer {
  if (code >= 200 && code < 300) return { accepted: true, object: body as Resource, warnings };
  const status = typeof body === "object" && body !== null ? (body as Status) : { message: String(body) };
  return { accepted: false, status: { ...status, code } };
}

function jsonOrText(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}
