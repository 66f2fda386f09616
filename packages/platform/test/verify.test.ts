import { expect, test } from "vitest";
import { ashlar, folderOf, STRIX } from "./support/cli.ts";

test.each([
  [["--resolve", "wiki.test:443"], '--resolve "wiki.test:443" is no HOST:PORT:ADDRESS'],
  [["--resolve", "wiki.test:0:127.0.0.1"], "is no HOST:PORT:ADDRESS"],
  [["--resolve", "wiki.test:443:elsewhere.test"], "is no HOST:PORT:ADDRESS"],
  [["--outside", "example.test:443"], "is no ADDRESS:PORT"],
  [["--outside", "203.0.113.7"], "is no ADDRESS:PORT"],
  [["--only", "weather"], '--only "weather" is unknown'],
  [
    ["--accept-unknown", "env:dev -/-> env:prdo"],
    'is no claim of the platform\n  → did you mean "env:dev -/-> env:prod"?',
  ],
  [["--parallel", "0"], '--parallel "0" is no number from 1 to 64'],
  [["--pause", "soon"], '--pause "soon" is no number'],
  [["--certificate-authority", "absent.pem"], "cannot be read: ENOENT"],
  [["--kubeconfig", "absent"], "kubeconfig absent does not exist"],
])("%j cannot run: %s", async (args, message) => {
  const { code, out, err } = await ashlar(["verify", STRIX, ...args]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(message);
});

test("a file of authorities without one, and YAML, which makes no claims, cannot run", async () => {
  const cwd = folderOf({
    "ca.pem": "no certificate",
    "a.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n",
  });
  const empty = await ashlar(["verify", STRIX, "--certificate-authority", "ca.pem"], { cwd });
  expect(empty).toMatchObject({ code: 2, err: expect.stringContaining("holds no certificate") });
  const yaml = await ashlar(["verify", "a.yaml"], { cwd });
  expect(yaml).toMatchObject({ code: 2, err: expect.stringContaining("a.yaml is no platform file") });
});
