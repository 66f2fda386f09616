import {
  type Block,
  type Claim,
  compose,
  type Environments,
  type Finding,
  IntentError,
  isExisting,
  namespaceNames,
  type Resource,
  type Result,
  type Versions,
  zodFindings,
} from "@ashlar/core";
import { firewall, probe } from "@ashlar/network-policy/blocks";
import type { CheckPlatform } from "./check-types.ts";
import { parseClaim } from "./claims.ts";
import { dnsParts } from "./dns-parts.ts";
import { edgeParts } from "./edge-parts.ts";
import { type GivenFiles, isGivenFiles } from "./given.ts";
import { besideGuards, namespacesWithPolicies } from "./guarded.ts";
import { groupsOf, identityParts } from "./identity-parts.ts";
import {
  firewallInput,
  namespacesOf,
  type ParsedPlatform,
  platformIntent,
  type WrittenPlatform,
} from "./intent.ts";
import { joinParts } from "./part.ts";
import type { PlatformOidc } from "./platform-intent.ts";
import { registryParts } from "./registry-parts.ts";
import type { Suppression } from "./report/suppression.ts";
import { expectedRoutes } from "./routes.ts";

/** A platform, ready to render and to prove. Plain data. */
export interface Platform {
  readonly type: "ashlar/platform";
  readonly name: string;
  readonly versions: Versions;
  /** Environment → its namespaces. */
  readonly environments: Readonly<Record<string, readonly string[]>>;
  readonly podCidrs: readonly string[];
  /** Groups of tokens, and what the API server puts before their names. */
  readonly groups: { readonly names: readonly string[]; readonly prefix: string };
  /** Logins, when the platform has them. */
  readonly oidc?: PlatformOidc;
  /** Objects that others make: read by models, never rendered. */
  readonly given: readonly Resource[];
  /** Names of objects that others make: `ClusterRole/applications-read`. */
  readonly assume: readonly string[];
  /** Findings that `check` takes as they are, and why. */
  readonly suppress: readonly Suppression[];
  /** All blocks together, with the claims that they and the file make. */
  readonly block: Block;
}

/**
 * A platform from its intent. Words inside strings (the diagram, claims) are checked by the compiler: a misspelt
 * environment or namespace is a type error that names it.
 *
 * @throws {IntentError} with every finding, for input that the compiler did not see
 * @example
 * definePlatform({
 *   name: "shop",
 *   environments: { common: existing("default", "kube-system"), prod: ["prod"], dev: ["dev"] },
 *   firewall: "prod <-> common <-> dev",
 *   expect: ["env:dev -/-> env:prod"],
 * })
 */
export function definePlatform<const P>(
  platform: P extends CheckPlatform<P> ? P : CheckPlatform<P>,
): Defined<P> {
  const written = parseWritten(platform);
  const files = written.ok ? filesOf(written.value) : [];
  const result: Result<Platform | UnreadPlatform> =
    written.ok && files.length > 0
      ? {
          ok: true,
          value: { type: "ashlar/unread-platform", name: written.value.name, files, intent: platform },
        }
      : parsePlatform(platform);
  if (result.ok) return result.value as Defined<P>;
  throw new IntentError("the platform", result.findings);
}

/**
 * The same for input from anywhere: never throws.
 *
 * Files in `given` are findings: who reads files gives their objects in their place.
 */
export function parsePlatform(input: unknown): Result<Platform> {
  const written = parseWritten(input);
  if (!written.ok) return written;
  const { given, ...rest } = written.value;
  const objects = given.filter((item): item is Resource | string => !isGivenFiles(item));
  if (objects.length === given.length) return buildPlatform({ ...rest, given: objects });
  return {
    ok: false,
    findings: given.flatMap((item, i) =>
      isGivenFiles(item)
        ? [
            {
              code: "platform/valid-intent",
              severity: "error" as const,
              message: `the files of yaml(${JSON.stringify(item.files)}) have not been read`,
              hint: "read them with readPlatform of ashlar/files, or put their objects here",
              path: `given[${i}]`,
            },
          ]
        : [],
    ),
  };
}

