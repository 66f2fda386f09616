import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withLoginLock } from "./login-lock.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ashlar-lock-"));
  file = join(folder, "session.lock");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const soon = () => AbortSignal.timeout(4_000);

test("lets one in at a time and leaves nothing", async () => {
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await sleep(20);
    inside--;
  };
  await Promise.all([1, 2, 3, 4].map(() => withLoginLock(file, soon(), work)));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test("is given back when the work fails", async () => {
  const failing = withLoginLock(file, soon(), () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(await readdir(folder)).toEqual([]);
});

test("of a process that is gone is taken over by one of many", async () => {
  // No system counts processes that far.
  await writeFile(file, JSON.stringify({ pid: 4_194_305, host: hostname(), id: "1" }));
  let inside = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++inside);
    await sleep(20);
    inside--;
  };
  await Promise.all([1, 2, 3, 4].map(() => withLoginLock(file, soon(), work)));
  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

test("that was not touched for long is taken over, whoever has it", async () => {
  await writeFile(file, JSON.stringify({ pid: process.ppid, host: "another-host", id: "1" }));
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(file, longAgo, longAgo);
  expect(await withLoginLock(file, soon(), async () => "in")).toBe("in");
});

test.each([
  ["of a living process", () => JSON.stringify({ pid: process.ppid, host: hostname(), id: "1" })],
  [
    "of another host, whose processes we cannot see",
    () => JSON.stringify({ pid: 4_194_305, host: "other", id: "1" }),
  ],
  ["that is garbage", () => "garbage"],
])("%s is waited for, and stays", async (_, text) => {
  await writeFile(file, text());
  const waiting = withLoginLock(file, AbortSignal.timeout(400), async () => "in");
  await expect(waiting).rejects.toMatchObject({ code: "busy" });
  expect(await readFile(file, "utf8")).toBe(text());
  const aborted = withLoginLock(file, AbortSignal.abort(), async () => "in");
  await expect(aborted).rejects.toMatchObject({ code: "aborted" });
});

test("that somebody else took over in the meantime is not removed", async () => {
  await withLoginLock(file, soon(), () => writeFile(file, "theirs"));
  expect(await readFile(file, "utf8")).toBe("theirs");
});
