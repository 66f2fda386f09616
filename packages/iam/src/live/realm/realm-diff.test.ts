import { describe, expect, test } from "vitest";
import { realm } from "../../keycloak/realm.ts";
import { LiveError } from "../live-error.ts";
import { type RealmDiffOptions, realmDiff } from "./realm-diff.ts";

const file: Record<string, unknown> = JSON.parse(
  realm({
    name: "platform",
    roles: { operator: { includes: ["developer"] }, developer: {} },
    groups: { operator: { roles: ["operator"] }, developer: { roles: ["developer"] } },
    clients: {
      kubernetes: {
        logins: [{ host: "k8s.strix.kr" }],
        groupsClaim: "groups",
        roles: { developer: ["developer"], operator: ["operator"] },
      },
    },
  }).documents[0]?.text ?? "",
);
/** The same realm as Keycloak has it: with a secret, ids, defaults and what comes by itself. */
const running = changed((json) => {
  json.id = "1";
  json.accessTokenLifespan = 300;
  json.clients[0]!.secret = "a-secret-in-keycloak";
  json.clients[0]!.redirectUris.reverse();
  json.clients[0]!.attributes.realm_client = "false";
  json.clients.push({ ...plainClient("account"), enabled: true }, plainClient("broker"));
  json.roles.realm.push(plainRole("offline_access"), plainRole("default-roles-platform"));
});

/** What the tests change in a realm. */
interface Written {
  id?: string;
  displayName?: string;
  accessTokenLifespan?: number;
  readonly roles: { readonly realm: { name: string; composites: { realm?: string[] } }[] };
  readonly groups: {
    name: string;
    realmRoles?: string[];
    clientRoles?: Record<string, string[]>;
    subGroups?: object[];
  }[];
  readonly clients: {
    clientId: string;
    enabled?: boolean;
    secret?: string;
    redirectUris: string[];
    defaultClientScopes?: string[];
    readonly attributes: Record<string, string>;
    readonly protocolMappers: object[];
  }[];
}

function changed(change: (json: Written) => void, of: unknown = file): Record<string, unknown> {
  const json = structuredClone(of) as Written;
  change(json);
  return json as unknown as Record<string, unknown>;
}

function roleIn(json: Written, name: string) {
  return json.roles.realm.find((role) => role.name === name)!;
}

function plainRole(name: string) {
  return { name, composites: {} };
}

function plainClient(clientId: string, protocolMappers: object[] = []) {
  return { clientId, redirectUris: [], attributes: {}, protocolMappers };
}

const changes = (current: unknown, wanted: unknown, options?: RealmDiffOptions) =>
  realmDiff(current, wanted, options).changes;

