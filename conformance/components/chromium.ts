import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";
import { cacheFolder } from "./go.ts";
import { withLock } from "./lock.ts";

const DEBIAN_CHROMIUM = "/usr/bin/chromium";

/** Without these, Chromium asks hosts of its maker at every start, which a closed network refuses many times. */
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The path of a real Chromium: `ASHLAR_CHROMIUM` when set, else Debian's, which is installed when it is not there and we
 * are root on Debian.
 *
 * @throws Error when there is none: the message says what to install
 */
export async function chromiumProgram(): Promise<string> {
  const given = process.env.ASHLAR_CHROMIUM;
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`ASHLAR_CHROMIUM names no file: ${given}`);
    return given;
  }
  if (!existsSync(DEBIAN_CHROMIUM)) {
    await mkdir(cacheFolder(), { recursive: true });
    await withLock(join(cacheFolder(), "chromium.lock"), async () => {
      if (!existsSync(DEBIAN_CHROMIUM)) await installFromDebian();
    });
  }
  return DEBIAN_CHROMIUM;
}

/** A Chromium without a window and with an empty profile of its own. End it by `close()`. */
export async function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: await chromiumProgram(), headless: true, args: QUIET });
}

async function installFromDebian(): Promise<void> {
  const advice = "install Chromium (Debian: chromium), or set ASHLAR_CHROMIUM to the program of one";
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get"))
    throw new Error(`there is no ${DEBIAN_CHROMIUM}, and only root on Debian may install it: ${advice}`);
  console.error("installing Debian's chromium, once for this machine …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args: string[]) => promisify(execFile)("apt-get", args, { env, maxBuffer: 64e6 });
  try {
    await apt("update", "-q");
    await apt("install", "-y", "-q", "chromium");
  } catch (error) {
    throw new Error(`Chromium could not be installed: ${advice}. apt-get said: ${(error as Error).message}`);
  }
}
