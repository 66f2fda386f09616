import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { openInBrowser } from "./open-browser.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ashlar-browser-"));
  vi.stubEnv("PATH", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const opener = (script: string) =>
  writeFile(join(folder, "xdg-open"), `#!/bin/sh\n${script}\n`, { mode: 0o700 });

describe.runIf(process.platform === "linux")("the platform's opener", () => {
  test("gets the page as one argument, without a shell", async () => {
    await opener(`printf '%s\\n' "$#" "$1" > "${folder}/seen"`);
    await openInBrowser("http://localhost:8000/?a=$(id)&b='c'");
    expect(await readFile(join(folder, "seen"), "utf8")).toBe(
      "1\nhttp://localhost:8000/?a=$(id)&b=%27c%27\n",
    );
  });

  test("that fails, or is not there, is an error", async () => {
    await expect(openInBrowser("http://localhost:8000/")).rejects.toThrow(/ENOENT/);
    await opener("exit 3");
    await expect(openInBrowser("http://localhost:8000/")).rejects.toThrow("xdg-open ended with 3");
  });

  test("is not started for what is no URL", async () => {
    await opener(`: > "${folder}/seen"`);
    await expect(openInBrowser("--help")).rejects.toThrow(/URL/);
    await expect(readFile(join(folder, "seen"))).rejects.toThrow(/ENOENT/);
  });
});
