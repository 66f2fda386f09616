import { applyPatches, type Resource, seal } from "@ashlar/core";
import { describe, expect, test } from "vitest";
import { pullSecret } from "../pull-secret/pull-secret.ts";
import { registries } from "../registries/registries.ts";
import { formatPullsClaim, type PullsClaim } from "./claim.ts";
import { type PullsModelOptions, pullsModel } from "./model.ts";
import { parsePullsClaim } from "./parse-claim.ts";
import { provePulls } from "./prove-pulls.ts";
import { pullsFrom } from "./pull-verdict.ts";

const CANARY = "c4n4ry";
const HOST = "registry.k8s.strix.kr";

const secret = (at: string, server = HOST): Resource => {
  const [namespace = "", name = ""] = at.split("/");
  return seal(pullSecret({ namespace, name, server, username: `${CANARY}-user` }), { password: CANARY });
};
const account = (at: string, ...names: string[]): Resource => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { namespace: at.split("/")[0]!, name: at.split("/")[1]! },
  imagePullSecrets: names.map((name) => ({ name })),
});
const web = (namespace: string, image: string, more: object = {}): Resource => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace },
  spec: { template: { spec: { containers: [{ name: "web", image }], ...more } } },
});
const pod = (name: string) => ({ imagePullSecrets: [{ name }] });

function proof(text: string, resources: readonly Resource[], options: PullsModelOptions = {}) {
  const claim = parsePullsClaim(text, {
    by: "expect",
    environments: { dev: ["dev"], none: [] },
  });
  if (!claim.ok) throw new Error(JSON.stringify(claim.findings));
  const [result] = provePulls(pullsModel(resources, options), [claim.value]);
  expect(JSON.stringify(result?.findings)).not.toContain(CANARY);
  return result!;
}

describe("outcomes", () => {
  const image = `${HOST}/api:1`;
  const own = [secret("dev/pull"), web("dev", image, pod("pull"))];
  test.each<[string, string, readonly Resource[], string, RegExp?, RegExp?]>([
    ["the pod's own list", `dev/Deployment/web pulls from ${HOST}`, own, "proved"],
    ["an image of it", `dev/Deployment/web pulls ${HOST}/api`, own, "proved"],
    [
      "the account's list",
      `env:dev pulls from ${HOST}`,
      [secret("dev/pull"), account("dev/default", "pull"), web("dev", image)],
      "proved",
    ],
    [
      "the pod's list replaces the account's",
      `dev pulls from ${HOST}`,
      [
        secret("dev/pull"),
        secret("dev/other", "a.test"),
        account("dev/default", "pull"),
        web("dev", image, pod("other")),
      ],
      "broken",
      /Deployment dev\/web .*Secret dev\/other has logins for a\.test alone/,
      /add \{ name: pull \} to the pod's imagePullSecrets/,
    ],
    [
      "a list of one empty name, which keeps the account's away",
      `dev/Deployment/web pulls from ${HOST}`,
      [secret("dev/pull"), account("dev/default", "pull"), web("dev", image, pod(""))],
      "broken",
      /none of its imagePullSecrets/,
      /the pod's imagePullSecrets/,
    ],
    [
      "an account without",
      `dev pulls from ${HOST}`,
      [secret("dev/pull"), account("dev/default")],
      "broken",
      /neither the pod nor ServiceAccount dev\/default names a pull secret/,
      /add \{ name: pull \} to imagePullSecrets of ServiceAccount default/,
    ],
    [
      "a Secret of another namespace",
      `dev pulls from ${HOST}`,
      [secret("prod/pull"), account("dev/default")],
      "broken",
      /neither/,
      /a Secret as prod\/pull: pods use those of their own namespace/,
    ],
    [
      "another port",
      `dev/Deployment/web pulls from ${HOST}:5000`,
      [secret("dev/pull"), web("dev", `${HOST}:5000/api`, pod("pull"))],
      "broken",
      /has logins for registry\.k8s\.strix\.kr alone/,
    ],
    [
      "a login for a part of the registry",
      `dev pulls from ${HOST}`,
      [secret("dev/pull", `${HOST}/team`), account("dev/default", "pull")],
      "broken",
    ],
    [
      "which is enough for an image there",
      `dev pulls ${HOST}/team/api`,
      [secret("dev/pull", `${HOST}/team`), account("dev/default", "pull")],
      "proved",
    ],
    [
      "a Secret that cannot be read stops the pod",
      `dev pulls from ${HOST}`,
      [
        secret("dev/pull"),
        { ...secret("dev/bad"), data: { ".dockerconfigjson": btoa('{"auths":{"a.test":{"auth":"?"}}}') } },
        account("dev/default", "pull", "bad"),
      ],
      "broken",
      /kubelet cannot read Secret dev\/bad.*auth is no base64 for a\.test/,
      /take bad from the list/,
    ],
    [
      "Docker Hub by its old name",
      "dev pulls busybox",
      [secret("dev/hub", "https://index.docker.io/v1/"), account("dev/default", "hub")],
      "proved",
    ],
    [
      "a Secret that is not in the set",
      `dev pulls from ${HOST}`,
      [account("dev/default", "pull")],
      "unknown",
      /Secret dev\/pull is not in the set/,
    ],
    [
      "an account that is not",
      `serviceaccount:dev/ci pulls from ${HOST}`,
      [secret("dev/pull")],
      "unknown",
      /ServiceAccount dev\/ci/,
    ],
    ["an environment without namespaces", `env:none pulls from ${HOST}`, own, "vacuous", /has no namespace/],
    ["no such workload", `dev/Deployment/wbe pulls from ${HOST}`, own, "vacuous", /no Deployment dev\/wbe/],
    [
      "a workload of other images",
      "dev/Deployment/web pulls from a.test",
      own,
      "vacuous",
      /runs no image of a\.test/,
    ],
    [
      "one that never pulls",
      `dev/Deployment/web pulls from ${HOST}`,
      [web("dev", image, { containers: [{ name: "web", image, imagePullPolicy: "Never" }] })],
      "vacuous",
    ],
  ])("%s", (_, text, resources, outcome, message = /./, hint = /./) => {
    const result = proof(text, resources);
    expect(result.outcome).toBe(outcome);
    expect(result.findings).toHaveLength(outcome === "proved" ? 0 : 1);
    for (const finding of result.findings) {
      expect(finding.message).toMatch(message);
      expect(finding.hint).toMatch(hint);
    }
  });

  test("a whole set has no other pull secrets of default; a patch may not be all there are", () => {
    expect(proof(`dev pulls from ${HOST}`, [], { whole: true }).outcome).toBe("broken");
    expect(proof(`dev pulls from ${HOST}`, []).outcome).toBe("unknown");
    const patched = account("dev/default", "pull");
    const partial = [{ apiVersion: "v1", kind: "ServiceAccount", namespace: "dev", name: "default" }];
    const set = [secret("dev/pull", "a.test"), patched];
    expect(proof(`dev pulls from ${HOST}`, set, { partial }).outcome).toBe("unknown");
    expect(proof("dev pulls from a.test", set, { partial }).outcome).toBe("proved");
  });

  test("a claim about an image of a pod points at it", () => {
    const [finding] = proof(`dev/Deployment/web pulls from ${HOST}`, [
      web("dev", image),
      account("dev/default"),
    ]).findings;
    expect(finding).toMatchObject({
      code: "registry/broken-claim",
      severity: "error",
      subject: { kind: "Deployment", namespace: "dev", name: "web" },
      path: "spec.template.spec.containers[0].image",
    });
  });
});