function parseWritten(input: unknown): Result<WrittenPlatform> {
  // Compiling the schema takes longer than reading the few intents of a platform.
  const parsed = platformIntent().safeParse(input, { reportInput: true, jitless: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, findings: zodFindings(parsed.error, platformIntent(), "platform/valid-intent") };
}

/** A platform that takes objects out of files which nobody has read yet. Its shape is checked; nothing is built. Plain data. */
export interface UnreadPlatform {
  readonly type: "ashlar/unread-platform";
  readonly name: string;
  /** What stands for its files, as written: paths and patterns. */
  readonly files: readonly string[];
  /** As written. */
  readonly intent: unknown;
}

/** What an intent becomes: with `yaml(…)` in its `given` a platform whose files are to be read. */
export type Defined<P> = P extends { readonly given: infer G extends readonly unknown[] }
  ? [Extract<G[number], GivenFiles>] extends [never]
    ? Platform
    : number extends G["length"]
      ? Platform | UnreadPlatform
      : UnreadPlatform
  : Platform;

function filesOf({ given }: WrittenPlatform): string[] {
  return given.filter(isGivenFiles).map(({ files }) => files);
}

/**
 * A platform with the objects of its files in place. Pure: who reads the files hands in what is in them.
 *
 * @param objects the objects that a `yaml(files)` stands for
 */
export function withGiven(
  { intent }: UnreadPlatform,
  objects: (files: string) => readonly Resource[],
): Result<Platform> {
  const { given, ...rest } = intent as { readonly given: readonly unknown[] };
  return parsePlatform({
    ...rest,
    given: given.flatMap((item): readonly unknown[] => (isGivenFiles(item) ? objects(item.files) : [item])),
  });
}

function buildPlatform(intent: ParsedPlatform): Result<Platform> {
  const environments = Object.fromEntries(
    Object.entries(intent.environments as Environments).map(([name, value]) => [name, namespaceNames(value)]),
  );
  const firewallOptions = firewallInput(intent);
  const parts = joinParts([
    ...identityParts(intent),
    ...dnsParts(intent),
    ...registryParts(intent),
    ...edgeParts(
      intent,
      intent.given.filter((item) => typeof item !== "string"),
    ),
  ]);
  const blocks = [
    { resources: namespacesToCreate(intent, firewallOptions === undefined) },
    ...(firewallOptions ? [firewall.safe(firewallOptions)] : [])
      .map(builtOrNothing)
      .map((block) => besideGuards(block, namespacesWithPolicies(parts.blocks))),
    ...parts.blocks,
    ...intent.also,
  ];
  const base = compose(...blocks);
  const probed = intent.probe && probe.safe(probeInput(intent, base));
  const findings: Finding[] = [...parts.findings];
  if (probed && !probed.ok) for (const f of probed.findings) findings.push({ ...f, path: `probe.${f.path}` });
  const claims: Claim[] = [];
  const groups = groupsOf(intent);
  const words = {
    environments,
    namespaces: namespacesOf(intent),
    groups: groups.names,
    groupsPrefix: groups.prefix,
  };
  intent.expect.forEach((text, i) => {
    const claim = parseClaim(text, { ...words, by: "expect" });
    if (claim.ok) claims.push(claim.value);
    else for (const f of claim.findings) findings.push({ ...f, path: `expect[${i}]` });
  });
  if (findings.length > 0) return { ok: false, findings };
  const block = compose(base, ...(probed?.ok ? [probed.value] : []), { claims });
  const { name, versions, podCidrs, suppress } = intent;
  return {
    ok: true,
    value: {
      type: "ashlar/platform",
      name,
      versions: defined(versions),
      environments,
      podCidrs,
      groups,
      ...(intent.oidc && { oidc: intent.oidc as unknown as PlatformOidc }),
      given: intent.given.filter((item) => typeof item !== "string"),
      assume: intent.given.filter((item) => typeof item === "string"),
      suppress,
      block,
    },
  };
}

/** Namespaces of no environment; those of environments too when no firewall makes them. */
function namespacesToCreate(intent: ParsedPlatform, withEnvironments: boolean): Resource[] {
  const lists = withEnvironments
    ? [...Object.values(intent.environments as Environments), intent.namespaces]
    : [intent.namespaces];
  return lists
    .filter((value) => !isExisting(value))
    .flatMap((value) => namespaceNames(value))
    .map((name) => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } }));
}

function probeInput(intent: ParsedPlatform, base: Block): Record<string, unknown> {
  const { in: namespaces, ...options } = intent.probe as { readonly in: readonly string[] };
  return {
    ...options,
    namespaces,
    routes: expectedRoutes(base, namespaces),
    ...(intent.versions.cni !== undefined && { cni: intent.versions.cni }),
  };
}

function builtOrNothing(result: Result<Block>): Block {
  return result.ok ? result.value : compose();
}

function defined(versions: ParsedPlatform["versions"]): Versions {
  return Object.fromEntries(Object.entries(versions).filter(([, value]) => value !== undefined));
}
