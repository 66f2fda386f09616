import { spawnSync } from "node:child_process";
import { type Resource, type Sealed, writeYaml } from "@ashlar/core";
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
    const wanted = chosen.filter((one) => !(useKubectl && isGenerated(one) && exists(one)));
    const secrets = await Promise.all(wanted.map((one) => sealed(one, io)));
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

/** Errors name where the value should have come from, never what it is. */
async function sealed(one: Sealed, io: Io): Promise<Resource> {
  const { sealWithSources } = await import("@ashlar/core/live");
  const { secret, missing } = await sealWithSources(one, undefined, { cwd: io.cwd });
  if (secret) return secret;
  throw new UsageError(
    `Secret ${nameOf(one)}: ${missing.join(" and ")} is not there or empty`,
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
