import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { formatRealmPlan, type PlanRealmOptions } from "@ashlar/iam/live";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { renderedRealm, SMALL, SMALL_AGAIN, SMALL_CHANGED } from "../keycloak/apply-realm.ts";
import { type Applying, CLIENT_ID, startApplying } from "../keycloak/applying.ts";
import type { Fault } from "../keycloak/faulty-proxy.ts";
import { STRIX_REALMS } from "../keycloak/strix-realms.ts";

let site: Applying;

beforeAll(async () => {
  site = await startApplying();
}, 420_000);

afterAll(() => site?.stop());

afterEach(() => {
  site.proxy.set();
  expect(site.leaked()).toEqual([]);
});

const changesOf = async (wanted: unknown, options?: PlanRealmOptions) =>
  (await site.plan(wanted, options)).changes;
const lines = async (wanted: unknown, options?: PlanRealmOptions) =>
  formatRealmPlan(await site.plan(wanted, options)).split("\n");

describe("the realms of the platform", () => {
  test.each(["prod", "dev", "platform"] as const)(
    "%s is made by one request, and only once",
    async (name) => {
      const wanted = renderedRealm(STRIX_REALMS[name]);
      const first = await site.plan(wanted);
      expect(first.changes[0]).toMatchObject({ op: "create", kind: "realm" });
      site.proxy.set();
      expect(await site.apply(first)).toEqual(first.changes);
      expect(site.writes().map(({ method, path }) => `${method} ${path}`)).toEqual(["POST /admin/realms"]);
      site.proxy.set();
      const again = await site.plan(wanted, { secret: site.secret });
      expect([again.changes, again.foreign, again.unchecked]).toEqual([[], [], []]);
      expect(await site.apply(again)).toEqual([]);
      expect(site.writes()).toEqual([]);
      // The plan that was made first is done already: nothing of it is left.
      expect(await site.apply(first)).toEqual([]);
      expect(site.writes()).toEqual([]);
    },
  );

  test("master gets what is new, keeps what is there, and gets it once", async () => {
    const wanted = renderedRealm(STRIX_REALMS.master);
    const before = (await site.exported("master")) as { readonly clients: readonly unknown[] };
    const first = await site.plan(wanted);
    site.proxy.set();
    expect(await site.apply(first)).toEqual(first.changes);
    expect(site.writes().length).toBeLessThanOrEqual(first.changes.length);
    site.proxy.set();
    const again = await site.plan(wanted, { secret: site.secret });
    expect(again.changes).toEqual([]);
    expect(again.foreign).toContainEqual(["clients", CLIENT_ID]);
    expect(await site.apply(again)).toEqual([]);
    expect(site.writes()).toEqual([]);
    const after = (await site.exported("master")) as typeof before;
    for (const client of before.clients) expect(after.clients).toContainEqual(client);
  });
});

describe("a realm that changes", () => {
  test("becomes what a new realm of the same file is, with one request for each change", async () => {
    await site.apply(await site.plan(SMALL));
    const changed = await site.plan(SMALL_CHANGED, { before: SMALL });
    site.proxy.set();
    expect(await site.apply(changed)).toEqual(changed.changes);
    // The mapper of the new client comes with it.
    expect(site.writes()).toHaveLength(changed.changes.length - 1);
    expect(new Set(changed.changes.map(({ op, kind }) => `${op} ${kind}`))).toEqual(
      new Set([
        ...["update realm", "update required-action", "create client", "update client"],
        ...["create mapper", "update mapper", "delete mapper", "create role", "update role"],
        ...["create client-role", "update client-role", "update group"],
        ...["create composite", "create group", "create group-role", "delete group-role"],
        ...["create scope-mapping", "delete client"],
      ]),
    );
    const byUpdate = await site.exported("small");
    await site.keycloak.admin.send("DELETE", "/realms/small");
    await site.apply(await site.plan(SMALL_CHANGED));
    expect(await site.exported("small")).toEqual(byUpdate);
  });

  test("goes back the same way", async () => {
    await site.keycloak.admin.send("DELETE", "/realms/small");
    await site.apply(await site.plan(SMALL));
    const small = await site.exported("small");
    await site.apply(await site.plan(SMALL_CHANGED, { before: SMALL }));
    expect(await site.exported("small")).not.toEqual(small);
    await site.apply(await site.plan(SMALL_AGAIN, { before: SMALL_CHANGED }));
    expect(await site.exported("small")).toEqual(small);
  });

  test("tells what each change means", async () => {
    expect(await lines(SMALL_CHANGED, { before: SMALL })).toEqual(
      expect.arrayContaining([
        "realm small: 32 changes",
        '  ~ the realm: displayName: "Small" → "Small, changed"; otpPolicyDigits: 6 → 8',
        '  ~ client kubernetes: redirect URI "https://logs.k8s.strix.kr/oauth2/callback" added',
        "  + whoever has role developer gets client role kubernetes/viewer",
        "  + members of group developer get client role wiki/reader",
        "  - members of group developer lose role developer",
        "  - client jenkins is deleted, with its roles and its users' sessions",
      ]),
    );
  });
});

