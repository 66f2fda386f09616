import { execFileSync, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Resource, type Sealed, type SecretRef, seal, writeYaml } from "@ashlar/core";
import { readParams } from "../arguments.ts";
import { type Command, PARAM } from "../command.ts";
import { type Io, UsageError } from "../io.ts";
import { load } from "../load.ts";

export const sealCommand: Command = {
  name: "seal",
  usage: "ashlar seal [PLATFORM] [--secret NAMESPACE/NAME]... [--kubectl]",
  summary: "make the platform's Secrets, with values fetched now",
  details: `Values come from where the platform file says: the environment, files, programs, or made at random. Without --kubectl
the Secrets go to standard output, values and all; with it straight to kubectl apply, and nothing is printed.

  ashlar seal platform.ts --kubectl

A Secret with a value that is made at random is left alone where the cluster has it already. Exit code: 0 done, 2 not.`,
  options: [
    {
      name: "secret",
      value: "NS/NAME",
      multiple: true,
      help: "only this Secret; may be repeated (default: all)",
    },
    { name: "kubectl", help: "hand them to kubectl, in its current context" },
    PARAM,
  ],
  async run(args, io) {
    const { platform, name } = await load(args.positionals, io, {
      setOf: () => ({ resources: [] }),
      params: readParams(args),
    });
    if (platform === undefined)
      throw new UsageError(`${name} is no platform file`, "seal takes a platform.ts");
    const chosen = choose(platform.block.sealed ?? [], args.all("secret"), name);
    const useKubectl = args.has("kubectl");
    const secrets = chosen
      .filter((sealed) => !(useKubectl && isGenerated(sealed) && exists(sealed)))
      .map((sealed) => sealWith(sealed, io));
    if (!useKubectl) io.out(writeYaml(secrets));
    else if (secrets.length > 0) applied(secrets);
    io.err(`${chosen.map(nameOf).join(", ")}: ${useKubectl ? "in the cluster" : "written"}\n`);
    return 0;
  },
};

function choose(all: readonly Sealed[], wanted: readonly string[], name: string): readonly Sealed[] {
  if (all.length === 0)
    throw new UsageError(`${name} has no Secret to make`, "registries and logins bring some");
  for (const one of wanted)
    if (!all.some((sealed) => nameOf(sealed) === one))
      throw new UsageError(`there is no Secret "${one}"`, `write one of ${all.map(nameOf).join(", ")}`);
  return wanted.length === 0 ? all : all.filter((sealed) => wanted.includes(nameOf(sealed)));
}

function nameOf({ metadata }: Sealed): string {
  return `${metadata.namespace ?? "default"}/${metadata.name}`;
}

function isGenerated({ values }: Sealed): boolean {
  return Object.values(values).some(({ from }) => from === "generated");
}

/** Errors name the value and where it should have come from, never what it is. */
function sealWith(sealed: Sealed, io: Io): Resource {
  const values = Object.entries(sealed.values).map(([name, ref]) => [name, fetched(ref, nameOf(sealed), io)]);
  return seal(sealed, Object.fromEntries(values));
}

function fetched(ref: SecretRef, secret: string, io: Io): string {
  switch (ref.from) {
    case "env":
      return process.env[ref.name] || missing(secret, `the environment variable ${ref.name}`);
    case "file":
      return (
        withoutLineEnd(tried(() => readFileSync(resolve(io.cwd, ref.path), "utf8"))) ||
        missing(secret, `the file ${ref.path}`)
      );
    case "command": {
      const [program, ...rest] = ref.argv;
      const run = () =>
        execFileSync(program, rest, { cwd: io.cwd, encoding: "utf8", stdio: ["inherit", "pipe", "ignore"] });
      return withoutLineEnd(tried(run)) || missing(secret, `what ${program} prints`);
    }
    case "generated":
      return randomBytes(ref.bytes).toString("base64");
  }
}

function tried(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}

function missing(secret: string, what: string): never {
  throw new UsageError(
    `Secret ${secret}: ${what} is not there or empty`,
    "set it and run this again: nothing was changed",
  );
}

/** Only a plain no counts as one: what cannot be asked about might be there, and would be overwritten. */
function exists(sealed: Sealed): boolean {
  const { metadata } = sealed;
  const { status, error, stdout } = spawnSync(
    "kubectl",
    [
      "get",
      "secret",
      metadata.name,
      `--namespace=${metadata.namespace ?? "default"}`,
      "--ignore-not-found",
      "--output=name",
    ],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  if (error) throw noKubectl();
  if (status !== 0)
    throw new UsageError(
      `kubectl cannot tell whether Secret ${nameOf(sealed)} is there`,
      "nothing was changed: see kubectl auth can-i get secrets, and that the server is up",
    );
  return stdout.trim() !== "";
}

function noKubectl(): UsageError {
  return new UsageError("kubectl cannot be run", "install it, or leave --kubectl out");
}

/** Values go through standard input: they are in no argument and in no file. */
function applied(secrets: readonly Resource[]): void {
  const { status, error } = spawnSync(
    "kubectl",
    ["apply", "--server-side", "--field-manager=ashlar", "--filename=-"],
    { input: writeYaml(secrets), stdio: ["pipe", "ignore", "ignore"] },
  );
  if (error) throw noKubectl();
  if (status !== 0)
    throw new UsageError(
      "kubectl apply refused the Secrets",
      "see kubectl auth can-i create secrets, and that the namespaces exist",
    );
}
