import fc from "fast-check";
import { expect, test } from "vitest";
import { can } from "./can.ts";
import { type AccessChange, accessDiff } from "./diff.ts";
import { accessCell, accessMatrix } from "./matrix.ts";
import { accessModel } from "./model.ts";
import { actions, naiveCan, requests, sets } from "./naive.test-support.ts";
import { serviceAccountUser } from "./objects.ts";
import type { AccessRequest } from "./request.ts";
import { whoCan } from "./who-can.ts";

const RUNS = { seed: 20_261_123, numRuns: 400 };
const asked = fc.array(requests, { minLength: 20, maxLength: 20 });
const modelOf = (set: Parameters<typeof accessModel>[0]) => accessModel(set, { builtins: false });

test("can answers as a scan over all bindings does, with the same binding and subject", () => {
  let allowed = 0;
  fc.assert(
    fc.property(sets, asked, (set, list) => {
      const model = modelOf(set);
      for (const request of list) {
        const verdict = can(model, request);
        const naive = naiveCan(set, request);
        expect(verdict.allowed).toBe(naive !== undefined);
        if (!verdict.evidence) continue;
        allowed++;
        const { binding, subject } = verdict.evidence;
        const at = set.find(({ kind, metadata }) => kind === binding.kind && metadata.name === binding.name)!;
        const [, , , decided] = naive!.split(" ");
        expect(naive).toBe(`${binding.kind} ${binding.namespace ?? ""} ${binding.name} ${decided}`);
        const written = (at.subjects as { kind: string; name: string; namespace?: string }[])[
          Number(decided)
        ]!;
        const home = written.kind === "ServiceAccount" ? (written.namespace ?? binding.namespace) : "";
        expect(subject).toEqual({ kind: written.kind, name: written.name, namespace: home });
      }
    }),
    { ...RUNS, numRuns: 1500 },
  );
  expect(allowed).toBeGreaterThan(500);
});

test("more objects never take a right away", () => {
  fc.assert(
    fc.property(sets, fc.nat(), asked, (set, at, list) => {
      const index = at % (set.length + 1);
      const fewer = set.filter((resource, n) => n !== index || !resource.kind.endsWith("Binding"));
      const [small, whole] = [modelOf(fewer), modelOf(set)];
      for (const request of list)
        if (can(small, request).allowed) expect(can(whole, request).allowed).toBe(true);
    }),
    RUNS,
  );
});

test("a matrix is can for every cell", () => {
  let cells = 0;
  fc.assert(
    fc.property(sets, asked, (set, list) => {
      const model = modelOf(set);
      const resources = [...new Set(list.flatMap(({ resource }) => resource ?? []))];
      const verbs = [...new Set(list.map(({ verb }) => verb))];
      const subjects = list.map(({ user, groups }) => ({ ...(user && { user }), ...(groups && { groups }) }));
      const namespaces = ["", "prod", "dev"];
      const on = resources.flatMap((resource) =>
        ["", "apps"].flatMap((group) => ["", "log"].map((subresource) => ({ group, resource, subresource }))),
      );
      const matrix = accessMatrix(model, { subjects, resources: on, verbs, namespaces });
      const wrong: object[] = [];
      for (const [s, subject] of subjects.entries())
        for (const [r, resource] of on.entries())
          for (const [v, verb] of verbs.entries())
            for (const [n, namespace] of namespaces.entries()) {
              const request = { ...subject, ...resource, verb, namespace };
              cells++;
              if (accessCell(matrix, s, r, v, n) !== can(model, request).allowed) wrong.push(request);
            }
      expect(wrong).toEqual([]);
    }),
    { ...RUNS, numRuns: 40 },
  );
  expect(cells).toBeGreaterThan(100_000);
});

