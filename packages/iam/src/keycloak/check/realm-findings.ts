import type { Finding } from "@ashlar/core";
import { isRecord } from "@ashlar/core";
import { type AccessTokenUse, checkClients, checkGroupMappers } from "./clients.ts";
import { namesOf } from "./names-of.ts";
import { checkReferences } from "./references.ts";
import { type LocateField, teller } from "./report.ts";
import { checkSecrets } from "./secrets.ts";
import { checkStructure } from "./structure.ts";
import { checkUnique } from "./unique.ts";
import { checkValues } from "./values.ts";

/** What the file itself does not tell. */
export interface RealmContext {
  /** The realm that a partial import is for. Default: master. */
  readonly realm?: string;
  /** Clients whose access token a server takes (a proxy that passes it on), and the audience that the server expects. */
  readonly accessTokens?: readonly AccessTokenUse[];
  readonly locate?: LocateField;
}

/**
 * What is wrong with a realm of Keycloak 26: anybody's import file, an export, or the body of a partial import (known by
 * its `ifResourceExists`). Total: takes any JSON value. Errors are what Keycloak refuses, and secrets that stand in the
 * file; warnings are logins that are weaker than they look.
 *
 * @param realm the parsed JSON
 * @example
 * realmFindings(JSON.parse(text)) // [{ code: "iam/no-redirect-wildcard", path: "clients[0].redirectUris[1]", … }]
 */
export function realmFindings(realm: unknown, context: RealmContext = {}): Finding[] {
  const findings: Finding[] = [];
  const tell = teller(findings, context.locate);
  if (!isRecord(realm)) {
    tell(
      "iam/valid-realm",
      "error",
      [],
      "expected a realm: a JSON object",
      'write { "realm": "platform", "enabled": true }',
    );
    return findings;
  }
  const isPartial = Object.hasOwn(realm, "ifResourceExists");
  const name = typeof realm.realm === "string" ? realm.realm : isPartial ? (context.realm ?? "master") : "";
  checkStructure(realm, isPartial, tell);
  checkValues(realm, isPartial, tell);
  checkUnique(realm, tell);
  // What a partial import names may be in the realm already.
  if (!isPartial) checkReferences(realm, namesOf(realm, name), tell);
  checkSecrets(realm, tell);
  checkClients(realm, name, context.accessTokens ?? [], tell);
  checkGroupMappers(realm, tell);
  if (isPartial && realm.ifResourceExists === "OVERWRITE")
    tell(
      "iam/no-overwriting-import",
      "warning",
      ["ifResourceExists"],
      "to overwrite a group or role is to delete it and make it anew: every user loses it",
      "write SKIP, and change what is there in place",
    );
  return findings;
}
