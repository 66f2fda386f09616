import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "@ashlar/core";

/**
 * An object of every kind of every API version that k8s.io/api still has types for, each with every field that there is, the
 * values made up: what that module tests its own round trips with (testdata/HEAD of the pinned version).
 */
export function filledObjects(): Resource[] {
  const cwd = join(import.meta.dirname, "..", "go", "kube-apiserver");
  const answer = execFileSync("go", ["mod", "download", "-json", "k8s.io/api"], { cwd, encoding: "utf8" });
  const folder = join((JSON.parse(answer) as { Dir: string }).Dir, "testdata", "HEAD");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json") && !name.includes("after_roundtrip"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Resource);
}