describe("what was done by hand", () => {
  test("to our objects is shown and put right; what is others' stays", async () => {
    const { admin } = site.keycloak;
    await site.apply(await site.plan(SMALL));
    expect(await changesOf(SMALL, { secret: site.secret })).toEqual([]);
    const right = await site.exported("small");
    const [client] = await admin.get<{ id: string; protocolMappers: { id: string }[] }[]>(
      "/realms/small/clients?clientId=kubernetes",
    );
    const [group] = await admin.get<{ id: string }[]>("/realms/small/groups?search=developer");
    const developer = await admin.get<{ id: string }>("/realms/small/roles/developer");
    const [management] = await admin.get<{ id: string }[]>("/realms/small/clients?clientId=realm-management");
    const realmAdmin = await admin.get(`/realms/small/clients/${management?.id}/roles/realm-admin`);
    const drift: [Parameters<typeof admin.send>[0], string, unknown?][] = [
      [
        "PUT",
        `/clients/${client?.id}`,
        {
          redirectUris: ["https://evil.example.test/*"],
          webOrigins: [],
          secret: await site.secret("SET_BY_HAND"),
        },
      ],
      ["PUT", `/clients/${client?.id}`, { directAccessGrantsEnabled: true, webOrigins: [] }],
      ["DELETE", `/clients/${client?.id}/protocol-mappers/models/${client?.protocolMappers[0]?.id}`],
      ["POST", `/roles-by-id/${developer.id}/composites`, [realmAdmin]],
      ["DELETE", `/groups/${group?.id}/role-mappings/realm`, [developer]],
      ["PUT", "", { bruteForceProtected: false }],
    ];
    for (const [method, path, body] of drift)
      expect(await admin.send(method, `/realms/small${path}`, body)).toMatchObject({ code: 204 });
    expect(await lines(SMALL, { secret: site.secret })).toEqual([
      "realm small: 5 changes",
      "  ~ the realm: bruteForceProtected: false → true",
      `  ~ client kubernetes: secret changed to \${KUBERNETES_CLIENT_SECRET} (a secret); directAccessGrantsEnabled: true → false; redirect URI "https://k8s.strix.kr/oauth2/callback" added; redirect URI "https://evil.example.test/*" removed`,
      expect.stringMatching(/^ {2}\+ mapper groups of client kubernetes: protocolMapper = /),
      "  + members of group developer get role developer",
      "  - role developer no longer brings client role realm-management/realm-admin",
    ]);
    await site.apply(await site.plan(SMALL, { secret: site.secret }));
    expect(await site.exported("small")).toEqual(right);
    // A change of one field alone, to which Keycloak adds what it likes when it is not told everything.
    const field = { directAccessGrantsEnabled: true, webOrigins: [] };
    await admin.send("PUT", `/realms/small/clients/${client?.id}`, field);
    expect((await site.apply(await site.plan(SMALL))).map(({ fields }) => fields)).toEqual([
      [{ path: "directAccessGrantsEnabled", from: true, to: false }],
    ]);
    expect(await site.exported("small")).toEqual(right);
  });

  test("and is in no file is told and left alone, with a plan that deletes as well", async () => {
    const { admin } = site.keycloak;
    const others: [string, unknown][] = [
      ["/roles", { name: "others role" }],
      ["/clients", { clientId: "others", secret: await site.secret("OF_OTHERS") }],
      ["/groups", { name: "others" }],
      ["/users", { username: "somebody", enabled: true, groups: ["/viewer"] }],
    ];
    await site.apply(await site.plan(SMALL_CHANGED, { before: SMALL }));
    for (const [path, body] of others)
      expect((await admin.send("POST", `/realms/small${path}`, body)).code).toBe(201);
    // Somebody's group in one of ours that is to go.
    const [viewer] = await admin.get<{ id: string }[]>("/realms/small/groups?search=viewer");
    expect(
      (await admin.send("POST", `/realms/small/groups/${viewer?.id}/children`, { name: "theirs" })).code,
    ).toBe(201);
    const back = await site.plan(SMALL, { before: SMALL_CHANGED });
    expect(back.foreign).toEqual(
      expect.arrayContaining([
        ["roles", "others role"],
        ["clients", "others"],
        ["groups", "others"],
        ["groups", "viewer"],
      ]),
    );
    expect(back.changes).toContainEqual(expect.objectContaining({ op: "delete", id: ["clients", "wiki"] }));
    await site.apply(back);
    const names = async (path: string, key = "name") =>
      (await admin.get<Record<string, unknown>[]>(`/realms/small${path}`)).map((one) => one[key]);
    expect(await names("/roles")).toContain("others role");
    expect(await names("/roles")).not.toContain("viewer");
    expect(await names("/clients", "clientId")).toContain("others");
    expect(await names("/clients", "clientId")).not.toContain("wiki");
    expect(await names("/groups")).toEqual(["developer", "operator", "others", "viewer"]);
    expect(await names(`/groups/${viewer?.id}/children`)).toEqual(["theirs"]);
    expect(await names("/users", "username")).toEqual(["somebody"]);
    await admin.send("DELETE", "/realms/small");
  });

  test("between plan and apply is refused before anything is done", async () => {
    await site.apply(await site.plan(SMALL));
    const planned = await site.plan(SMALL_CHANGED);
    await site.keycloak.admin.send("PUT", "/realms/small", { displayName: "by hand" });
    site.proxy.set();
    expect(await site.failure(site.apply(planned))).toMatchObject({
      code: "conflict",
      message: "the realm has changed since the plan was made; nothing was done",
    });
    expect(site.writes()).toEqual([]);
    // What nobody planned to change may change.
    const other = await site.plan(SMALL_CHANGED);
    await site.keycloak.admin.send("PUT", "/realms/small", { loginTheme: "keycloak" });
    expect(await site.apply(other)).toEqual(other.changes);
    await site.keycloak.admin.send("DELETE", "/realms/small");
  });
});