function refused(run: () => unknown): LiveError {
  try {
    run();
  } catch (error) {
    if (error instanceof LiveError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("what is compared", () => {
  test("are fields that the file has; order, defaults and what Keycloak makes do not count", () => {
    expect(realmDiff(running, file)).toEqual({
      changes: [],
      foreign: [],
      unchecked: [{ id: ["clients", "kubernetes"], path: "secret" }],
    });
  });

  test("a realm against itself gives nothing, against nothing all of it", () => {
    expect(changes(file, file)).toEqual([]);
    const all = changes(undefined, file);
    expect(all.map(({ op }) => op)).toEqual(all.map(() => "create"));
    expect(all.map(({ kind }) => kind)).toEqual([
      "realm",
      "client",
      "mapper",
      ...["role", "role", "client-role", "client-role", "composite", "composite"],
      ...["group", "group", "group-role", "group-role"],
    ]);
  });

  test("settings, maps key by key, lists as sets", () => {
    const wanted = changed((json) => {
      json.displayName = "Platform";
      json.clients[0]!.redirectUris.push("https://logs.k8s.strix.kr/oauth2/callback");
      json.clients[0]!.attributes.own = "1";
    });
    expect(changes(running, wanted)).toEqual([
      { op: "update", kind: "realm", id: ["realm"], fields: [{ path: "displayName", to: "Platform" }] },
      {
        op: "update",
        kind: "client",
        id: ["clients", "kubernetes"],
        fields: [
          {
            path: "redirectUris",
            from: ["https://k8s.strix.kr/oauth2/callback"],
            to: ["https://k8s.strix.kr/oauth2/callback", "https://logs.k8s.strix.kr/oauth2/callback"],
          },
          { path: "attributes.own", to: "1" },
        ],
      },
    ]);
  });

  test("rights that nobody wrote down are taken away: of roles, of groups, in order after what is made", () => {
    const more = changed((json) => {
      roleIn(json, "developer").composites.realm = ["operator"];
      json.groups[0]!.clientRoles = { kubernetes: ["operator"] };
      json.groups[1]!.realmRoles = [];
    }, running);
    const link = (op: string, kind: string, id: string[], list: string, role: string[]) => ({
      op,
      kind,
      id,
      list,
      roles: [role],
      fields: [],
    });
    expect(changes(more, file)).toEqual([
      link("create", "group-role", ["groups", "operator"], "realmRoles", ["roles", "operator"]),
      link("delete", "group-role", ["groups", "developer"], "clientRoles.kubernetes", [
        ...["clients", "kubernetes", "roles", "operator"],
      ]),
      link("delete", "composite", ["roles", "developer"], "composites", ["roles", "operator"]),
    ]);
  });

  test("what a newer Keycloak adds to its own client's roles stays", () => {
    const own = (names: string[]) => ({
      realm: "platform",
      roles: {
        client: {
          "realm-management": [
            { name: "realm-admin", composites: { client: { "realm-management": names } } },
            { name: "view-users" },
            { name: "view-news" },
          ],
        },
      },
    });
    expect(changes(own(["view-users", "view-news"]), own(["view-users"]))).toEqual([]);
    expect(changes(own(["view-users"]), own(["view-users", "view-news"]))).toHaveLength(1);
  });
});

describe("secrets", () => {
  test("are compared when their values are known, and never told", () => {
    const right = new Map([["KUBERNETES_CLIENT_SECRET", "a-secret-in-keycloak"]]);
    expect(realmDiff(running, file, { values: right })).toEqual({ changes: [], foreign: [], unchecked: [] });
    const wrong = new Map([["KUBERNETES_CLIENT_SECRET", "another-secret"]]);
    const found = realmDiff(running, file, { values: wrong });
    expect(found.changes).toEqual([
      {
        op: "update",
        kind: "client",
        id: ["clients", "kubernetes"],
        fields: [{ path: "secret", to: `\${KUBERNETES_CLIENT_SECRET}`, secret: true }],
      },
    ]);
    expect(JSON.stringify(found)).not.toMatch(/a-secret-in-keycloak|another-secret/);
  });

  test("are set when there is none, and left when the file masks them", () => {
    const none = changed((json) => delete json.clients[0]!.secret, running);
    expect(changes(none, file)).toMatchObject([{ fields: [{ path: "secret", secret: true }] }]);
    const masked = changed((json) => {
      json.clients[0]!.secret = "**********";
    });
    expect(changes(running, masked)).toEqual([]);
  });

  test("in maps are not told either", () => {
    const mail = (password: string) => ({ realm: "platform", smtpServer: { host: "h", password } });
    const [change] = changes(mail("old-secret"), mail(`\${MAIL}`), {
      values: new Map([["MAIL", "new-secret"]]),
    });
    expect(change?.fields).toEqual([{ path: "smtpServer.password", to: `\${MAIL}`, secret: true }]);
    // Keycloak masks it: nobody can tell whether it is right.
    expect(changes(mail("**********"), mail(`\${MAIL}`), { values: new Map([["MAIL", "x"]]) })).toEqual([]);
  });
});

describe("what is in no file", () => {
  const theirs = changed((json) => {
    json.roles.realm.push(plainRole("theirs"));
    json.clients.push(plainClient("theirs", [{ name: "x", protocolMapper: "y" }]));
    json.groups.push({ name: "theirs", subGroups: [{ name: "below" }] });
    json.clients[0]!.protocolMappers.push({ name: "extra", protocolMapper: "y" });
  }, running);

  test("is told and stays", () => {
    expect(realmDiff(theirs, file)).toMatchObject({
      changes: [],
      foreign: [
        ["roles", "theirs"],
        ["clients", "kubernetes", "mappers", "extra"],
        ["clients", "theirs"],
        ["groups", "theirs"],
      ],
    });
  });

  test("goes when the file had it before, and only then", () => {
    const before = changed((json) => {
      json.roles.realm.push(plainRole("old"), plainRole("never-applied"));
      json.groups.push({ name: "old", subGroups: [{ name: "below" }] });
      json.clients.push(plainClient("account"), plainClient("old", [{ name: "m" }]));
    });
    const now = changed((json) => {
      json.roles.realm.push(plainRole("old"));
      roleIn(json, "developer").composites.realm = ["old"];
      json.groups.push({ name: "old", subGroups: [{ name: "below" }] });
      json.clients.push(plainClient("old", [{ name: "m" }]));
    }, theirs);
    // The role goes from all that have it: nothing is to be done about them.
    expect(changes(now, file, { before }).map(({ op, id }) => [op, ...id])).toEqual([
      ["delete", "groups", "old"],
      ["delete", "roles", "old"],
      ["delete", "clients", "old"],
    ]);
    expect(changes(now, file).map(({ op, kind }) => [op, kind])).toEqual([["delete", "composite"]]);
  });

  test("keeps a group of ours alive that it is in", () => {
    const group = (...subGroups: object[]) => ({ realm: "platform", groups: [{ name: "old", subGroups }] });
    const none = { realm: "platform" };
    const found = realmDiff(group({ name: "theirs" }), none, { before: group() });
    expect(found).toMatchObject({ changes: [], foreign: [["groups", "old"]] });
  });
});

describe("what cannot be applied to the realm as it is", () => {
  test("a role that is nowhere, with the name that was meant", () => {
    const wanted = changed((json) => {
      json.groups[0]!.realmRoles = ["develper"];
    });
    expect(refused(() => realmDiff(running, wanted))).toMatchObject({
      message: "group developer refers to role develper, which is neither in the file nor in Keycloak",
      hint: 'did you mean "developer"?',
    });
  });

  test("scopes of a client that is there", () => {
    const wanted = changed((json) => {
      json.clients[0]!.defaultClientScopes = ["email"];
    });
    expect(refused(() => realmDiff(running, wanted)).message).toContain(
      "defaultClientScopes of client kubernetes",
    );
  });
});