test("the verdict names who logs in where, and not the password", () => {
  const model = pullsModel([secret("dev/pull"), account("dev/default", "", "pull")]);
  const verdict = pullsFrom(model, { namespace: "dev" }, `${HOST}/api`);
  expect(verdict).toMatchObject({
    outcome: "pulls",
    from: "serviceAccount",
    server: HOST,
    username: `${CANARY}-user`,
    secret: { kind: "Secret", namespace: "dev", name: "pull" },
  });
});

test("the claims of the block hold on what it writes, and are read back", () => {
  const block = registries({
    [HOST]: { auth: { username: "puller" }, pullIn: ["prod", "dev"], serviceAccounts: ["default", "ci"] },
    "https://index.docker.io/v1/": { auth: { username: "hub" }, pullIn: ["dev"] },
  });
  const { resources, partial } = applyPatches(block.resources, block.patches);
  const model = pullsModel(resources, { sealed: block.sealed ?? [], partial });
  const claims = block.claims as PullsClaim[];
  expect(claims.map(({ text }) => text)).toEqual([
    `prod pulls from ${HOST}`,
    `serviceaccount:prod/ci pulls from ${HOST}`,
    `dev pulls from ${HOST}`,
    `serviceaccount:dev/ci pulls from ${HOST}`,
    "dev pulls from docker.io",
  ]);
  expect(provePulls(model, claims).map(({ outcome }) => outcome)).toEqual(claims.map(() => "proved"));
  for (const claim of claims)
    expect(parsePullsClaim(claim.text, { by: "registries" })).toEqual({ ok: true, value: claim });
  // Without the Secrets, and without the patches, none holds.
  expect(provePulls(pullsModel(resources, { partial }), claims).map(({ outcome }) => outcome)).toEqual(
    claims.map(() => "unknown"),
  );
  const unpatched = pullsModel([], { sealed: block.sealed ?? [], whole: true });
  expect(provePulls(unpatched, claims).some(({ outcome }) => outcome === "proved")).toBe(false);
});

describe("claims that cannot be read", () => {
  test.each<[string, RegExp]>([
    ["", /dev pulls from/],
    ["dev", /dev pulls from/],
    ["dev pull a.test/b", /dev pulls from/],
    ["dve pulls a.test/b", /did you mean "dev"/],
    ["env:dve pulls a.test/b", /did you mean "dev"/],
    ["dev/web pulls a.test/b", /NAMESPACE\/Kind\/NAME/],
    ["dev/Deployment/web/x pulls a.test/b", /NAMESPACE\/Kind\/NAME/],
    ["serviceaccount:dev pulls a.test/b", /serviceaccount:dev\/builder/],
    ["dev pulls", /dev pulls from/],
    ["dev pulls from", /dev pulls from/],
    ["dev pulls from a.test/b", /leave out "from"/],
    ["dev pulls from a_b", /host/],
    ["dev pulls A/B:", /write/],
    ["dev pulls a.test/b c", /dev pulls from/],
    [`dev pulls ${"a".repeat(2000)}`, /each image/],
  ])("%s", (text, hint) => {
    const read = parsePullsClaim(text, {
      by: "expect",
      path: "expect[1]",
      namespaces: ["dev"],
      environments: { dev: ["dev"] },
    });
    if (read.ok) throw new Error("it is read");
    expect(read.findings[0]).toMatchObject({ code: "registry/valid-claim", path: "expect[1]" });
    expect(read.findings[0]?.hint).toMatch(hint);
  });

  test("formatted claims are read back", () => {
    const claim = formatPullsClaim({
      by: "expect",
      puller: { kind: "workload", namespace: "dev", workload: "Deployment", name: "web" },
      what: { image: "busybox:1" },
    });
    expect(parsePullsClaim(claim.text, { by: "expect" })).toEqual({ ok: true, value: claim });
  });
});
