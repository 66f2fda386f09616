import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type Resource, seal } from "@ashlar/core";
import {
  dockerKeyring,
  type Image,
  lookUpCredentials,
  parseImage,
  pullSecret,
  readDockerConfig,
} from "@ashlar/registry";
import { describe, expect, test } from "vitest";
import { kubectlProgram } from "../components/kubectl.ts";
import { hostileLogins, type Login } from "../registry/credentials.ts";
import { imageTexts } from "../registry/image-texts.ts";
import { keyringCases } from "../registry/keyring-cases.ts";
import {
  type KubeletCredential,
  kubeletLookups,
  type PullSecret,
  referencesOf,
} from "../registry/kubelet.ts";

const run = promisify(execFile);

test("6,000 texts are the image to us that they are to kubelet's parser", async () => {
  const texts = imageTexts(6000);
  const theirs = await referencesOf(texts);
  let images = 0;
  const differences = texts.flatMap((text, i) => {
    const parsed = parseImage(text);
    const { error, domain, path, tag, digest } = theirs[i]!;
    if (error === undefined) images++;
    const expected =
      error === undefined ? { name: domain ? `${domain} / ${path}` : path, tag, digest } : undefined;
    const ours = parsed.ok ? partsOf(parsed.value, domain) : undefined;
    return JSON.stringify(ours) === JSON.stringify(expected) ? [] : [{ text, ours, expected, error }];
  });
  expect(differences).toEqual([]);
  expect(theirs.length).toBe(6000);
  expect(images).toBeGreaterThan(2000);
  expect(images).toBeLessThan(5000);
});

test("the credentials that kubelet tries for an image are those that we say, pair by pair", async () => {
  const cases = keyringCases();
  const theirs = await kubeletLookups(cases);
  const counts = { pairs: 0, found: 0, failed: 0 };
  const differences = cases.flatMap(({ secrets, images }, i): unknown[] => {
    const answer = theirs[i]!;
    const ring = keyringOf(secrets);
    if (answer.failed !== (ring === undefined)) return [{ secrets, failed: answer.failed }];
    if (ring === undefined) {
      counts.failed++;
      return [];
    }
    return images.flatMap((image, n) => {
      const parsed = parseImage(image);
      const ours = parsed.ok
        ? lookUpCredentials(ring, `${parsed.value.registry}/${parsed.value.repository}`).map(
            ({ credential, source }): KubeletCredential => ({
              secret: source,
              username: credential.username,
              password: credential.password,
            }),
          )
        : undefined;
      const expected = answer.lookups[n];
      counts.pairs++;
      if ((expected?.length ?? 0) > 0) counts.found++;
      // Of two servers with one key (with and without https://) Go takes one or the other first, by chance.
      return JSON.stringify(sorted(ours)) === JSON.stringify(sorted(expected))
        ? []
        : [{ secrets: secrets.map(({ data }) => data), image, ours, expected }];
    });
  });
  expect(differences).toEqual([]);
  expect(counts.pairs).toBeGreaterThan(6000);
  expect(counts.found).toBeGreaterThan(1000);
  expect(counts.failed).toBeGreaterThan(40);
});

describe("a sealed pull secret", () => {
  test("holds the bytes that kubectl writes, for 320 hostile logins", async () => {
    const kubectl = await kubectlProgram();
    const logins = hostileLogins(320);
    let compared = 0;
    for (let i = 0; i < logins.length; i += 8)
      await Promise.all(
        logins.slice(i, i + 8).map(async (login) => {
          const theirs = await kubectlSecret(kubectl, login);
          const { password, ...rest } = login;
          const ours = seal(pullSecret({ name: "pull", ...rest }), { password });
          expect(configOf(ours), JSON.stringify(login)).toBe(configOf(theirs));
          expect({ ...ours, metadata: { name: ours.metadata.name } }).toEqual({
            ...theirs,
            metadata: { name: theirs.metadata.name },
          });
          compared++;
        }),
      );
    expect(compared).toBe(320);
    expect(new Set(logins.map((login) => JSON.stringify(login))).size).toBeGreaterThan(300);
  });

  test.each<[string, Login]>([
    ["no user name", { username: "", password: "p" }],
    ["no password", { username: "u", password: "" }],
    ["no server", { server: "", username: "u", password: "p" }],
  ])("%s: kubectl refuses, and so do we", async (_, login) => {
    await expect(kubectlSecret(await kubectlProgram(), login)).rejects.toThrow();
    const { password, ...rest } = login;
    expect(() => seal(pullSecret(rest), { password })).toThrow();
  });

  test("a user name with a colon, which kubectl takes, logs in as somebody else: we refuse it", async () => {
    const login = { server: "a.test", username: "ada:x", password: "p" };
    const theirs = configOf(await kubectlSecret(await kubectlProgram(), login));
    const [answer] = await kubeletLookups([
      {
        secrets: [
          { name: "s", type: "kubernetes.io/dockerconfigjson", data: { ".dockerconfigjson": theirs } },
        ],
        images: ["a.test/api"],
      },
    ]);
    expect(answer?.lookups[0]).toMatchObject([{ username: "ada", password: "x:p" }]);
    expect(pullSecret.safe({ server: "a.test", username: "ada:x" }).ok).toBe(false);
  });
});

/** The parts as the parser gives them: one without a domain has the host in its path. */
function partsOf({ registry, repository, tag, digest }: Image, domain: string | undefined) {
  return { name: domain ? `${registry} / ${repository}` : `${registry}/${repository}`, tag, digest };
}

/** As kubelet does; `undefined`: a secret cannot be read, and with it none. */
function keyringOf(secrets: readonly PullSecret[]) {
  const configs = secrets.flatMap(({ name, type, data }) => {
    const format = type === "kubernetes.io/dockercfg" ? "dockercfg" : "dockerconfigjson";
    const text = data[`.${format}`];
    if (type !== `kubernetes.io/${format}` || !text) return [];
    return [{ source: name, read: readDockerConfig(text, format) }];
  });
  const usable = configs.flatMap(({ source, read }) =>
    read.ok ? [{ source, credentials: read.credentials }] : [],
  );
  return usable.length < configs.length ? undefined : dockerKeyring(usable);
}

function sorted(found: readonly KubeletCredential[] | undefined) {
  return found?.map(({ secret, username, password }) => [secret, username, password].join(" ")).sort();
}

async function kubectlSecret(
  kubectl: string,
  { server, username, password, email }: Login,
): Promise<Resource> {
  const flags = { server, username, password, email };
  const args = Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : [`--docker-${name}=${value}`],
  );
  const { stdout } = await run(kubectl, [
    "create",
    "secret",
    "docker-registry",
    "pull",
    "--dry-run=client",
    "--output=json",
    ...args,
  ]);
  return JSON.parse(stdout) as Resource;
}

function configOf({ data }: Resource): string {
  const base64 = (data as Record<string, string>)[".dockerconfigjson"]!;
  return Buffer.from(base64, "base64").toString();
}
