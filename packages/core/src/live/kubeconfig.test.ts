import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readKubeContext } from "./kubeconfig.ts";
import { LiveError } from "./live-error.ts";

// How files are merged is held against kubectl in conformance/suites/live-apply-cli.test.ts; here is what there is no kubectl for.

const folder = mkdtempSync(join(tmpdir(), "ashlar-kubeconfig-"));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  vi.stubEnv("HOME", folder);
  vi.stubEnv("KUBECONFIG", "");
  vi.stubEnv("KUBERNETES_SERVICE_HOST", "");
});
afterEach(() => vi.unstubAllEnvs());

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function failure(work: () => unknown): LiveError {
  try {
    work();
  } catch (error) {
    if (error instanceof LiveError) return error;
    throw error;
  }
  throw new Error("expected a failure");
}

const WHOLE = `
current-context: a
clusters: [{ name: c, cluster: { server: "https://c.example.test/" } }]
users: [{ name: u, user: { token: canary-token } }]
contexts: [{ name: a, context: { cluster: c, user: u } }]
`;

describe("a pod without a kubeconfig", () => {
  test.each([
    ["10.96.0.1", "https://10.96.0.1:443"],
    ["fd00::1", "https://[fd00::1]:443"],
  ])("is its ServiceAccount, at %s", (host, server) => {
    vi.stubEnv("KUBERNETES_SERVICE_HOST", host);
    vi.stubEnv("KUBERNETES_SERVICE_PORT", "443");
    const root = "/var/run/secrets/kubernetes.io/serviceaccount";
    expect(readKubeContext({})).toMatchObject({
      name: "in-cluster",
      cluster: { server, "certificate-authority": `${root}/ca.crt` },
      user: { tokenFile: `${root}/token` },
    });
  });

  test("has no context to choose", () => {
    vi.stubEnv("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    expect(failure(() => readKubeContext({ context: "a" })).message).toBe(
      "there is no kubeconfig to have the context a",
    );
  });

  test("nor is there one outside of a pod", () => {
    const { code, message } = failure(() => readKubeContext({}));
    expect([code, message]).toEqual(["bad-input", "there is no kubeconfig, and this is no pod"]);
  });
});

test("a kubeconfig wins over the pod", () => {
  vi.stubEnv("KUBERNETES_SERVICE_HOST", "10.96.0.1");
  vi.stubEnv("KUBECONFIG", [join(folder, "absent"), file("whole", WHOLE)].join(delimiter));
  expect(readKubeContext({}).name).toBe("a");
});

test.each(["", "# later\n", "---\n", "null", "{}"])(
  "a file of %j says nothing, and the others count",
  (text) => {
    vi.stubEnv("KUBECONFIG", [file("nothing", text), file("whole", WHOLE)].join(delimiter));
    expect(readKubeContext({}).name).toBe("a");
    vi.stubEnv("KUBECONFIG", file("nothing", text));
    vi.stubEnv("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    expect(readKubeContext({}).name).toBe("in-cluster");
  },
);

test("an empty name of a context is none", () => {
  expect(readKubeContext({ kubeconfig: file("whole", WHOLE), context: "" }).name).toBe("a");
});

describe("what is wrong is named, and no credential with it", () => {
  test.each<[string, string, string]>([
    ["no such context", WHOLE.replace("current-context: a", "current-context: aa"), 'no context "aa"'],
    ["no such cluster", WHOLE.replace("cluster: c, user", "cluster: d, user"), 'no cluster "d"'],
    ["no such user", WHOLE.replace("user: u }", "user: v }"), 'no user "v"'],
    ["no server", WHOLE.replace(/server: "[^"]*"/, "namespace: x"), "cluster c of"],
    ["no current context", WHOLE.replace("current-context: a", ""), "names no current context"],
    ["no YAML", 'users: [{ user: { token: canary-token" }', ":1:"],
    ["a list", "- canary-token", "is no kubeconfig"],
    ["nothing", "", "says nothing"],
  ])("%s", (name, text, expected) => {
    const { code, message, hint } = failure(() => readKubeContext({ kubeconfig: file(name, text) }));
    expect(code).toBe("bad-input");
    expect(message).toContain(expected);
    expect(message + hint).not.toContain("canary");
  });
});
