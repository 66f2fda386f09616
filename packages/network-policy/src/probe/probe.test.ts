import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { blockContract } from "@ashlar/core/testing";
import type * as z from "@ashlar/core/zod";
import { afterAll, expect, test } from "vitest";
import { goldenTests, readCases } from "../../../../test/support/golden.ts";
import { networkPolicyRules } from "../rules/index.ts";
import type { probeIntent } from "./intent.ts";
import { probe } from "./probe.ts";
import { symptomOf } from "./script.ts";

const CASES = join(import.meta.dirname, "cases");
type Input = z.input<ReturnType<typeof probeIntent>>;

blockContract({ test }, { builder: probe, cases: readCases<Input>(CASES), rules: networkPolicyRules });
goldenTests<Input>(CASES, probe);

test.each([
  [undefined, "refused or timeout"],
  ["kube-router@2.5", "refused or timeout"],
  ["calico@3.32", "timeout"],
])("symptom on %s: %s", (cni, symptom) => {
  expect(symptomOf(cni)).toBe(symptom);
});

test.each([
  [{ namespaces: [] }, "namespaces"],
  [{ namespaces: ["dev; rm -rf /"] }, "namespaces[0]"],
  [{ namespaces: ["dev", "dev"] }, "namespaces[1]"],
  [{ namespaces: ["dev"], routes: [{ from: "dev", to: "$(id)", reaches: true }] }, "routes[0].to"],
  [
    {
      namespaces: ["dev"],
      routes: [
        { from: "dev", to: "dev", reaches: true },
        { from: "dev", to: "dev", reaches: false },
      ],
    },
    "routes[1]",
  ],
  [{ namespaces: ["dev"], image: "busybox" }, "image"],
  [{ namespaces: ["dev"], image: "busybox:latest" }, "image"],
  [{ namespaces: ["dev"], pauseSeconds: -1 }, "pauseSeconds"],
])("%j is refused at %s", (intent, path) => {
  const result = probe.safe(intent);
  expect(result.ok).toBe(false);
  if (!result.ok) expect(result.findings.map((f) => f.path)).toContain(path);
});

const folder = mkdtempSync(join(tmpdir(), "ashlar-probe-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the script in a real shell, with a kubectl that answers from a table: `FROM TO` → what wget says. */
function run(intent: Input, answers: Readonly<Record<string, string>>, args: readonly string[] = []) {
  const script = probe(intent).documents[0]?.text as string;
  writeFileSync(join(folder, "probe.sh"), script);
  const cases = Object.entries(answers).map(([pair, answer]) => {
    const [from, to] = pair.split(" ");
    return `"${from} http://busybox.${to}/") ${answer === "ok" ? "exit 0" : `echo "${answer}" >&2; exit 1`} ;;`;
  });
  writeFileSync(
    join(folder, "kubectl"),
    `#!/bin/sh
echo "$@" >> ${join(folder, "log")}
for word; do case $word in --namespace=*) namespace=\${word#--namespace=} ;; esac; done
case $1 in
  get) [ "$namespace" = empty ] || echo pod/busybox-1 ;;
  exec) eval "url=\\\${$#}"; case "$namespace $url" in ${cases.join(" ")} esac ;;
esac
`,
  );
  chmodSync(join(folder, "kubectl"), 0o755);
  writeFileSync(join(folder, "log"), "");
  const { status, stdout } = spawnSync("sh", [join(folder, "probe.sh"), ...args], {
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  });
  return { status, lines: stdout.trim().split("\n"), log: readFileSync(join(folder, "log"), "utf8") };
}

const REFUSED = "wget: can't connect to remote host (100.64.217.8): Connection refused";
const TIMEOUT = "wget: download timed out";
const pair: Input = {
  namespaces: ["dev", "prod"],
  pauseSeconds: 0,
  routes: [
    { from: "dev", to: "prod", reaches: false },
    { from: "prod", to: "dev", reaches: true },
  ],
};

test("the script succeeds when every pair is as expected", () => {
  const { status, lines } = run(pair, { "dev prod": REFUSED, "prod dev": "ok" });
  expect(lines).toEqual([
    "ok      dev (pod/busybox-1) -> prod: refused",
    "ok      prod (pod/busybox-1) -> dev: ok",
    "2 probes, 0 not as expected, 0 not sent",
    "Every probe went as expected.",
  ]);
  expect(status).toBe(0);
});

test("a pair that is open against the policy fails it", () => {
  const { status, lines } = run(pair, { "dev prod": "ok", "prod dev": "ok" });
  expect(lines[0]).toBe("WRONG   dev (pod/busybox-1) -> prod: ok, expected blocked");
  expect(status).toBe(1);
});

test("on a plugin that drops, a refusal means that the packet arrived", () => {
  const { status, lines } = run({ ...pair, cni: "calico@3.32" }, { "dev prod": REFUSED, "prod dev": "ok" });
  expect(lines[0]).toBe("WRONG   dev (pod/busybox-1) -> prod: refused, expected blocked");
  expect(status).toBe(1);
  expect(run({ ...pair, cni: "calico@3.32" }, { "dev prod": TIMEOUT, "prod dev": "ok" }).status).toBe(0);
});

test("a probe that could not be sent is no pass", () => {
  const { status, lines } = run(pair, {
    "dev prod": "error: unable to upgrade connection",
    "prod dev": "ok",
  });
  expect(lines[0]).toContain("UNSENT");
  expect(status).toBe(2);
  const none = run(
    { namespaces: ["empty", "prod"], routes: [{ from: "empty", to: "prod", reaches: false }] },
    {},
  );
  expect(none.status).toBe(2);
  expect(none.lines[0]).toBe("UNSENT  empty -> prod: no running busybox pod in empty");
});

test("FROM and TO choose one pair", () => {
  const { lines, log } = run(pair, { "dev prod": REFUSED, "prod dev": "ok" }, ["dev", "prod"]);
  expect(lines).toHaveLength(3);
  expect(log).toContain(
    "exec --namespace=dev pod/busybox-1 -- wget -q -O /dev/null -T 5 http://busybox.prod/",
  );
  expect(log).not.toContain("--namespace=prod");
});
