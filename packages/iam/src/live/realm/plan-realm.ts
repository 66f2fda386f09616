import type { KeycloakConnection } from "./connection.ts";
import { checkNoLiteralSecret, placeholdersIn } from "./field-changes.ts";
import { type PlaceholderSource, placeholderValues } from "./placeholder-values.ts";
import { readCurrent } from "./read-current.ts";
import { type RealmDiff, realmDiff } from "./realm-diff.ts";
import { checkApplicable, realmParts } from "./realm-parts.ts";

/** What `applyRealm` would do. Plain JSON without a secret: it can be printed, kept and applied later. */
export interface RealmPlan extends RealmDiff {
  /** The Keycloak that it was made for. */
  readonly url: string;
  readonly realm: string;
  readonly wanted: unknown;
  readonly before?: unknown;
  /** Whether the values of secrets were compared too. */
  readonly secretsCompared: boolean;
}

export interface PlanRealmOptions {
  /** The realm's name, when the JSON has none, as the body of a partial import. */
  readonly realm?: string;
  /**
   * The realm's JSON as it was applied before: what it has and the wanted one has not is deleted. Without it nothing is. What
   * Keycloak made, what others made, and users are never deleted.
   */
  readonly before?: unknown;
  /** Gives the value of `${NAME}`, to compare secrets as well; without it those that are set are taken as right. */
  readonly secret?: PlaceholderSource;
  readonly signal?: AbortSignal;
}

/**
 * Compares a realm with the one that is wanted. Reads only.
 *
 * @param wanted the realm's JSON as `realm()` renders it, with `${NAME}` for secrets; for master the settings and the body of
 *   the partial import in one: `{ realm: "master", ...settings, ...additions }`
 * @throws LiveError `bad-input` when the JSON is no realm, holds a secret, or has parts that cannot be applied; else as the
 *   connection does
 */
export async function planRealm(
  connection: KeycloakConnection,
  wanted: unknown,
  options: PlanRealmOptions = {},
): Promise<RealmPlan> {
  const { realm, before, secret, signal } = options;
  const parts = realmParts(wanted, realm);
  checkApplicable(wanted);
  checkNoLiteralSecret(wanted);
  const values = secret && (await placeholderValues(placeholdersIn(wanted), secret));
  if (values) connection.hide([...values.values()]);
  const known = before === undefined ? [parts] : [parts, realmParts(before, parts.name)];
  const current = await readCurrent(connection, parts.name, known, signal);
  return {
    url: connection.url,
    realm: parts.name,
    wanted,
    ...(before !== undefined && { before }),
    secretsCompared: values !== undefined,
    ...realmDiff(current?.json, wanted, { name: parts.name, before, values }),
  };
}
