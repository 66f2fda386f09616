import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sealed } from "@ashlar/core";
import { definePlatform, type Platform } from "ashlar";

/** Secret values that nothing may show, by where they are planted. */
export interface Canaries {
  /** Makes one, or takes one that somebody else made. */
  readonly plant: (where: string, value?: string) => string;
  /** Where the values that a text holds were planted: as they are, as JSON writes them, or in base64 at any offset. */
  readonly in: (text: string) => string[];
}

export function canaries(): Canaries {
  const planted = new Map<string, string>();
  return {
    plant: (where, value = `canary-${randomBytes(9).toString("hex")}`) => {
      planted.set(where, value);
      return value;
    },
    in: (text) =>
      [...planted].flatMap(([where, value]) =>
        traces(value).some((one) => text.includes(one)) ? [where] : [],
      ),
  };
}

function traces(value: string): string[] {
  // Base64 of a text that holds the value: three ways to begin, less what its neighbours change.
  const inside = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]).toString("base64");
    return text.slice(before === 0 ? 0 : 4, text.replace(/=+$/, "").length - 4);
  });
  return [value, JSON.stringify(value).slice(1, -1), ...inside];
}

export const CANARY_NAMESPACE = "canaries";

/** A platform with a value of each source. `CANARY_…` say where they are; the files are in `CANARY_FOLDER`. */
export function canaryPlatform(folder: string): Platform {
  const secret = (name: string, values: Sealed["values"], type = "Opaque"): Sealed => ({
    metadata: { name, namespace: CANARY_NAMESPACE },
    type,
    values,
    data: (given) => given,
    keys: Object.keys(values),
  });
  return definePlatform({
    name: "canaries",
    versions: { kubernetes: "1.36" },
    environments: { canaries: [CANARY_NAMESPACE] },
    registries: {
      "registry.example.test": {
        auth: { username: "puller", password: { from: "env", name: "CANARY_PULL" } },
        pullIn: [CANARY_NAMESPACE],
      },
    },
    also: [
      {
        resources: [],
        patches: [],
        documents: [],
        steps: [],
        claims: [],
        sealed: [
          secret("sources", {
            env: { from: "env", name: "CANARY_ENV" },
            file: { from: "file", path: join(folder, "value") },
            // Long enough to be seen in the list of processes.
            command: { from: "command", argv: ["sh", "-c", `cat ${join(folder, "printed")}; sleep 0.3`] },
            made: { from: "generated", bytes: 24 },
          }),
          secret("adopted", { password: { from: "env", name: "CANARY_ENV" } }),
          // There it is of another type: refused.
          secret("other-type", { username: { from: "env", name: "CANARY_ENV" } }, "kubernetes.io/basic-auth"),
          // A webhook refuses it, and repeats it.
          secret("echoed", { lines: { from: "env", name: "CANARY_LINES" } }),
        ],
      },
    ],
  });
}

/** What a process and its children show to everybody while they run. */
export function watchProcesses(pid: number) {
  let shown = "";
  let environments = "";
  const timer = setInterval(() => {
    for (const one of family(pid)) {
      shown += textOf(one, "cmdline");
      if (one !== pid) environments += textOf(one, "environ");
    }
  }, 10);
  return () => {
    clearInterval(timer);
    return { shown, environments };
  };
}

function textOf(pid: number, file: string): string {
  try {
    return `${readFileSync(`/proc/${pid}/${file}`, "utf8")}\n`;
  } catch {
    return "";
  }
}

function family(root: number): number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync("/proc"))
    if (/^\d+$/.test(name)) {
      const parent = /^PPid:\t(\d+)/m.exec(textOf(Number(name), "status"))?.[1];
      if (parent !== undefined) parents.set(Number(name), Number(parent));
    }
  const isOf = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || isOf(parents.get(pid)));
  return [...parents.keys()].filter(isOf);
}

/** Every file below these folders: names and contents. */
export async function filesIn(...folders: readonly string[]): Promise<string> {
  const texts: string[] = [];
  for (const folder of folders)
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      texts.push(path, entry.isFile() ? await readFile(path, "latin1") : "");
      if (entry.isSymbolicLink()) texts.push(readlinkSync(path));
    }
  return texts.join("\n");
}
