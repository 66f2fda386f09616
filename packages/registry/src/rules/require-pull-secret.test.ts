import { expect, test } from "vitest";
import { pullSecret } from "../pull-secret/pull-secret.ts";
import { requirePullSecret } from "./require-pull-secret.ts";
import { account, CANARY, deployment, found, pulling } from "./sets.test-support.ts";

const HOST = "registry.k8s.strix.kr";
const web = (namespace: string, more: object = {}) => deployment(`${namespace}/web`, [`${HOST}/web:1`], more);
const own = (name: string) => ({ imagePullSecrets: [{ name }] });
const AT = "@ spec.template.spec.containers[0].image →";

test("a namespace without the Secret that others have", () => {
  const set = [pulling("prod/pull", HOST), account("prod/default", "pull"), web("prod"), web("dev")];
  expect(found(requirePullSecret, set)).toEqual([
    `${HOST}/web:1 is pulled without a login, and ${HOST} has one: no Secret of namespace dev in the set has a login for it ${AT} add to dev a Secret as prod/pull: pods use those of their own namespace alone, and its name to imagePullSecrets of ServiceAccount default, or of the pod`,
  ]);
  expect(requirePullSecret.check({ resources: set })[0]?.related?.[0]?.subject).toMatchObject({
    kind: "Secret",
    namespace: "prod",
    name: "pull",
  });
});

test("a Secret that nobody names", () => {
  const set = [pulling("dev/pull", HOST), account("dev/default"), web("dev")];
  expect(found(requirePullSecret, set)).toEqual([
    `${HOST}/web:1 is pulled without a login, and ${HOST} has one: neither the pod nor ServiceAccount dev/default names a pull secret ${AT} add { name: pull } to imagePullSecrets of ServiceAccount default, or of the pod`,
  ]);
  // In a whole set nobody else patches the account.
  expect(found(requirePullSecret, [pulling("dev/pull", HOST), web("dev")], { whole: true })).toHaveLength(1);
  expect(found(requirePullSecret, [pulling("dev/pull", HOST), web("dev")])).toEqual([]);
});

test("a list of the pod's own that hides the account's", () => {
  const set = [
    pulling("dev/pull", HOST),
    pulling("dev/other", "a.test"),
    account("dev/default", "pull"),
    web("dev", own("other")),
  ];
  expect(found(requirePullSecret, set)).toEqual([
    `${HOST}/web:1 is pulled without a login, and ${HOST} has one: Secret dev/other has logins for a.test alone ${AT} add { name: pull } to the pod's imagePullSecrets`,
  ]);
});

test("a sealed Secret counts by its servers", () => {
  const sealed = [pullSecret({ namespace: "prod", name: "pull", server: HOST, username: CANARY })];
  const stub = { apiVersion: "v1", kind: "Secret", metadata: { name: "pull", namespace: "prod" } };
  const partial = [{ apiVersion: "v1", kind: "Secret", namespace: "prod", name: "pull" }];
  const set = [stub, account("prod/default", "pull"), account("dev/default"), web("prod"), web("dev")];
  const [only, ...more] = found(requirePullSecret, set, { sealed, partial });
  expect(only).toContain("ServiceAccount dev/default names a pull secret");
  expect(more).toEqual([]);
  expect(found(requirePullSecret, set, { partial })).toEqual([]);
});

test("quiet where a login is found, may be found, or is not needed", () => {
  const secret = pulling("dev/pull", HOST);
  const elsewhere = pulling("prod/pull", HOST);
  const partial = [{ apiVersion: "v1", kind: "Secret", namespace: "dev", name: "stub" }];
  const stub = { apiVersion: "v1", kind: "Secret", metadata: { name: "stub", namespace: "dev" } };
  expect(found(requirePullSecret, [secret, web("dev", own("pull"))])).toEqual([]);
  expect(found(requirePullSecret, [secret, account("dev/default", "pull"), web("dev")])).toEqual([]);
  expect(found(requirePullSecret, [elsewhere, web("dev", own("not-in-the-set"))])).toEqual([]);
  expect(found(requirePullSecret, [elsewhere, stub, web("dev", own("stub"))], { partial })).toEqual([]);
  expect(found(requirePullSecret, [elsewhere, account("dev/default", "gone"), web("dev")])).toEqual([]);
  expect(found(requirePullSecret, [web("dev")])).toEqual([]);
  const hub = [pulling("prod/hub", "https://index.docker.io/v1/"), deployment("dev/web", ["busybox:1"])];
  expect(found(requirePullSecret, hub)).toEqual([]);
});
