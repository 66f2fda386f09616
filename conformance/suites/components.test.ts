import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { acceptAll } from "../components/accept.ts";
import { startControlPlane } from "../components/control-plane.ts";
import { goProgram } from "../components/go.ts";
import { withLock } from "../components/lock.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ashlar-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a control plane", () => {
  test("refuses what is wrong, and only that", async () => {
    const server = await startControlPlane();
    try {
      const service = (name: string) => ({
        apiVersion: "v1",
        kind: "Service",
        metadata: { name, namespace: "made-for-it" },
        spec: { ports: [{ port: 80 }] },
      });
      const label = (value: string) => ({
        merge: {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: { name: "default", labels: { team: value } },
        },
        why: "",
      });
      const refusals = await acceptAll(
        server,
        [
          { apiVersion: "v1", kind: "Namespace", metadata: { name: "prod" }, sepc: {} },
          { apiVersion: "v1", kind: "Namespace", metadata: { name: "dev" } },
          service("good"),
          service("Bad"),
        ],
        [label("good"), label("not good")],
      );
      expect(refusals.map((r) => r.object)).toEqual([
        "Namespace prod",
        "Service made-for-it/Bad",
        "Namespace default",
      ]);
    } finally {
      await server.stop();
    }
    await expectNobodyAt(server.url);
  });

  test.each(["SIGKILL", "SIGTERM", "SIGINT"] as const)(
    "leaves nothing when its owner ends by %s",
    async (signal) => {
      const program = fileURLToPath(new URL("../components/hold-control-plane.ts", import.meta.url));
      const owner = spawn(process.execPath, ["--conditions=@ashlar/source", program], {
        env: { ...process.env, TMPDIR: folder },
        stdio: ["ignore", "pipe", "inherit"],
      });
      const url = await new Promise<string>((resolve, reject) => {
        owner.once("exit", () => reject(new Error("ended before it was up")));
        owner.stdout.setEncoding("utf8").once("data", (line: string) => resolve(line.trim()));
      });
      expect(await readdir(folder)).toHaveLength(2);
      owner.kill(signal);
      await expectNobodyAt(url);
      await expect.poll(() => readdir(folder), { timeout: 10_000 }).toEqual([]);
    },
  );

  test("a program that is named but not there is an error that says so", async () => {
    const before = process.env.ASHLAR_ETCD;
    process.env.ASHLAR_ETCD = join(folder, "etcd");
    try {
      await expect(startControlPlane()).rejects.toThrow(/named by ASHLAR_ETCD, does not exist/);
    } finally {
      if (before === undefined) delete process.env.ASHLAR_ETCD;
      else process.env.ASHLAR_ETCD = before;
    }
  });
});

describe("a Go program", () => {
  test("that nobody wrote is an error that says so", async () => {
    await expect(goProgram("absent")).rejects.toThrow(/no such component/);
  });

  test("that cannot be built says what Go said", async () => {
    const modules = new URL(`file://${folder}/`);
    const source = await mkdtemp(join(folder, "broken-"));
    await writeFile(join(source, "go.mod"), "module broken\n\ngo 1.26.0\n");
    await writeFile(join(source, "main.go"), "package main\n\nfunc main() { undefinedWord() }\n");
    const name = source.slice(folder.length + 1);
    await expect(goProgram(name, { modules, progress: () => undefined })).rejects.toThrow(
      /undefined: undefinedWord/,
    );
  });
});

describe("a lock", () => {
  test("lets one in at a time", async () => {
    const path = join(folder, "lock");
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await sleep(20);
      inside--;
    };
    await Promise.all([1, 2, 3, 4].map(() => withLock(path, work)));
    expect(most).toBe(1);
  });

  test("of a process that is gone is taken over, also one that was not touched for long", async () => {
    const path = join(folder, "lock");
    await writeFile(path, "4194305"); // no system counts processes that far
    expect(await withLock(path, () => readFile(path, "utf8"))).toBe(String(process.pid));

    await writeFile(path, String(process.ppid));
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(path, longAgo, longAgo);
    expect(await withLock(path, async () => "in")).toBe("in");
  });
});

async function expectNobodyAt(url: string): Promise<void> {
  const { port } = new URL(url);
  const answers = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("close", () => resolve(false)).once("connect", () => socket.destroy());
    });
  await expect.poll(answers, { timeout: 10_000 }).toBe(false);
}
