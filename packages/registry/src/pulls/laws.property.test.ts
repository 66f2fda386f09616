import { applyPatches, type Resource, seal } from "@ashlar/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dockerKeyring, lookUpCredentials } from "../docker-config/keyring.ts";
import { readDockerConfig } from "../docker-config/read-docker-config.ts";
import { pullSecret } from "../pull-secret/pull-secret.ts";
import type { RegistriesInput } from "../registries/intent.ts";
import { registries } from "../registries/registries.ts";
import { registryRules } from "../rules/index.ts";
import type { PullsClaim } from "./claim.ts";
import { pullsModel } from "./model.ts";
import { provePulls } from "./prove-pulls.ts";

const host = fc
  .tuple(
    fc.array(fc.stringMatching(/^[a-z0-9]{1,8}$/), { minLength: 2, maxLength: 4 }),
    fc.option(fc.integer({ min: 1, max: 65535 })),
  )
  .map(([labels, port]) => `${labels.join(".")}${port === null ? "" : `:${port}`}`);
const username = fc
  .string({ unit: "grapheme", minLength: 1, maxLength: 20 })
  .filter((name) => !name.includes(":"));
const password = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });

const textOf = (secret: Resource): string => {
  const bytes = atob((secret.data as Record<string, string>)[".dockerconfigjson"]!);
  return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
};

test("what is sealed is what kubelet logs in with, for images of that registry and of no other", () => {
  fc.assert(
    fc.property(host, host, username, password, (server, other, user, secret) => {
      const sealed = seal(pullSecret({ server, username: user }), { password: secret });
      const read = readDockerConfig(textOf(sealed), "dockerconfigjson");
      if (!read.ok) throw new Error(read.reason);
      const ring = dockerKeyring([{ source: 0, credentials: read.credentials }]);
      expect(lookUpCredentials(ring, `${server}/api`).map(({ credential }) => credential)).toEqual([
        { server, username: user, password: secret },
      ]);
      expect(lookUpCredentials(ring, `${other}/api`)).toHaveLength(other === server ? 1 : 0);
    }),
    { seed: 11, numRuns: 1000 },
  );
});

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,6}[a-z0-9])?$/);
const names = fc.uniqueArray(name, { minLength: 1, maxLength: 3 });
const intent: fc.Arbitrary<RegistriesInput> = fc.dictionary(
  host,
  fc.record(
    {
      auth: fc.record({ username }),
      pullIn: names,
      secretName: name,
      serviceAccounts: fc.oneof(fc.constant([]), names, fc.constant(["default"])),
    },
    { requiredKeys: ["auth", "pullIn"] },
  ),
  { minKeys: 1, maxKeys: 4 },
);

test("the claims of any block hold on what it writes, and not without it", () => {
  let claimed = 0;
  fc.assert(
    fc.property(intent, (input) => {
      const block = registries(input);
      const { resources, partial } = applyPatches([], block.patches);
      const model = pullsModel(resources, { sealed: block.sealed ?? [], partial });
      const proofs = provePulls(model, block.claims as PullsClaim[]);
      claimed += proofs.length;
      expect(proofs.filter(({ outcome }) => outcome !== "proved")).toEqual([]);
      // Taking one Secret away breaks the claims of its namespace, and no other.
      const [first, ...rest] = block.sealed ?? [];
      for (const { claim, outcome } of provePulls(
        pullsModel(resources, { sealed: rest, partial }),
        block.claims as PullsClaim[],
      )) {
        const { puller } = claim;
        const namespace = puller.kind === "namespaces" ? puller.namespaces[0] : puller.namespace;
        if (namespace !== first?.metadata.namespace) expect(outcome).toBe("proved");
      }
    }),
    { seed: 12, numRuns: 300 },
  );
  expect(claimed).toBeGreaterThan(500);
});

/** A right set, of which parts are replaced. */
const SET: readonly Resource[] = [
  seal(pullSecret({ name: "pull", namespace: "dev", server: "a.test", username: "u" }), { password: "p" }),
  {
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "default", namespace: "dev" },
    imagePullSecrets: [{ name: "pull" }],
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "dev" },
    spec: {
      template: {
        spec: {
          imagePullSecrets: [{ name: "pull" }],
          containers: [{ name: "web", image: "a.test/web:1" }],
          volumes: [{ name: "v", image: { reference: "b.test/v:1" } }],
        },
      },
    },
  },
];

test("any JSON in any field is walked: never a crash", () => {
  const json = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom("A/", "a@", "[::1]:x/y", '{"auths":5}'),
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), json, (at, value) => {
      const resources = replaced(SET, at, value) as Resource[];
      for (const whole of [true, false]) for (const rule of registryRules) rule.check({ resources, whole });
    }),
    { seed: 13, numRuns: 2000 },
  );
});

/** The set with the value at one of its places, counted through all of them. */
function replaced(set: unknown, at: number, value: unknown): unknown {
  let left = at % countOf(set);
  const walk = (node: unknown, isResource: boolean): unknown => {
    if (left-- === 0 && !isResource) return value;
    if (Array.isArray(node)) return node.map((item) => walk(item, node === set));
    if (typeof node !== "object" || node === null) return node;
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child, false)]));
  };
  return walk(set, true);
}

function countOf(node: unknown): number {
  if (typeof node !== "object" || node === null) return 1;
  return Object.values(node).reduce((sum: number, child) => sum + countOf(child), 1);
}
