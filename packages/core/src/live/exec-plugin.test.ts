import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { askPlugin } from "./exec-plugin.ts";

// What plugins are told is held against kubectl in conformance; here is how they are run.

const folder = mkdtempSync(join(tmpdir(), "ashlar-plugin-"));
afterAll(() => rmSync(folder, { recursive: true }));

const V1 = "client.authentication.k8s.io/v1";
const answer = (status: object, apiVersion = V1) =>
  `printf %s '${JSON.stringify({ apiVersion, kind: "ExecCredential", status })}'`;
const ask = (script: string, more: object = {}) =>
  askPlugin(
    { apiVersion: V1, interactiveMode: "IfAvailable", command: "sh", args: ["-c", script], ...more },
    {},
  );

test("a plugin that reads its standard input finds its end, where there is no terminal", async () => {
  expect(await ask(`cat; ${answer({ token: "t" })}`)).toEqual({ token: "t" });
}, 5000);

test.each<[name: string, script: string, more: object, code: string, message: string]>([
  ["fails with a word", "echo no login >&2; exit 1", {}, "login-needed", "no login"],
  ["fails without a word", "exit 3", {}, "login-needed", "it ended with exit code 3"],
  ["is killed", "kill -9 $$", {}, "login-needed", "it ended with SIGKILL"],
  ["is not there", "", { command: join(folder, "absent") }, "login-needed", "it is not there"],
  ["prints what is no JSON", "echo canary", {}, "login-needed", "no ExecCredential"],
  ["gives no key", answer({ clientCertificateData: "canary" }), {}, "login-needed", "without its key"],
  ["answers in another version", answer({ token: "canary" }, `${V1}beta1`), {}, "bad-input", V1],
  ["needs a terminal", "", { interactiveMode: "Always" }, "bad-input", "needs a terminal"],
])("a plugin that %s", async (_, script, more, code, message) => {
  const failure = await ask(script, more).catch((error: Error) => error);
  expect(failure).toMatchObject({ name: "LiveError", code, message: expect.stringContaining(message) });
  expect(JSON.stringify(failure) + (failure as Error).message).not.toContain("canary");
});

test("a plugin that may not be executed", async () => {
  const command = join(folder, "plugin");
  writeFileSync(command, "", { mode: 0o644 });
  await expect(ask("", { command })).rejects.toMatchObject({
    code: "login-needed",
    message: expect.stringContaining("EACCES"),
  });
});
