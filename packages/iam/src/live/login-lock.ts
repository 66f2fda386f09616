import { randomUUID } from "node:crypto";
import { readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { LiveError } from "./live-error.ts";
import { endedBy } from "./live-fetch.ts";

const BEAT_MS = 5_000;
const STALE_MS = 30_000;
const LOOK_MS = 150;

/**
 * Runs `work` while this process alone holds the lock file: kubectl may start several credential plugins at once, and a
 * person shall be asked once. The holder touches the file while it works; a lock of a process that is gone, or that was not
 * touched for half a minute, is taken over.
 *
 * @throws LiveError `busy` when the signal ends before another process is done, and whatever `work` throws
 */
export async function withLoginLock<T>(
  file: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  while (!(await acquire(file, mine))) {
    if (signal.aborted) throw waitedInVain(signal, file);
    const stale = await staleText(file);
    if (stale !== undefined) await takeAway(file, stale);
    else await sleep(LOOK_MS);
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(file, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // Somebody may have taken it over while this process was stopped: theirs stays.
    if ((await readFile(file, "utf8").catch(() => "")) === mine) await rm(file, { force: true });
  }
}

function waitedInVain(signal: AbortSignal, file: string): LiveError {
  const ended = endedBy(signal, "the wait for another login");
  if (ended.code === "aborted") return ended;
  const hint = `finish or end it; if there is none, remove ${file}`;
  return new LiveError("busy", "another login of the same session does not end", hint);
}

async function acquire(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(file, text, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw new LiveError(
      "bad-cache",
      `the lock ${file} cannot be written`,
      "name another folder for the tokens",
      error,
    );
  }
}

/** What a stale lock holds; undefined when its holder works, or when it is gone. */
async function staleText(file: string): Promise<string | undefined> {
  try {
    const text = await readFile(file, "utf8");
    const { mtimeMs } = await stat(file);
    return Date.now() - mtimeMs > STALE_MS || isOfTheDead(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

function isOfTheDead(text: string): boolean {
  try {
    const { pid, host } = JSON.parse(text) as { readonly pid: number; readonly host: string };
    if (host !== hostname() || !Number.isInteger(pid) || pid <= 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** Removes the stale lock and no other: between our look and now, somebody else may have put a new one in its place. */
async function takeAway(file: string, stale: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
    const taken = await readFile(aside, "utf8");
    if (taken !== stale) await writeFile(file, taken, { flag: "wx", mode: 0o600 });
  } catch {
    // Gone already, or put back by somebody else: the next look tells.
  } finally {
    await rm(aside, { force: true });
  }
}
