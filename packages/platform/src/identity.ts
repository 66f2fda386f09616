import type { Document, Finding, Resource, Versions } from "@ashlar/core";
import {
  type AppLogin,
  type AuthenticationConfiguration,
  authenticationConfiguration,
  checkAuthenticationConfiguration,
  checkKubeconfig,
  configurationFromFlags,
  type IdentityModel,
  identityFindings,
  identityModel,
  type RealmSource,
  realmFindings,
} from "@ashlar/iam";
import { proxyLogins, routesModel } from "@ashlar/ingress";
import type { ObjectSet } from "./check.ts";
import type { Platform } from "./define-platform.ts";
import { type IdentityDocuments, isRealm, type LocateField, type Placed } from "./identity-documents.ts";
import type { PlatformOidc } from "./platform-intent.ts";

/** What a platform says of logins: the realms that it renders, and what its API server reads. */
export function identityOfPlatform({ block, oidc, versions }: Platform): IdentityDocuments {
  const value = oidc && configurationOf(oidc, versions, block.documents);
  return {
    realms: realmsOf(block.documents),
    configurations: value ? [value] : [],
    kubeconfigs: [],
  };
}

const FLAGS = "kube-apiserver/oidc-flags.txt";

/** As a file, or read from the flags as the server reads them. */
function configurationOf(
  oidc: PlatformOidc,
  { kubernetes }: Versions,
  documents: readonly Document[],
): Placed | undefined {
  const flags =
    documents
      .find(({ path }) => path === FLAGS)
      ?.text.trim()
      .split("\n") ?? [];
  const file = flags.find((flag) => flag.startsWith("--authentication-config="));
  if (file !== undefined) {
    const value = authenticationConfiguration({ ...oidc, ...(kubernetes !== undefined && { kubernetes }) });
    return { value, file: "kube-apiserver/authentication.yaml" };
  }
  const read = configurationFromFlags(flags);
  return read.ok ? { value: read.value.configuration, file: FLAGS } : undefined;
}

function realmsOf(documents: readonly Document[]): RealmSource[] {
  return documents.flatMap(({ path, text }) => {
    if (!/^realms\/[^/]+\.json$/.test(path)) return [];
    const realm: unknown = JSON.parse(text);
    return isRealm(realm) ? [{ realm, file: path }] : [];
  });
}

/** The model of logins over a set; `undefined`: the set says nothing of logins. */
export function identityOf({ resources, locate, identity }: ObjectSet): IdentityModel | undefined {
  const authentication = identity?.configurations[0]?.value as AuthenticationConfiguration | undefined;
  if (identity === undefined || (identity.realms.length === 0 && authentication === undefined))
    return undefined;
  return identityModel({
    realms: identity.realms,
    logins: appLogins(resources),
    ...(authentication && { authentication }),
    resources,
    ...(locate && { locate }),
  });
}

/** Logins of the auth proxies among the objects, by the realm of their issuer. */
function appLogins(resources: readonly Resource[]): AppLogin[] {
  return proxyLogins(routesModel(resources)).flatMap(({ issuer, client, redirectUri, token }) => {
    const realm = /\/realms\/([^/?#]+)/.exec(issuer)?.[1];
    return realm === undefined
      ? []
      : [{ realm: decodeURIComponent(realm), client, redirectUri, ...(token && { token }) }];
  });
}

/** What is wrong with each document, and where they disagree with each other and with the objects. */
export function findingsOfIdentity(set: ObjectSet): Finding[] {
  const { identity, versions } = set;
  if (identity === undefined) return [];
  const kubernetes = versions?.kubernetes;
  const findings = [
    ...identity.realms.flatMap(({ realm, name, locate, file }) =>
      inFile(
        file,
        realmFindings(realm, { ...(name !== undefined && { realm: name }), ...(locate && { locate }) }),
      ),
    ),
    ...identity.configurations.flatMap(({ value, file, locate }) =>
      placed(
        // Flags are read as what they mean, which is no file of that server's.
        checkAuthenticationConfiguration(
          value,
          kubernetes === undefined || file === FLAGS ? {} : { kubernetes },
        ),
        file,
        locate,
      ),
    ),
    ...identity.kubeconfigs.flatMap(({ value, file, locate }) =>
      placed(checkKubeconfig(value), file, locate),
    ),
  ];
  // A document that its reader refuses tells nothing of how logins go on.
  if (findings.some(({ severity }) => severity === "error") || identity.realms.length === 0) return findings;
  const model = identityOf(set);
  return model === undefined ? findings : [...findings, ...identityFindings(model)];
}

function placed(
  findings: readonly Finding[],
  file: string | undefined,
  locate: LocateField | undefined,
): Finding[] {
  const located = findings.map((finding) => {
    const at = finding.at ?? locate?.(finding.path);
    return at === undefined ? finding : { ...finding, at };
  });
  return inFile(file, located);
}

/** What a platform renders has no lines yet: the file is named in the message. */
function inFile(file: string | undefined, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) =>
    finding.at !== undefined || file === undefined
      ? finding
      : { ...finding, message: `${file}: ${finding.message}` },
  );
}
