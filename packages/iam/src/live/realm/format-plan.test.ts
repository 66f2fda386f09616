import { describe, expect, test } from "vitest";
import { formatRealmPlan } from "./format-plan.ts";
import { realmDiff } from "./realm-diff.ts";

/** The text of what it takes to get from one realm to another, by line, without the first. */
function lines(current: object | undefined, wanted: object, before?: object): string[] {
  const named = (realm: object) => ({ realm: "prod", ...realm });
  const diff = realmDiff(current && named(current), named(wanted), {
    ...(before && { before: named(before) }),
  });
  const plan = { url: "https://iam.example.test", realm: "prod", wanted, secretsCompared: false, ...diff };
  return formatRealmPlan(plan).split("\n").slice(1);
}

const roles = (...names: string[]) => names.map((name) => ({ name }));

describe("a change is told by what it means", () => {
  test("of fields, of lists and of secrets", () => {
    const current = {
      accessTokenLifespan: 300,
      loginTheme: "old",
      clients: [{ clientId: "wiki", redirectUris: ["https://old.example.test/"], publicClient: true }],
    };
    const wanted = {
      accessTokenLifespan: 60,
      loginTheme: "",
      clients: [
        {
          clientId: "wiki",
          redirectUris: ["https://new.example.test/"],
          publicClient: false,
          secret: `\${WIKI}`,
          attributes: { "pkce.code.challenge.method": "S256" },
        },
      ],
    };
    expect(lines(current, wanted)).toEqual([
      '  ~ the realm: accessTokenLifespan: 300 → 60; loginTheme: "old" → nothing',
      '  ~ client wiki: redirect URI "https://new.example.test/" added; redirect URI "https://old.example.test/" removed; ' +
        `publicClient: true → false; secret changed to \${WIKI} (a secret); attributes[pkce.code.challenge.method] = "S256"`,
    ]);
  });

  test("of who gets and loses what", () => {
    const client = { clientId: "wiki" };
    const current = {
      clients: [client],
      roles: { realm: roles("developer", "odd role"), client: { wiki: roles("reader", "writer") } },
      groups: [{ name: "staff", clientRoles: { wiki: ["writer"] } }],
    };
    const wanted = {
      clients: [client],
      roles: {
        realm: [
          { name: "developer", composites: { client: { wiki: ["reader", "writer"] }, realm: ["odd role"] } },
        ],
      },
      groups: [{ name: "staff", realmRoles: ["developer"], subGroups: [{ name: "new/er" }] }],
      scopeMappings: [{ client: "wiki", roles: ["developer"] }],
    };
    expect(lines(current, wanted)).toEqual([
      '  + whoever has role developer gets client roles wiki/{reader, writer}, role "odd role"',
      '  + group staff/"new/er"',
      "  + members of group staff get role developer",
      "  + tokens of client wiki may have role developer",
      "  - members of group staff lose client role wiki/writer",
      "in Keycloak and in no file, left alone:",
      '    role "odd role"',
      "    client role wiki/reader",
      "    client role wiki/writer",
    ]);
  });

  test("of what is deleted, and what was not compared", () => {
    const old = { roles: { realm: roles("old") }, groups: [{ name: "old" }] };
    const mail = { smtpServer: { password: "x" } };
    expect(lines({ ...old, ...mail }, { smtpServer: { password: `\${MAIL}` } }, old)).toEqual([
      "  - group old is deleted, with its sub-groups: its members lose what it gives",
      "  - role old is deleted: everybody loses it",
      "not compared, for the value is a secret:",
      "    smtpServer.password of the realm",
    ]);
  });

  test("of a new realm without what Keycloak would have made", () => {
    const wanted = {
      enabled: true,
      clients: [
        { clientId: "account", enabled: false },
        { clientId: "wiki", enabled: true, publicClient: false },
      ],
    };
    expect(lines(undefined, wanted)).toEqual([
      "  + realm prod: enabled",
      "  + client wiki: enabled",
      "  + Keycloak's own clients and roles, as the file has them: 1 of the changes",
    ]);
  });
});

test("no name can make a line of its own, or turn one around", () => {
  const name = "a\n  - client b is deleted\u2028\u202e\u001b[2J";
  const wanted = {
    [name]: name,
    roles: { realm: [{ name, description: name }] },
    groups: [{ name, realmRoles: [name] }],
    clients: [{ clientId: name, redirectUris: [name], attributes: { [name]: name } }],
  };
  const text = lines({ roles: { realm: [{ name: `${name}2` }] } }, wanted);
  expect(text).toHaveLength(7);
  expect(text.join("")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
});
