import { expect, test } from "vitest";
import { CANARY, configured, found, pulling } from "./sets.test-support.ts";
import { validDockerConfig } from "./valid-docker-config.ts";

const auth = (text: string) => JSON.stringify({ auth: btoa(text) });
const auths = (server: string, entry: string) => `{"auths":{${JSON.stringify(server)}:${entry}}}`;

test.each<[string, string, string, RegExp]>([
  [
    "an auth that is no base64",
    auths("a.test", `{"auth":"${CANARY}?"}`),
    "error",
    /auth is no base64, for "a\.test"/,
  ],
  ["an auth without a colon", auths("a.test", auth(CANARY)), "error", /auth holds no user name and password/],
  [
    "a password that is a number",
    auths("a.test", `{"username":"${CANARY}","password":5}`),
    "error",
    /password is no text/,
  ],
  ["a list", `["${CANARY}"]`, "error", /it is no JSON object/],
  ["no auths", `{"a.test":${auth(`${CANARY}:x`)}}`, "warning", /there is nothing below "auths"/],
  ["a helper of the machine that wrote it", auths("a.test", "{}"), "warning", /credsStore/],
  ["no password", auths("a.test", auth(`${CANARY}:`)), "warning", /the password for "a\.test" is empty/],
  ["no user name", auths("a.test", auth(`:${CANARY}`)), "warning", /the user name for "a\.test" is empty/],
  [
    "a user name with a colon, as kubectl writes it",
    auths("a.test", `{"username":"${CANARY}:x","auth":"${btoa(`${CANARY}:x:p`)}"}`),
    "warning",
    /of another user than username says/,
  ],
  [
    "one without auth",
    auths("a.test", `{"username":"${CANARY}:x","password":"p"}`),
    "warning",
    /holds a colon/,
  ],
  [
    "a server that is none",
    auths("a b", auth(`${CANARY}:p`)),
    "warning",
    /"a b" is no registry that kubelet can read/,
  ],
  [
    "Docker Hub without the last slash",
    auths("https://index.docker.io/v1", auth(`${CANARY}:p`)),
    "warning",
    /for the path of images/,
  ],
])("%s", (_, text, severity, message) => {
  expect(found(validDockerConfig, [configured(text)])).toHaveLength(1);
  const [finding] = validDockerConfig.check({ resources: [configured(text)] });
  expect(finding).toMatchObject({
    code: "registry/valid-docker-config",
    severity,
    path: "stringData[.dockerconfigjson]",
    subject: { kind: "Secret", name: "pull" },
  });
  expect(finding?.message).toMatch(message);
});

test("right ones, what the server refuses itself, and other Secrets are left alone", () => {
  const right = [
    pulling("dev/a", "a.test"),
    pulling("dev/hub", "https://index.docker.io/v1/"),
    configured(`{"a.test":${auth("u:p")}}`, ".dockercfg"),
    configured("{"),
    { ...configured("[]"), type: "Opaque" },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "x" },
      type: "kubernetes.io/dockerconfigjson",
      data: 5,
    },
  ];
  expect(found(validDockerConfig, right)).toEqual([]);
});
