import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RealmInput } from "../keycloak/intent.ts";
import { explainLogin } from "./explain-login.ts";
import { identityFindings } from "./identity-findings.ts";
import { json, modelOf } from "./platform.test-support.ts";
import { readRealm } from "./read-realm.ts";
import { tokensOf } from "./token.ts";

describe("laws", () => {
  const names = ["a", "b", "c", "d"];
  const subset = fc.subarray(names);
  const realms = fc
    .record({
      includes: fc.array(fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names))),
      groups: fc.dictionary(fc.constantFrom(...names), subset),
      links: fc.dictionary(fc.constantFrom(...names), subset),
      fullScope: fc.boolean(),
    })
    .map(
      ({ includes, groups, links, fullScope }): RealmInput => ({
        name: "p",
        roles: Object.fromEntries(
          names.map((name) => [
            name,
            { includes: includes.filter(([from]) => from === name).map(([, to]) => to) },
          ]),
        ),
        groups: Object.fromEntries(Object.entries(groups).map(([name, roles]) => [name, { roles }])),
        clients: { app: { groupsClaim: "groups", fullScope, roles: links } },
      }),
    );
  const groupsClaim = (value: unknown, groups: readonly string[]): readonly string[] => {
    const facts = readRealm({ realm: value });
    const client = facts.clients.get("app");
    if (client === undefined) throw new Error("the realm has lost its client");
    return (tokensOf(facts, client, "", { client: "app", groups }).idToken.groups ?? []) as readonly string[];
  };

  test("more groups never mean fewer roles, and cycles of composites end", () => {
    let some = 0;
    fc.assert(
      fc.property(realms, subset, subset, (intent, few, more) => {
        const value = json(intent);
        const all = groupsClaim(value, [...few, ...more]);
        const less = groupsClaim(value, few);
        if (less.length > 0) some++;
        expect(all).toEqual(expect.arrayContaining([...less]));
      }),
      { numRuns: 200, seed: 20180905 },
    );
    expect(some).toBeGreaterThan(20);
  });

  test("the claim is what a plain walk over the intent gives", () => {
    fc.assert(
      fc.property(realms, subset, (intent, groups) => {
        const held = new Set(groups.flatMap((group) => intent.groups?.[group]?.roles ?? []));
        for (let before = -1; before < held.size; ) {
          before = held.size;
          for (const role of [...held])
            for (const other of intent.roles?.[role]?.includes ?? []) held.add(other);
        }
        const links = Object.entries(intent.clients?.app?.roles ?? {});
        const expected = links
          .filter(([, carriers]) => carriers.some((carrier) => held.has(carrier)))
          .map(([name]) => name);
        expect(groupsClaim(json(intent), groups)).toEqual(expected.sort());
      }),
      { numRuns: 200, seed: 20180906 },
    );
  });

  test("any JSON as realm gives answers, not exceptions", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, inner) => {
        for (const realmValue of [
          value,
          { realm: "platform", clients: inner, roles: inner, groups: inner, clientScopes: inner },
          {
            realm: "platform",
            clients: [{ clientId: "kubernetes", protocolMappers: inner, redirectUris: inner }],
            groups: [{ name: "g", realmRoles: inner, subGroups: inner }],
          },
        ]) {
          const model = modelOf({ realm: realmValue });
          identityFindings(model);
          explainLogin(model, { groups: ["g"] });
        }
      }),
      { numRuns: 60, seed: 20180907 },
    );
  });
});
