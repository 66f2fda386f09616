import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import type { Resource } from "../resource.ts";
import { fieldsOf } from "../rules/references/json-values.ts";
import { type Sealed, type SecretRef, seal } from "../sealed.ts";

export interface SecretSources {
  /** Relative paths and programs start here. Default: the process' own folder. */
  readonly cwd?: string;
  /** Default: the process' own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
}

/** A Secret with its values, and what was taken from where. */
export interface SealedSecret {
  /** The Secret with its data; absent when a value is missing and the cluster has none either. */
  readonly secret?: Resource;
  /** Where values should have come from that are not there: `the environment variable REGISTRY_PASSWORD`. */
  readonly missing: readonly string[];
  /** Keys whose values are those of the cluster. */
  readonly kept: readonly string[];
}

/**
 * Makes the real Secret. A value that is made at random is made once: a key that the cluster has and that hangs on one is kept.
 * So is a key whose value is not to be had now. Neither the result's `missing` nor any error holds a value.
 *
 * @param live the Secret that the cluster has
 */
export async function sealWithSources(
  sealed: Sealed,
  live: Resource | undefined,
  sources: SecretSources = {},
): Promise<SealedSecret> {
  const values: Record<string, string> = {};
  const absent: string[] = [];
  const generated: string[] = [];
  const missing: string[] = [];
  for (const [name, ref] of Object.entries(sealed.values)) {
    const value = await fetched(ref, sources);
    if (ref.from === "generated") generated.push(name);
    if (value === "") {
      absent.push(name);
      missing.push(sourceOf(ref));
    }
    // What hangs on a stand-in is either kept from the cluster, or lacking.
    values[name] = value || STAND_IN;
  }
  const existing = fieldsOf(live?.data);
  const held = (key: string) => Object.hasOwn(existing, key);
  const kept = new Set([
    ...hangingOn(sealed, values, generated).filter(held),
    ...hangingOn(sealed, values, absent).filter(held),
  ]);
  const lacking = absent.length > 0 ? hangingOn(sealed, values, absent).filter((key) => !held(key)) : [];
  if (lacking.length > 0) return { missing, kept: [...kept] };
  const made = seal(sealed, values);
  const data = Object.fromEntries(
    Object.entries(fieldsOf(made.data)).map(([key, value]) => [key, kept.has(key) ? existing[key] : value]),
  );
  return { secret: { ...made, data }, missing, kept: [...kept] };
}

const STAND_IN = "a".repeat(32);

/** The keys that change with the values of these names: asked with two sets of them. */
function hangingOn(
  sealed: Sealed,
  values: Readonly<Record<string, string>>,
  names: readonly string[],
): string[] {
  if (names.length === 0) return [];
  const [a, b] = [STAND_IN, "b".repeat(32)].map((text) =>
    sealed.data({ ...values, ...Object.fromEntries(names.map((name) => [name, text])) }),
  );
  return Object.keys(a!).filter((key) => a![key] !== b![key]);
}

/** The value, or `""` when there is none. Errors of files and programs may hold anything: they count as none. */
async function fetched(ref: SecretRef, { cwd = process.cwd(), env = process.env, signal }: SecretSources) {
  try {
    switch (ref.from) {
      case "env":
        return env[ref.name] ?? "";
      case "file":
        return withoutLineEnd(await readFile(resolve(cwd, ref.path), "utf8"));
      case "command": {
        const [program, ...rest] = ref.argv;
        const { stdout } = await promisify(execFile)(program, rest, {
          cwd,
          env: env as NodeJS.ProcessEnv,
          maxBuffer: 4_000_000,
          ...(signal && { signal }),
        });
        return withoutLineEnd(stdout);
      }
      case "generated":
        return randomBytes(ref.bytes).toString("base64");
    }
  } catch {
    return "";
  }
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function sourceOf(ref: SecretRef): string {
  switch (ref.from) {
    case "env":
      return `the environment variable ${ref.name}`;
    case "file":
      return `the file ${ref.path}`;
    case "command":
      return `what ${ref.argv[0]} prints`;
    case "generated":
      return "randomness";
  }
}
