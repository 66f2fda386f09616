import { isIP } from "node:net";
import { suggest } from "@ashlar/core";
import { objectSet } from "../../check.ts";
import type { Platform } from "../../define-platform.ts";
import type { OutsideAddress, Resolve, VerifyAnswer, VerifyKind, VerifyOptions } from "../../live/index.ts";
import { issuerClaim, VERIFY_KINDS } from "../../live/verify/asking.ts";
import { type Arguments, readParams } from "../arguments.ts";
import { readAuthority } from "../certificate-authority.ts";
import { CLUSTER_OPTIONS, withCluster } from "../cluster-options.ts";
import { type Command, PARAM } from "../command.ts";
import { type Io, UsageError } from "../io.ts";
import { load } from "../load.ts";
import { printJson, reportUnread } from "../output.ts";
import { printable } from "../text.ts";

export const verifyCommand: Command = {
  name: "verify",
  usage: "ashlar verify [PLATFORM] [--only KIND]... [--format FORMAT] [--context NAME] [options]",
  summary: "hold a running cluster to the platform's claims, by asking it",
  details: `Access is asked of the API server's authorizer, the network and the DNS by commands in pods (nc, curl or wget;
nslookup), hosts by HTTPS from where this runs, pull secrets and the issuer by reading them. Nothing is changed, and no
credentials are sent but with --ask-registries.

  ashlar verify platform.ts --context prod
  ashlar verify platform.ts --only access --only hosts --format junit
  ashlar verify platform.ts --only hosts --resolve wiki.example.test:443:10.0.0.7 --certificate-authority ca.pem

What could not be asked is unknown, never held: a namespace without pods, a port that nobody listens on, a pod without
nc, a right that the caller does not have. Exit code: 0 every claim held, 1 one is broken or unknown, 2 could not run.
With --accept-unknown a claim may be unknown, never broken.`,
  options: [
    {
      name: "only",
      value: "KIND",
      multiple: true,
      choices: VERIFY_KINDS,
      help: "ask only access, network, dns, hosts, pulls or identity; may be repeated",
    },
    ...CLUSTER_OPTIONS,
    {
      name: "resolve",
      value: "HOST:PORT:ADDRESS",
      multiple: true,
      help: "ask a host at this address, as curl does; may be repeated",
    },
    {
      name: "certificate-authority",
      value: "FILE",
      help: "PEM of authorities to trust besides the system's, for hosts and the issuer",
    },
    {
      name: "outside",
      value: "ADDRESS:PORT",
      multiple: true,
      help: "where something listens outside, for claims about the internet; may be repeated",
    },
    { name: "pause", value: "MILLISECONDS", help: "between two commands in pods (default: 200)" },
    { name: "parallel", value: "COUNT", help: "commands in pods at once (default: 4)" },
    { name: "timeout", value: "SECONDS", help: "how long a connection is waited for (default: 3)" },
    { name: "most", value: "COUNT", help: "the most connections for one claim (default: 24)" },
    {
      name: "accept-unknown",
      value: "CLAIM",
      multiple: true,
      help: "this claim may be unknown; may be repeated, or all",
    },
    { name: "ask-registries", help: "log in to registries with the cluster's pull secrets" },
    {
      name: "format",
      value: "FORMAT",
      choices: ["text", "json", "junit"],
      help: "text (default), json or junit (XML)",
    },
    PARAM,
  ],
  async run(args, io) {
    const options = optionsOf(args, io);
    const loaded = await load(args.positionals, io, { setOf: objectSet, params: readParams(args) });
    if (reportUnread(loaded, io)) return 2;
    const { platform, name } = loaded;
    if (platform === undefined)
      throw new UsageError(`${name} is no platform file, which makes claims`, "name a platform file");
    const acceptUnknown = acceptedOf(args, platform);
    const live = await import("../../live/index.ts");
    const format = args.get("format") ?? "text";
    const onAnswer: VerifyOptions["onAnswer"] = (answer, { number, of }) =>
      io.progress?.(number === of ? "" : `${number} of ${of}: ${printable(answer.claim.text)}`);
    const report = await withCluster(args, io, (cluster) =>
      live.verify(platform, cluster, { ...options, onAnswer }),
    );
    if (report.answers.length === 0)
      throw new UsageError(
        `${name} makes no claim that could be asked`,
        "add expect: [...], or leave out --only",
      );
    if (format === "json") printJson(io, report);
    else if (format === "junit") io.out(live.verifyJunit(report, { acceptUnknown }));
    else io.out(live.verifyText(report, { color: io.color }));
    const isAsClaimed = ({ claim, outcome }: VerifyAnswer) =>
      outcome === "held" || (outcome === "unknown" && acceptUnknown.includes(claim.text));
    return report.answers.every(isAsClaimed) ? 0 : 1;
  },
};

/** The claims that may be unknown. One that nobody makes would accept nothing: likely it is misspelt. */
function acceptedOf(args: Arguments, platform: Platform): readonly string[] {
  const accepted = args.all("accept-unknown");
  const claims = [...(objectSet(platform).claims ?? []), issuerClaim(platform)].flatMap(
    (claim) => claim?.text ?? [],
  );
  if (accepted.includes("all")) return claims;
  for (const text of accepted)
    if (!claims.includes(text))
      throw new UsageError(`--accept-unknown "${text}" is no claim of the platform`, suggest(text, claims));
  return accepted;
}

function optionsOf(args: Arguments, io: Io): VerifyOptions {
  const authority = args.get("certificate-authority");
  const timeout = numberOf(args, "timeout", 1, 60);
  const pause = numberOf(args, "pause", 0, 60_000);
  const parallel = numberOf(args, "parallel", 1, 64);
  const most = numberOf(args, "most", 1, 10_000);
  return {
    ...(args.has("only") && { only: args.all("only") as VerifyKind[] }),
    probes: {
      ...(timeout !== undefined && { timeoutSeconds: timeout }),
      ...(pause !== undefined && { pauseMilliseconds: pause }),
      ...(parallel !== undefined && { parallel }),
      ...(most !== undefined && { most }),
    },
    hosts: {
      resolve: args.all("resolve").map(readResolve),
      ...(authority !== undefined && { certificateAuthority: readAuthority(authority, io) }),
    },
    outside: args.all("outside").map(readOutside),
    ...(args.has("ask-registries") && { askRegistries: true }),
  };
}

function numberOf(args: Arguments, option: string, least: number, most: number): number | undefined {
  const text = args.get(option);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,6}$/.test(text) && value >= least && value <= most) return value;
  throw new UsageError(
    `--${option} "${text}" is no number from ${least} to ${most}`,
    `write --${option} ${least}`,
  );
}

function readResolve(text: string): Resolve {
  const [, host = "", port = "", address = ""] = /^([^:]+):(\d{1,5}):\[?([^\]]+)\]?$/.exec(text) ?? [];
  if (host !== "" && isPort(port) && isIP(address) > 0) return { host, port: Number(port), address };
  throw new UsageError(
    `--resolve "${text}" is no HOST:PORT:ADDRESS`,
    "write --resolve wiki.example.test:443:10.0.0.7",
  );
}

function readOutside(text: string): OutsideAddress {
  const [, six, four, port = ""] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const address = six ?? four ?? "";
  if (isPort(port) && isIP(address) > 0) return { address, port: Number(port) };
  throw new UsageError(`--outside "${text}" is no ADDRESS:PORT`, "write --outside 203.0.113.7:443");
}

function isPort(text: string): boolean {
  return Number(text) >= 1 && Number(text) <= 65535;
}
