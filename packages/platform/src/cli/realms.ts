import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Document } from "@ashlar/core";
import type { KeycloakConnection, RealmPlan } from "@ashlar/iam/live";
import type { Arguments, OptionSpec } from "./arguments.ts";
import { readParams } from "./arguments.ts";
import { readAuthority } from "./certificate-authority.ts";
import { PARAM } from "./command.ts";
import { type Io, UsageError } from "./io.ts";
import { load } from "./load.ts";
import { printable } from "./text.ts";

export const REALM_OPTIONS: readonly OptionSpec[] = [
  { name: "keycloak", value: "URL", help: "base URL of Keycloak (default: that of the platform's issuer)" },
  {
    name: "client-id",
    value: "ID",
    help: "a client of Keycloak with a service account that administers the realms",
  },
  { name: "client-secret-env", value: "NAME", help: "environment variable with that client's secret" },
  { name: "client-realm", value: "NAME", help: "the realm that the client is in (default: master)" },
  {
    name: "realm",
    value: "NAME",
    multiple: true,
    help: "only this realm; may be repeated (default: all of the input)",
  },
  {
    name: "before",
    value: "FILE",
    multiple: true,
    help: "a realm as it was applied before: what it has beyond is deleted",
  },
  { name: "compare-secrets", help: "compare secrets too, taken from the environment" },
  { name: "certificate-authority", value: "FILE", help: "PEM file of who signs Keycloak's certificate" },
  PARAM,
];

type Live = typeof import("@ashlar/iam/live");

/** Runs a command against Keycloak: what it refuses is told as a usage error, with what to do. */
export async function withLive<T>(run: (live: Live) => Promise<T>): Promise<T> {
  const live = await import("@ashlar/iam/live");
  try {
    return await run(live);
  } catch (error) {
    if (!(error instanceof live.LiveError)) throw error;
    throw new UsageError(printable(error.message), printable(error.hint));
  }
}

/** Logs in to Keycloak and compares every realm of the input with it. Reads only. */
export async function planRealms(
  args: Arguments,
  io: Io,
  live: Live,
): Promise<{ readonly connection: KeycloakConnection; readonly plans: readonly RealmPlan[] }> {
  const { realms, url } = await wantedRealms(args, io);
  const before = new Map(
    args
      .all("before")
      .map((file) => realmFile(file, io))
      .map((realm) => [nameOf(realm), realm]),
  );
  const [clientId, secret] = [args.get("client-id"), args.get("client-secret-env")];
  if (clientId === undefined || secret === undefined)
    throw new UsageError(
      "who asks Keycloak is not said",
      "write --client-id ID and --client-secret-env NAME: a client with a service account that administers the realms",
    );
  const keycloak = args.get("keycloak") ?? url;
  if (keycloak === undefined)
    throw new UsageError(
      "where Keycloak is, is not said",
      "write --keycloak https://HOST, or oidc in the platform file",
    );
  const authority = args.get("certificate-authority");
  const clientRealm = args.get("client-realm");
  const connection = await live.connectKeycloak({
    url: keycloak,
    clientId,
    clientSecret: { env: secret },
    ...(clientRealm !== undefined && { realm: clientRealm }),
    ...(authority !== undefined && { certificateAuthority: readAuthority(authority, io) }),
  });
  const plans: RealmPlan[] = [];
  for (const realm of realms) {
    const old = before.get(nameOf(realm));
    plans.push(
      await live.planRealm(connection, realm, {
        realm: nameOf(realm),
        ...(old !== undefined && { before: old }),
        ...(args.has("compare-secrets") && { secret: secretOfEnvironment }),
      }),
    );
  }
  return { connection, plans };
}

/** The value of `${NAME}`: from the environment, never from an argument. */
export async function secretOfEnvironment(name: string): Promise<string> {
  const value = process.env[name];
  if (value) return value;
  throw new UsageError(
    `the environment variable ${name}, which a secret of the realm is in, is empty or not set`,
    "set it",
  );
}

async function wantedRealms(
  args: Arguments,
  io: Io,
): Promise<{ readonly realms: readonly Realm[]; readonly url?: string }> {
  const files = args.positionals.filter((path) => path.endsWith(".json"));
  if (files.length > 0 && files.length < args.positionals.length)
    throw new UsageError(
      "realm files stand among other paths",
      "give a platform file, or realm files as JSON",
    );
  if (files.length > 0)
    return {
      realms: chosen(
        files.map((file) => realmFile(file, io)),
        args,
      ),
    };
  const { platform, name } = await load(args.positionals, io, {
    setOf: () => ({ resources: [] }),
    params: readParams(args),
  });
  if (platform === undefined)
    throw new UsageError(`${name} is no platform file`, "give a platform file, or realm files as JSON");
  const realms = realmsOf(platform.block.documents);
  if (realms.length === 0) throw new UsageError(`${name} has no realm`, "add realms to the platform file");
  const url = platform.oidc && /^(.*)\/realms\/[^/]+\/?$/.exec(platform.oidc.issuer)?.[1];
  return { realms: chosen(realms, args), ...(url !== undefined && { url }) };
}

type Realm = Readonly<Record<string, unknown>>;

/** What a platform renders; of master the settings and what is added, in one. */
function realmsOf(documents: readonly Document[]): Realm[] {
  const parsed = new Map(
    documents
      .filter(({ path }) => /^realms\/[^/]+\.json$/.test(path))
      .map(({ path, text }) => [path, JSON.parse(text) as Realm]),
  );
  const settings = parsed.get("realms/master-settings.json");
  return (
    [...parsed]
      .filter(([, realm]) => realm !== settings)
      .map(([, realm]) => ("ifResourceExists" in realm ? { ...settings, ...realm } : realm))
      .map(({ ifResourceExists: _, ...realm }) => ({ ...realm, realm: nameOf(realm) }))
      // Roles of master administer the others, which have to be there.
      .sort((a, b) => Number(a.realm === "master") - Number(b.realm === "master"))
  );
}

function nameOf({ realm }: Realm): string {
  return typeof realm === "string" ? realm : "master";
}

function chosen(realms: readonly Realm[], args: Arguments): readonly Realm[] {
  const wanted = args.all("realm");
  const names = realms.map(nameOf);
  for (const name of wanted)
    if (!names.includes(name))
      throw new UsageError(`there is no realm "${name}"`, `write one of ${names.join(", ")}`);
  return wanted.length === 0 ? realms : realms.filter((realm) => wanted.includes(nameOf(realm)));
}

function realmFile(file: string, io: Io): Realm {
  let realm: unknown;
  try {
    realm = JSON.parse(readText(file, io));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} is no JSON`, "give a realm as Keycloak exports it");
  }
  if (typeof realm !== "object" || realm === null || Array.isArray(realm))
    throw new UsageError(`${file} is no realm`, "give a realm as Keycloak exports it");
  return realm as Realm;
}

function readText(file: string, io: Io): string {
  try {
    return readFileSync(resolve(io.cwd, file), "utf8");
  } catch {
    throw new UsageError(`${file} cannot be read`);
  }
}