test("whoCan names exactly those who can alone", () => {
  fc.assert(
    fc.property(sets, fc.array(actions, { minLength: 5, maxLength: 5 }), (set, list) => {
      const model = modelOf(set);
      for (const action of list) {
        const named = whoCan(model, action).map(({ subject: { kind, name, namespace } }) =>
          kind === "Group"
            ? `g ${name}`
            : `u ${kind === "User" ? name : serviceAccountUser(namespace, name)}`,
        );
        const able = [
          ...["system:masters", ...model.groups.keys()]
            .filter((name) => can(model, { ...action, groups: [name] }).allowed)
            .map((name) => `g ${name}`),
          ...[...model.users.keys()]
            .filter((user) => can(model, { ...action, user }).allowed)
            .map((user) => `u ${user}`),
        ];
        expect(new Set(named)).toEqual(new Set(able));
        expect(named.length).toBe(new Set(named).size);
      }
    }),
    RUNS,
  );
});

/** Whether a change is about a request: its subject alone, and every part named or starred. */
function contains(change: AccessChange, request: AccessRequest): boolean {
  const { verb, group = "", resource, subresource = "", name = "", namespace = "", path } = request;
  const { namespaces, except } = change;
  if (!change.verbs.includes(verb) && !change.verbs.includes("*")) return false;
  if (resource === undefined)
    return change.paths.some(
      (url) => url === path || (url.endsWith("*") && path?.startsWith(url.slice(0, -1))),
    );
  if (namespaces === "all" ? except.includes(namespace) : !namespaces.includes(namespace)) return false;
  if (change.resourceNames.length > 0 && !change.resourceNames.includes(name)) return false;
  return change.resources.some(
    (on) =>
      (on.group === "*" || on.group === group) &&
      ((on.resource === "*" && on.subresource === "") ||
        ((on.resource === "*" || on.resource === resource) && on.subresource === subresource)),
  );
}

test("a diff lists what can tells apart, and nothing else", () => {
  let changed = 0;
  fc.assert(
    fc.property(sets, sets, fc.array(actions, { minLength: 30, maxLength: 30 }), (before, after, list) => {
      const [old, now] = [modelOf(before), modelOf(after)];
      const changes = accessDiff(old, now);
      for (const { change, example } of changes) {
        expect(can(old, example).allowed).toBe(change === "loses");
        expect(can(now, example).allowed).toBe(change === "gains");
      }
      const subjects = [...new Set([...old.groups.keys(), ...now.groups.keys()])]
        .filter((name) => name !== "system:masters")
        .map((name) => ({ groups: [name] }) as Pick<AccessRequest, "user" | "groups">);
      for (const user of new Set([...old.users.keys(), ...now.users.keys()])) subjects.push({ user });
      for (const identity of subjects)
        for (const action of list) {
          const request = { ...identity, ...action };
          const [could, may] = [can(old, request).allowed, can(now, request).allowed];
          if (could === may) continue;
          changed++;
          const own = changes.filter(
            ({ example: { user, groups } }) => user === identity.user && groups?.[0] === identity.groups?.[0],
          );
          const told = own.some((one) => one.change === (may ? "gains" : "loses") && contains(one, request));
          if (!told) expect(request).toBe("in a change");
        }
    }),
    RUNS,
  );
  expect(changed).toBeGreaterThan(300);
});

test("a right without stars changes for every object of its resources and namespaces", () => {
  fc.assert(
    fc.property(sets, sets, (before, after) => {
      const [old, now] = [modelOf(before), modelOf(after)];
      for (const { change, verbs, resources, resourceNames, namespaces, example } of accessDiff(old, now)) {
        const exact = ![...verbs, ...resources.flatMap(({ group, resource }) => [group, resource])].includes(
          "*",
        );
        if (!exact || namespaces === "all" || resourceNames.length === 0) continue;
        for (const verb of verbs)
          for (const on of resources)
            for (const name of resourceNames)
              for (const namespace of namespaces) {
                const { user, groups } = example;
                const request = {
                  ...(user !== undefined && { user }),
                  ...(groups && { groups }),
                  verb,
                  ...on,
                  name,
                  namespace,
                };
                expect(can(old, request).allowed).toBe(change === "loses");
                expect(can(now, request).allowed).toBe(change === "gains");
              }
      }
    }),
    RUNS,
  );
});

test("equal sets have no differences, in any order of objects", () => {
  fc.assert(
    fc.property(sets, (set) => {
      expect(accessDiff(modelOf(set), modelOf(set.toReversed()))).toEqual([]);
    }),
    RUNS,
  );
});
