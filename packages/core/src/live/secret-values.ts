import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Resource } from "../resource.ts";
import { fieldsOf } from "../rules/references/json-values.ts";
import { type Sealed, type SecretRef, seal } from "../sealed.ts";
import { endedBy } from "./http.ts";
import { LiveError } from "./live-error.ts";

export interface SecretSources {
  /** Relative paths and programs start here. Default: the process' own folder. */
  readonly cwd?: string;
  /** Default: the process' own. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends programs and reads that are under way. */
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
 * Programs get no input, and 60 seconds.
 *
 * @param live the Secret that the cluster has
 * @throws {LiveError} `bad-input` for a value that is not UTF-8, `timed-out` for a program that does not end, `aborted`
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
async function fetched(ref: SecretRef, sources: SecretSources): Promise<string> {
  const { cwd = process.cwd(), env = process.env, signal } = sources;
  switch (ref.from) {
    case "env":
      return env[ref.name] ?? "";
    case "file":
      return textOf(ref, await orNothing(readFile(resolve(cwd, ref.path), { signal }), ref, signal));
    case "command": {
      const limit = AbortSignal.timeout(PROGRAM_SECONDS * 1000);
      const ending = signal ? AbortSignal.any([signal, limit]) : limit;
      const bytes = await orNothing(printed(ref.argv, cwd, env, ending), ref, signal);
      if (bytes.length === 0 && limit.aborted)
        throw new LiveError(
          "timed-out",
          `${sourceOf(ref)} was not there within ${PROGRAM_SECONDS} s`,
          "programs get no input: take one that asks nobody, or put the value into the environment or a file",
        );
      return textOf(ref, bytes);
    }
    case "generated":
      return randomBytes(ref.bytes).toString("base64");
  }
}

const PROGRAM_SECONDS = 60;
const MOST_BYTES = 4_000_000;

async function orNothing(value: Promise<Buffer>, ref: SecretRef, signal?: AbortSignal): Promise<Buffer> {
  try {
    return await value;
  } catch {
    if (signal?.aborted) throw endedBy(signal, `the wait for ${sourceOf(ref)}`);
    return Buffer.alloc(0);
  }
}

/** What a program prints that ends well. */
function printed(
  [program, ...rest]: readonly [string, ...string[]],
  cwd: string,
  env: NonNullable<SecretSources["env"]>,
  signal: AbortSignal,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      ...{ cwd, env: env as NodeJS.ProcessEnv, signal, killSignal: "SIGKILL" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const parts: Buffer[] = [];
    let length = 0;
    const fail = (error: Error) => {
      // What the program has started may hold it open.
      child.stdout.destroy();
      reject(error);
    };
    child.stdout.on("data", (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length > MOST_BYTES) child.kill("SIGKILL");
    });
    child.once("error", fail);
    child.once("close", (code) =>
      code === 0 ? resolve(Buffer.concat(parts)) : fail(new Error("it failed")),
    );
  });
}

/** A Secret's keys are made of texts: bytes that are none would be others in the cluster. */
function textOf(ref: SecretRef, bytes: Buffer): string {
  try {
    return withoutLineEnd(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    throw new LiveError(
      "bad-input",
      `${sourceOf(ref)} is not UTF-8 text, as values of Secrets have to be here`,
      "save it as UTF-8; if it is binary, give it as base64 and decode it where it is used",
    );
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
