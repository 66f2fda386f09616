import type { Resource } from "@ashlar/core";
import type { Cluster } from "@ashlar/core/live";
import { routesModel } from "@ashlar/ingress";
import { describe, expect, test } from "vitest";
import { parsePlatform } from "../../define-platform.ts";
import type { Asking } from "./asking.ts";
import { listeners } from "./listen.test-support.ts";
import { judgeRedirect, loginAsker, urlsOf } from "./login.ts";

const URL_OF_APP = "https://logs.test";
const EXPECTED = {
  issuer: "https://iam.test/realms/shop",
  endpoint: "https://iam.test/realms/shop/auth",
  client: "proxy",
  redirectUri: "https://logs.test/oauth2/callback",
};

function location(over: Readonly<Record<string, string>> = {}, to = EXPECTED.endpoint): string {
  const query = {
    client_id: "proxy",
    redirect_uri: EXPECTED.redirectUri,
    response_type: "code",
    state: "s3cret",
    ...over,
  };
  return `${to}?${new URLSearchParams(query)}`;
}

const { redirectUri: _, client: __, ...issuerAlone } = EXPECTED;
const { endpoint: ___, ...withoutDiscovery } = EXPECTED;

describe("a redirect", () => {
  test.each([
    ["to the login, with its client, back to the app", location(), EXPECTED, "held"],
    ["for another client", location({ client_id: "kubernetes" }), EXPECTED, "broken"],
    [
      "that comes back elsewhere on the host",
      location({ redirect_uri: "https://logs.test/other" }),
      EXPECTED,
      "broken",
    ],
    [
      "that comes back to another host",
      location({ redirect_uri: "https://evil.test/oauth2/callback" }),
      issuerAlone,
      "broken",
    ],
    ["that comes back by plain words", location({ redirect_uri: "nowhere" }), issuerAlone, "broken"],
    [
      "to another place of the issuer's host",
      location({}, "https://iam.test/realms/other/auth"),
      EXPECTED,
      "broken",
    ],
    [
      "to another path of the issuer",
      location({}, "https://iam.test/realms/shop/account"),
      EXPECTED,
      "broken",
    ],
    ["that asks for nothing", EXPECTED.endpoint, EXPECTED, "broken"],
    ["without a response_type", location({ response_type: "" }), EXPECTED, "broken"],
    [
      "below the issuer, whose discovery cannot be read",
      location({}, "https://iam.test/realms/shop/any"),
      withoutDiscovery,
      "held",
    ],
    [
      "to a realm whose name begins alike",
      location({}, "https://iam.test/realms/shop2/auth"),
      withoutDiscovery,
      "broken",
    ],
    ["to a login of nobody that is known", location({}, "https://any.test/auth"), undefined, "held"],
    ["to another host", "https://www.test/", undefined, "unknown"],
  ])("%s", (_name, to, expected, outcome) => {
    const answer = judgeRedirect("GET", to, URL_OF_APP, expected);
    expect(answer.outcome).toBe(outcome);
    expect(JSON.stringify(answer)).not.toContain("s3cret");
  });
});

test("the URLs that are asked: the claim's, those of the platform's routes below it, and one that nobody has", () => {
  const ingress = (host: string, ...paths: readonly string[]): Resource =>
    ({
      ...{ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: host } },
      spec: { rules: [{ host, http: { paths: paths.map((path) => ({ path })) } }] },
    }) as Resource;
  const resources = [ingress("logs.test", "/", "/api", "/(a|b)"), ingress("other.test", "/else")];
  expect(urlsOf("https://logs.test", resources)).toEqual([
    "https://logs.test/",
    "https://logs.test/api",
    "https://logs.test/any-other",
  ]);
  expect(urlsOf("https://logs.test/api", resources)).toEqual([
    "https://logs.test/api",
    "https://logs.test/api/any-other",
  ]);
});

describe("a server", () => {
  const serve = listeners();

  async function ask(url: string, groups?: readonly string[]) {
    const platform = parsePlatform({ name: "shop", environments: { dev: ["dev"] } });
    if (!platform.ok) throw new Error("no platform");
    const asking = {
      platform: platform.value,
      set: { resources: [] },
      cluster: {} as Cluster,
      options: {},
    } as unknown as Asking;
    const claim = { kind: "requires-login", text: "", by: "expect", url, ...(groups && { groups }) } as const;
    return loginAsker(asking, routesModel([]))(claim);
  }

  test("that lets in below its root is open", async () => {
    const url = await serve(({ url: path }, response) => {
      response
        .writeHead(path === "/" ? 302 : 200, { location: location({}, "https://any.test/auth") })
        .end("secret data");
    });
    const answer = await ask(url);
    expect(answer).toMatchObject({ outcome: "broken" });
    expect(JSON.stringify(answer)).not.toContain("secret data");
  });

  test("that redirects on itself for ever proves nothing", async () => {
    const url = await serve(
      (_request, response) => void response.writeHead(302, { location: "/again" }).end(),
    );
    expect(await ask(url)).toMatchObject({
      outcome: "unknown",
      because: expect.stringContaining("more than 5 redirects"),
    });
  });

  test("whose redirects hold a password does not get it told", async () => {
    const elsewhere = await serve(
      (_request, response) =>
        void response.writeHead(302, { location: "https://user:s3cret@evil.test/x?y" }).end(),
    );
    const answer = await ask(elsewhere);
    expect(answer).toMatchObject({
      outcome: "unknown",
      evidence: [expect.stringMatching(/^redirect to https:\/\/evil.test\/x,/)],
    });
    const itself = await serve(({ headers, url: path }, response) => {
      if (path === "/on") response.writeHead(403).end('<form action="/oauth2/start">');
      else if (path === "/oauth2/start") response.writeHead(403).end();
      else response.writeHead(302, { location: `http://user:s3cret@${headers.host}/on` }).end();
    });
    const answers = [answer, await ask(itself)];
    expect(JSON.stringify(answers)).not.toContain("s3cret");
  });

  test("that refuses proves a login only when it says how", async () => {
    const bare = await serve((_request, response) => void response.writeHead(403).end());
    expect(await ask(bare)).toMatchObject({ outcome: "unknown" });
    const basic = await serve(
      (_request, response) => void response.writeHead(401, { "www-authenticate": "Basic" }).end(),
    );
    expect(await ask(basic)).toMatchObject({ outcome: "held" });
    expect(await ask(basic, ["developer"])).toMatchObject({ outcome: "unknown" });
  });

  test("that is not there, or fails, is unknown or broken, never held", async () => {
    const url = await serve((_request, response) => void response.writeHead(500).end());
    expect(await ask(url)).toMatchObject({ outcome: "unknown" });
    expect(await ask("http://127.0.0.1:1")).toMatchObject({
      outcome: "broken",
      because: expect.stringContaining("ECONNREFUSED"),
    });
    expect(await ask("http://nowhere.invalid")).toMatchObject({ outcome: "unknown" });
  });

  test("is sent no credentials and no cookies", async () => {
    const seen: string[] = [];
    const url = await serve(({ headers }, response) => {
      seen.push(...Object.keys(headers));
      response.writeHead(401, { "set-cookie": "a=b", "www-authenticate": "Basic" }).end();
    });
    await ask(url);
    expect(new Set(seen)).toEqual(new Set(["host", "accept", "user-agent", "connection"]));
  });
});
