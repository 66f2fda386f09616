import type { RequestListener } from "node:http";
import { expect, test } from "vitest";
import { askIssuer, discover } from "./discovery.ts";
import { listeners } from "./listen.test-support.ts";

const serve = listeners();
const QUICK = { timeoutSeconds: 1 };
const DOCUMENT = { issuer: "i", authorization_endpoint: "a", jwks_uri: "k" };
const FOUND = { issuer: "i", authorizationEndpoint: "a", keysUrl: "k" };

const json =
  (body: object): RequestListener =>
  (_request, response) =>
    void response.end(JSON.stringify(body));

test.each([301, 302, 303, 307, 308])(
  "a discovery behind a %i is followed, as API servers do",
  async (status) => {
    const url = await serve((request, response) =>
      request.url === "/real"
        ? json(DOCUMENT)(request, response)
        : void response.writeHead(status, { location: "/real" }).end(),
    );
    expect(await discover(url, QUICK)).toEqual(FOUND);
  },
);

test("redirects that never end are no discovery, and none of their secrets is told", async () => {
  const url = await serve((_request, response) => {
    response.writeHead(302, { location: "/again?token=s3cret" }).end();
  });
  expect(await askIssuer(url, QUICK)).toMatchObject({
    outcome: "broken",
    because: `more than 10 redirects, the last by ${url}/again`,
  });
});

test("a long document is read whole; of one that is too long, or never ends, nothing is concluded", async () => {
  const long = await serve(json({ ...DOCUMENT, pad: "x".repeat(1_000_000) }));
  expect(await discover(long, QUICK)).toEqual(FOUND);
  const longer = await serve(json({ ...DOCUMENT, pad: "x".repeat(5_000_000) }));
  const path = "/.well-known/openid-configuration";
  expect(await askIssuer(longer, QUICK)).toMatchObject({
    outcome: "unknown",
    because: `${longer}${path} answers more than 4 MiB`,
  });
  const endless = await serve((_request, response) => void response.write("{"));
  expect(await askIssuer(endless, QUICK)).toMatchObject({
    outcome: "unknown",
    because: `the answer of ${endless}${path} has not ended in time`,
  });
  const halved = await serve((_request, response) => {
    response.writeHead(200, { "content-length": "100" }).write("{", () => response.destroy());
  });
  expect(await askIssuer(halved, QUICK)).toMatchObject({
    outcome: "broken",
    because: `the answer of ${halved}${path} breaks off`,
  });
});
