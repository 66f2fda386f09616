import { describe, expect, test } from "vitest";
import { dockerKeyring, lookUpCredentials } from "./keyring.ts";
import { readDockerConfig } from "./read-docker-config.ts";

const auth = (text: string) => btoa(text);

function found(servers: readonly string[], repository: string): string[] {
  const credentials = servers.map((server) => ({ server, username: server, password: "x" }));
  const ring = dockerKeyring([{ source: "s", credentials }]);
  return lookUpCredentials(ring, repository).map(({ credential }) => credential.server);
}

describe("which server's credential is for which image (kubelet's own cases are in conformance)", () => {
  test.each<[string, readonly string[], string, readonly string[]]>([
    ["the host", ["example.test"], "example.test/api", ["example.test"]],
    ["with a scheme", ["https://example.test/v2/"], "example.test/api", ["https://example.test/v2/"]],
    ["a port that is not asked for", ["example.test:443"], "example.test/api", []],
    ["the port", ["example.test:5000"], "example.test:5000/api", ["example.test:5000"]],
    ["another case", ["Example.test"], "example.test/api", []],
    ["a glob of one label", ["*.example.test"], "a.example.test/api", ["*.example.test"]],
    ["not of two", ["*.example.test"], "a.b.example.test/api", []],
    ["stars in a label", ["a*c*e.test"], "abcde.test/api", ["a*c*e.test"]],
    [
      "the longer path first",
      ["example.test", "example.test/a"],
      "example.test/a/b",
      ["example.test/a", "example.test"],
    ],
    ["another path", ["example.test/b"], "example.test/a/b", []],
    [
      "a path that goes on in the middle of a part",
      ["example.test/te"],
      "example.test/team/x",
      ["example.test/te"],
    ],
    [
      "Docker Hub by its old name",
      ["https://index.docker.io/v1/"],
      "docker.io/library/x",
      ["https://index.docker.io/v1/"],
    ],
    ["Docker Hub without the last slash", ["https://index.docker.io/v1"], "docker.io/library/x", []],
    ["Docker Hub by its name", ["docker.io"], "docker.io/library/x", ["docker.io"]],
    ["a name that is no host", ["exa mple.test", "a:b:c"], "example.test/api", []],
    ["an address with a port", ["[::1]:5000"], "[::1]:5000/api", ["[::1]:5000"]],
    ["an address without one is a class of characters", ["[::1]"], "[::1]/api", []],
  ])("%s", (_, servers, repository, expected) => {
    expect(found(servers, repository)).toEqual(expected);
  });

  test("a glob of many stars is matched at once", () => {
    const start = performance.now();
    expect(found([`${"*a".repeat(5000)}.test`], `${"a".repeat(9000)}b.test/x`)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe("what is read", () => {
  test.each<[string, string, readonly [string, string, string][]]>([
    ["auth", `{"auths":{"a.test":{"auth":"${auth("u:p:q")}"}}}`, [["a.test", "u", "p:q"]]],
    ["user and password", '{"auths":{"a.test":{"username":"u","password":"p"}}}', [["a.test", "u", "p"]]],
    [
      "auth wins",
      `{"auths":{"a.test":{"username":"x","password":"y","auth":"${auth("u:p")}"}}}`,
      [["a.test", "u", "p"]],
    ],
    [
      "no padding",
      `{"auths":{"a.test":{"auth":"${auth("u:pp").replace(/=+$/, "")}"}}}`,
      [["a.test", "u", "pp"]],
    ],
    ["any case of fields", `{"AUTHS":{"a.test":{"Auth":"${auth("u:p")}"}}}`, [["a.test", "u", "p"]]],
    [
      "the last of two",
      '{"auths":{"a":{"username":"1"}},"auths":{"b":{"username":"2"},"a":{"username":"3"}}}',
      [
        ["a", "3", ""],
        ["b", "2", ""],
      ],
    ],
    [
      "null",
      '{"auths":{"a":null,"b":{"auth":null}}}',
      [
        ["a", "", ""],
        ["b", "", ""],
      ],
    ],
    ["no auths", '{"a.test":{"auth":"eDp5"}}', []],
  ])("%s", (_, text, expected) => {
    const read = readDockerConfig(text, "dockerconfigjson");
    if (!read.ok) throw new Error(read.reason);
    expect(read.credentials.map((c) => [c.server, c.username, c.password])).toEqual(expected);
  });

  test.each<[string, string, string]>([
    ["no JSON", "{", "it is no JSON"],
    ["a list", "[]", "it is no JSON object"],
    ["auths that are none", '{"auths":[]}', "its auths are no object"],
    ["headers that are none", '{"HttpHeaders":{"a":1}}', "its HttpHeaders are no map of texts"],
    ["an entry that is none", '{"auths":{"a":"x"}}', "the entry is no object"],
    ["a number", '{"auths":{"a":{"password":5}}}', "password is no text"],
    ["no base64", '{"auths":{"a":{"auth":"?"}}}', "auth is no base64"],
    [
      "no colon",
      `{"auths":{"a":{"auth":"${auth("user")}"}}}`,
      "auth holds no user name and password (base64 of USER:PASSWORD)",
    ],
  ])("%s fails the whole", (_, text, reason) => {
    expect(readDockerConfig(text, "dockerconfigjson")).toMatchObject({ ok: false, reason });
  });

  test("the older format has no auths", () => {
    const read = readDockerConfig(`{"a.test":{"auth":"${auth("u:p")}"}}`, "dockercfg");
    expect(read).toMatchObject({ ok: true, credentials: [{ server: "a.test", username: "u" }] });
  });

  test("deep nesting is refused as Go does, not followed", () => {
    const deep = `{"x":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
    expect(readDockerConfig(deep, "dockerconfigjson")).toEqual({ ok: false, reason: "it is no JSON" });
  });
});
