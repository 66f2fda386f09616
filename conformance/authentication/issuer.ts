import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { selfSignedCertificate } from "../components/certificate.ts";

/** An issuer of ID tokens on the loopback address. It signs whatever claims it is given. */
export interface Issuer {
  /** `https://127.0.0.1:PORT`: every path below is an issuer of its own, with the same key. */
  readonly base: string;
  /** What its certificate is verified by: PEM, and the same in a file. */
  readonly ca: string;
  readonly caFile: string;
  /** A JWT (RS256) of claims. */
  readonly token: (claims: Readonly<Record<string, unknown>>) => string;
  readonly stop: () => Promise<void>;
}

const DISCOVERY = "/.well-known/openid-configuration";
const KEY_ID = "conformance";

/** Starts it: discovery and keys, nothing else; there is no login. */
export async function startIssuer(): Promise<Issuer> {
  const folder = await mkdtemp(join(tmpdir(), "ashlar-issuer-"));
  const { keyFile, certificateFile, certificate } = await selfSignedCertificate(folder);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const server = createServer({ key: await readFile(keyFile), cert: certificate }, (request, response) => {
    const path = request.url ?? "";
    const base = `https://${request.headers.host}`;
    const body =
      path === "/keys" ? keys(privateKey) : path.endsWith(DISCOVERY) ? discovery(base, path) : undefined;
    response.writeHead(body === undefined ? 404 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    base: `https://127.0.0.1:${portOf(server)}`,
    ca: certificate,
    caFile: certificateFile,
    token: (claims) => jwt(claims, privateKey),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function discovery(base: string, path: string) {
  const issuer = `${base}${path.slice(0, -DISCOVERY.length)}`;
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${base}/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

function keys(privateKey: KeyObject) {
  const key = createPublicKey(privateKey).export({ format: "jwk" });
  return { keys: [{ ...key, kid: KEY_ID, alg: "RS256", use: "sig" }] };
}

function jwt(claims: Readonly<Record<string, unknown>>, privateKey: KeyObject): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "RS256", typ: "JWT", kid: KEY_ID })}.${part(claims)}`;
  const key = createPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }));
  return `${text}.${sign("RSA-SHA256", Buffer.from(text), key).toString("base64url")}`;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the issuer has no port");
  return address.port;
}