describe("a run that is cut off", () => {
  test("at any request, before or after Keycloak has it, is finished by the next", async () => {
    await site.keycloak.admin.send("DELETE", "/realms/small");
    await site.apply(await site.plan(SMALL));
    const start = async () => site.apply(await site.plan(SMALL_AGAIN, { before: SMALL_CHANGED }));
    await start();
    const planned = await site.plan(SMALL_CHANGED, { before: SMALL });
    site.proxy.set();
    await site.apply(planned);
    const requests = [...site.proxy.seen];
    const end = await site.exported("small");
    const cuts = requests.flatMap(({ writes }, i): [number, Fault][] => [
      [i + 1, "cut-before"],
      ...(writes ? [[i + 1, "cut-after"] satisfies [number, Fault]] : []),
    ]);
    let samePlan = 0;
    for (const [at, fault] of cuts) {
      await start();
      const broken = new AbortController();
      site.proxy.set((_, number) => {
        if (number < at) return undefined;
        // After this nobody is there to ask again.
        setTimeout(() => broken.abort(), 50);
        return number === at ? fault : "cut-before";
      });
      const { code } = await site.failure(site.apply(planned, broken.signal));
      expect(["unreachable", "aborted"]).toContain(code);
      site.proxy.set();
      // Nothing is open but what was planned, so the same plan goes on.
      samePlan += (await site.apply(planned)).length > 0 ? 1 : 0;
      expect(await site.exported("small")).toEqual(end);
      expect(await changesOf(SMALL_CHANGED, { before: SMALL })).toEqual([]);
    }
    expect(cuts.length).toBeGreaterThan(85);
    expect(samePlan).toBeGreaterThan(55);
    console.log(`${cuts.length} cuts in ${requests.length} requests; ${samePlan} needed a second run`);
  }, 600_000);
});

describe("ashlar realm diff and apply, on the reference platform", () => {
  const ROOT = fileURLToPath(new URL("../..", import.meta.url));
  const SECRETS = ["KUBERNETES", "JENKINS", "NEXUS", "DOKUWIKI"].map((id) => `${id}_CLIENT_SECRET`);

  /** The program as a user runs it, from its sources. */
  const ashlar = (...args: readonly string[]) => {
    const bin = join(ROOT, "packages", "platform", "src", "cli", "bin.ts");
    const connection = [
      "--keycloak",
      site.keycloak.url,
      "--client-id",
      CLIENT_ID,
      "--client-secret-env",
      "SITE_SECRET",
    ];
    const platform = join(ROOT, "examples", "strix", "platform.ts");
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--conditions=@ashlar/source", bin, ...args, platform, ...connection],
      {
        cwd: ROOT,
        encoding: "utf8",
        env: {
          ...process.env,
          SITE_SECRET: site.clientSecret,
          ...Object.fromEntries(SECRETS.map((name) => [name, `canary-of-${name}`])),
        },
      },
    );
    for (const secret of [site.clientSecret, "canary-of-"]) expect(stdout + stderr).not.toContain(secret);
    return { status, stdout, stderr };
  };

  test("shows what is missing, makes it when told to, and then there is nothing left", () => {
    const realms = ["--realm", "master"];
    const dry = ashlar("realm", "apply", ...realms);
    expect(dry.stderr).toBe("");
    expect([0, 1]).toContain(dry.status);
    expect(ashlar("realm", "apply", ...realms, "--yes")).toMatchObject({ status: 0 });
    expect(ashlar("realm", "diff")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("realm prod: no changes"),
    });
  });
});
