import { readFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { selfSignedCertificate } from "../components/certificate.ts";
import type { Listener } from "./loopback.ts";

/** A registry that wants a token, and who gives them: what the protocol says, and nothing behind it. */
export interface TokenRegistry extends Listener {
  /** As images name it. */
  readonly host: string;
  /** PEM of who signs its certificate. */
  readonly ca: string;
  /** `GET /token?…`, in the order of the requests. */
  readonly requests: readonly string[];
}

const TOKEN = "opaque-token";

/** It has the image `shop/web:1` for who has the password. */
export async function startTokenRegistry(folder: string, password: string): Promise<TokenRegistry> {
  const { certificate, keyFile } = await selfSignedCertificate(folder);
  const requests: string[] = [];
  const basic = `Basic ${Buffer.from(`puller:${password}`).toString("base64")}`;
  const server = createServer(
    { key: await readFile(keyFile), cert: certificate },
    ({ method, url = "", headers }, response) => {
      requests.push(`${method} ${url}`);
      const end = (status: number, more: Readonly<Record<string, string>> = {}, body = "") =>
        void response.writeHead(status, more).end(body);
      if (url.startsWith("/token"))
        return headers.authorization === basic ? end(200, {}, JSON.stringify({ token: TOKEN })) : end(401);
      if (headers.authorization !== `Bearer ${TOKEN}`) {
        const realm = `https://${headers.host}/token`;
        return end(401, {
          "www-authenticate": `Bearer realm="${realm}",service="shop",scope="repository:shop/web:pull"`,
        });
      }
      return end(url === "/v2/" || url === "/v2/shop/web/manifests/1" ? 200 : 404);
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: certificate,
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
