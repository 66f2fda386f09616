import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Session } from "./login-options.ts";
import { defaultTokenFolder, ownFolder, readTokens, tokenFile, writeTokens } from "./token-cache.ts";
import { isFresh, type TokenSet, tokenSet, usableUntil } from "./token-set.ts";

const session: Session = {
  issuer: "https://iam.example.test/realms/prod",
  clientId: "kubernetes",
  scopes: ["openid"],
};
const END = 2_000_000_000;

function tokensFor(claims: object = {}): TokenSet {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const all = { iss: session.issuer, aud: "kubernetes", sub: "1", exp: END, ...claims };
  return tokenSet(session, {
    id_token: `${part({ alg: "RS256" })}.${part(all)}.c2lnbmF0dXJl`,
    access_token: "access",
    refresh_token: "refresh",
  });
}

let folder: string;
let file: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), "ashlar-cache-")), "tokens");
  await ownFolder(folder);
  file = tokenFile(folder, session);
});
afterEach(() => rm(join(folder, ".."), { recursive: true, force: true }));

describe("a token file", () => {
  test("gives back what was written, and only its owner may read it", async () => {
    expect(await readTokens(file, session)).toBeUndefined();
    await writeTokens(file, session, tokensFor());
    expect(await readTokens(file, session)).toEqual(tokensFor());
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect(await readdir(folder)).toHaveLength(1);
  });

  test("that cannot be replaced stays, and nothing half written is left", async () => {
    await mkdir(join(file, "in the way"), { recursive: true });
    await expect(writeTokens(file, session, tokensFor())).rejects.toMatchObject({ code: "bad-cache" });
    expect(await readdir(folder)).toHaveLength(1);
  });

  test("is another one for another issuer, client or scope", () => {
    const others = [
      { issuer: "https://iam.example.test/realms/dev" },
      { clientId: "x" },
      { scopes: ["email", "openid"] },
    ];
    const files = others.map((other) => tokenFile(folder, { ...session, ...other }));
    expect(new Set([file, ...files]).size).toBe(4);
  });

  const cases: readonly { what: string; tamper: () => Promise<void>; message: RegExp }[] = [
    { what: "that others may read", tamper: () => chmod(file, 0o640), message: /mode 640/ },
    { what: "that is garbage", tamper: () => writeFile(file, "\0garbage"), message: /damaged/ },
    { what: "that is empty", tamper: () => writeFile(file, ""), message: /damaged/ },
    { what: "that holds null", tamper: () => writeFile(file, "null"), message: /damaged/ },
    {
      what: "that was cut off",
      tamper: async () => writeFile(file, (await readFile(file, "utf8")).slice(0, -20)),
      message: /damaged/,
    },
    {
      what: "that is far too long",
      tamper: () => writeFile(file, " ".repeat(2_000_000)),
      message: /not a file/,
    },
    {
      what: "that is a link",
      tamper: async () => {
        await rm(file);
        await writeFile(join(folder, "elsewhere"), "{}", { mode: 0o600 });
        await symlink(join(folder, "elsewhere"), file);
      },
      message: /is a link/,
    },
    {
      what: "that is a folder",
      tamper: async () => {
        await rm(file);
        await mkdir(file);
      },
      message: /not a file/,
    },
    { what: "of another version", tamper: () => rewrite({ version: 2 }), message: /damaged/ },
    {
      what: "of another issuer",
      tamper: () => rewrite({ issuer: "https://other.test" }),
      message: /another session/,
    },
    { what: "of another client", tamper: () => rewrite({ clientId: "grafana" }), message: /another session/ },
    {
      what: "of other scopes",
      tamper: () => rewrite({ scopes: ["openid", "x"] }),
      message: /another session/,
    },
    {
      what: "whose ID token is of another issuer",
      tamper: () => rewrite({ idToken: tokensFor({ iss: "https://other.test" }).idToken }),
      message: /another session/,
    },
    {
      what: "whose ID token is for another client",
      tamper: () => rewrite({ idToken: tokensFor({ aud: ["grafana"] }).idToken }),
      message: /another session/,
    },
    {
      what: "whose end was moved",
      tamper: () => rewrite({ expiresAt: "2040-01-01T00:00:00Z" }),
      message: /another session/,
    },
    {
      what: "whose ID token is none",
      tamper: () => rewrite({ idToken: "none" }),
      message: /another session/,
    },
    { what: "in a folder that others may read", tamper: () => chmod(folder, 0o750), message: /mode 750/ },
  ];

  async function rewrite(change: object) {
    await writeFile(file, JSON.stringify({ ...JSON.parse(await readFile(file, "utf8")), ...change }));
  }

  test.each(cases)("$what is refused, with what to do, and left as it is", async ({ tamper, message }) => {
    await writeTokens(file, session, tokensFor());
    await tamper();
    const before = await readdir(folder);
    const work = async () => {
      await ownFolder(folder);
      return readTokens(file, session);
    };
    await expect(work()).rejects.toMatchObject({
      name: "LiveError",
      code: "bad-cache",
      message: expect.stringMatching(message),
      hint: expect.stringMatching(/./),
    });
    expect(await readdir(folder)).toEqual(before);
  });

  test("cannot be in what is no folder", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(ownFolder(join(folder, "file"))).rejects.toMatchObject({ code: "bad-cache" });
  });
});

test("tokens are fresh until a little before their end", () => {
  const tokens = tokensFor();
  expect(tokens.expiresAt).toBe("2033-05-18T03:33:20Z");
  expect(usableUntil(tokens)).toBe("2033-05-18T03:33:00Z");
  expect(isFresh(tokens, (END - 21) * 1000)).toBe(true);
  expect(isFresh(tokens, (END - 20) * 1000)).toBe(false);
});

test.each([undefined, "tomorrow", -1, 0, 1e300, Number.NaN])(
  "an ID token that ends at %s is refused",
  (exp) => {
    expect(() => tokensFor({ exp })).toThrow(/without an end/);
  },
);

test("the default folder follows XDG_CACHE_HOME, unless that is relative", () => {
  const before = process.env.XDG_CACHE_HOME;
  try {
    process.env.XDG_CACHE_HOME = "/cache";
    expect(defaultTokenFolder()).toBe("/cache/ashlar/tokens");
    process.env.XDG_CACHE_HOME = "cache";
    expect(defaultTokenFolder()).toMatch(/\/\.cache\/ashlar\/tokens$/);
  } finally {
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  }
});
