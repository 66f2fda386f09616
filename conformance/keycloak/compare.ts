/** Claims of the moment and of the session, which `tokenOf` leaves out. */
const OF_THE_MOMENT = [
  "acr",
  "allowed-origins",
  "at_hash",
  "auth_time",
  "exp",
  "iat",
  "jti",
  "nonce",
  "scope",
  "session_state",
  "sid",
];

/** Claims of a real token in the form of `tokenOf`: without those of the moment, lists sorted. */
export function comparable(claims: Readonly<Record<string, unknown>>): unknown {
  return sortedLists(
    Object.fromEntries(Object.entries(claims).filter(([name]) => !OF_THE_MOMENT.includes(name))),
  );
}

function sortedLists(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedLists).sort();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, sortedLists(inner)]));
}

const KEYS = ["clientId", "alias", "name"];

/**
 * Where an export does not have what was written. Fields that the export has besides are Keycloak's own; lists of named
 * objects are compared by name, other lists as sets. Masked secrets are not compared.
 */
export function missing(written: unknown, exported: unknown, path = ""): string[] {
  if (Array.isArray(written)) {
    if (!Array.isArray(exported)) return written.length === 0 ? [] : [`${path}: no list`];
    const key = KEYS.find((name) =>
      written.every((item) => typeof item === "object" && item !== null && name in item),
    );
    // No roles, groups or clients of ours: Keycloak has its own.
    if (written.length === 0 && typeof exported[0] === "object") return [];
    if (key === undefined || written.length === 0)
      return same(written, exported)
        ? []
        : [`${path}: ${JSON.stringify(exported)} is not ${JSON.stringify(written)}`];
    return written.flatMap((item) =>
      missing(
        item,
        exported.find((other) => other[key] === item[key]),
        `${path}[${item[key]}]`,
      ),
    );
  }
  if (typeof written === "object" && written !== null) {
    if (typeof exported !== "object" || exported === null)
      return Object.keys(written).length === 0 ? [] : [`${path}: missing`];
    return Object.entries(written).flatMap(([key, value]) =>
      missing(value, (exported as Record<string, unknown>)[key], `${path}.${key}`),
    );
  }
  if (exported === "**********") return [];
  return written === exported
    ? []
    : [`${path}: ${JSON.stringify(exported)} is not ${JSON.stringify(written)}`];
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  const texts = (list: readonly unknown[]) => JSON.stringify(list.map((item) => JSON.stringify(item)).sort());
  return texts(a) === texts(b);
}

/** Ids, and what Keycloak notes at a client for itself. */
const NOTES = ["containerId", "id", "nodeReRegistrationTimeout", "realm_client"];

/** An export without what differs between two realms that are alike. */
export function withoutIds<T>(exported: T): T {
  return JSON.parse(JSON.stringify(exported, (key, value) => (NOTES.includes(key) ? undefined : value)));
}
