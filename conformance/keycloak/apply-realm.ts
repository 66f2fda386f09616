import { realm } from "@ashlar/iam";

type Intent = Parameters<typeof realm>[0];
type Json = Record<string, unknown>;

/** A realm's JSON as our builder renders it; of master both files in one. */
export function renderedRealm(intent: Intent): Json {
  const files = new Map(realm(intent).documents.map(({ path, text }) => [path, text]));
  const file = (path: string) => JSON.parse(files.get(path) ?? "{}") as Json;
  if (intent.name !== "master") return file(`realms/${intent.name}.json`);
  return { realm: "master", ...file("realms/master-settings.json"), ...file("realms/master.json") };
}

const BASE = {
  name: "small",
  displayName: "Small",
  roles: { operator: { includes: ["developer"] }, developer: {} },
  groups: { operator: { roles: ["operator"] }, developer: { roles: ["developer"] } },
} satisfies Intent;

const NEXUS = { directAccessGrants: true, groupsClaim: "groups", roles: { reader: ["developer"] } };

/** A realm as it is first. */
export const SMALL = renderedRealm({
  ...BASE,
  clients: {
    kubernetes: {
      logins: [{ host: "k8s.strix.kr" }],
      groupsClaim: "groups",
      roles: { developer: ["developer"], operator: ["operator"] },
    },
    jenkins: { logins: [{ host: "deploy.k8s.strix.kr" }], roles: { developer: ["developer"] } },
    nexus: NEXUS,
  },
});

/** The same with a change of every kind that a plan has. */
export const SMALL_CHANGED = withOddNames(
  renderedRealm({
    ...BASE,
    displayName: "Small, changed",
    otp: { required: true, digits: 8 },
    roles: { ...BASE.roles, viewer: { description: "Looks" } },
    groups: {
      operator: { roles: ["operator", "viewer"] },
      developer: { clientRoles: { wiki: ["reader"] } },
      viewer: { roles: ["viewer"] },
    },
    clients: {
      kubernetes: {
        logins: [{ host: "k8s.strix.kr" }, { host: "logs.k8s.strix.kr" }],
        groupsClaim: "roles",
        accessTokenFor: ["kubernetes"],
        roles: { developer: ["developer"], operator: ["operator"], viewer: ["viewer", "developer"] },
      },
      nexus: NEXUS,
      wiki: { logins: [{ host: "wiki.strix.kr" }], groupsClaim: "groups", roles: { reader: ["viewer"] } },
    },
  }),
);

/** The first again, with nothing and with a new realm's defaults where the other has something of its own. */
export const SMALL_AGAIN = ((): Json => {
  const json = structuredClone(SMALL) as unknown as Editable;
  const nothing = { description: null, attributes: { note: [] } };
  Object.assign(named(json.roles.realm, "operator"), nothing);
  Object.assign(named(json.roles.client.nexus ?? [], "reader"), nothing);
  Object.assign(named(json.groups, "operator"), { attributes: { note: [] } });
  const actions = SMALL_CHANGED.requiredActions as { readonly alias: string }[];
  return {
    ...json,
    otpPolicyType: "totp",
    otpPolicyDigits: 6,
    requiredActions: actions.map((action) =>
      action.alias === "CONFIGURE_TOTP" ? { ...action, defaultAction: false } : action,
    ),
  };
})();

interface Editable {
  readonly roles: { readonly realm: Json[]; readonly client: Record<string, Json[]> };
  readonly groups: Json[];
  readonly clients: { readonly clientId: string; readonly protocolMappers?: { readonly config: Json }[] }[];
}

function named(list: readonly Json[], wanted: string): Json {
  const found = list.find(({ name }) => name === wanted);
  if (!found) throw new Error(`there is no ${wanted}`);
  return found;
}

/** Names that are no easy ones in URLs and texts, and what a file may have that our builder does not write. */
function withOddNames(json: Json): Json {
  const { roles, groups, clients } = structuredClone(json) as unknown as Editable;
  const note = ["한글", "b"];
  Object.assign(named(roles.realm, "operator"), { description: "Runs it", attributes: { note } });
  Object.assign(named(roles.client.nexus ?? [], "reader"), { description: "Reads" });
  Object.assign(named(groups, "operator"), { attributes: { note: ["a"] } });
  const nexus = clients.find(({ clientId }) => clientId === "nexus");
  Object.assign(nexus?.protocolMappers?.[0]?.config ?? {}, { "access.token.claim": "false" });
  return {
    ...json,
    // Keycloak reads a new realm's OTP policy as a whole: what is not written is no longer its default.
    otpPolicyLookAheadWindow: 1,
    clients,
    roles: { ...roles, realm: [...roles.realm, { name: 'odd "role" / 한글 ..%2F' }, { name: ".." }] },
    groups: [
      ...groups,
      {
        name: "odd / group",
        attributes: { note },
        realmRoles: ["..", 'odd "role" / 한글 ..%2F'],
        subGroups: [{ name: "in\nside", realmRoles: ["viewer"], clientRoles: { kubernetes: ["viewer"] } }],
      },
    ],
    scopeMappings: [{ client: "wiki", roles: ["viewer"] }],
    clientScopeMappings: { kubernetes: [{ client: "wiki", roles: ["viewer"] }] },
  };
}

/** What is of the moment or of the database in an export. */
const OF_THE_MOMENT = ["_id", "client.secret.creation.time", "containerId", "id", "notBefore", "parentId"];

/** Defaults that Keycloak gives to a client or mapper by one way of making it (an import, its REST API) and not by the other. */
const BY_ONE_WAY = [
  "backchannel.logout.revoke.offline.tokens",
  "backchannel.logout.session.required",
  "post.logout.redirect.uris",
  "userinfo.token.claim",
];
const NOT_COMPARED = new Set([...OF_THE_MOMENT, ...BY_ONE_WAY]);

/** An export of a realm in a form in which equal realms are equal texts. */
export function settled(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(settled);
    return items.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !NOT_COMPARED.has(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, settled(inner)]),
  );
}
