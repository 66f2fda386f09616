import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { applyRealm, type LiveError, planRealm } from "@ashlar/iam/live";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { selfSignedCertificate } from "../components/certificate.ts";
import { freePort } from "../components/process.ts";
import { SMALL, SMALL_CHANGED } from "../keycloak/apply-realm.ts";
import { type Applying, canary, startApplying } from "../keycloak/applying.ts";
import { type Fault, faultyProxy } from "../keycloak/faulty-proxy.ts";

let site: Applying;

beforeAll(async () => {
  site = await startApplying();
}, 420_000);

afterAll(() => site?.stop());

afterEach(() => {
  site.proxy.set();
  expect(site.leaked()).toEqual([]);
});

describe("a Keycloak that fails", () => {
  const at = (fault: Fault) => (request: { readonly writes: boolean }) =>
    request.writes ? fault : undefined;

  beforeAll(async () => {
    await site.apply(await site.plan(SMALL));
  });

  test("to take a change says so, and is not asked twice", async () => {
    const planned = await site.plan(SMALL_CHANGED);
    const cases: [Fault, LiveError["code"]][] = [
      [
        { code: 400, body: { errorMessage: `bad value ${await site.secret("KUBERNETES_CLIENT_SECRET")}` } },
        "refused",
      ],
      [{ code: 403, body: { error: "HTTP 403 Forbidden" } }, "refused"],
      [{ code: 404, body: { error: "Could not find" } }, "conflict"],
      [{ code: 409, body: { errorMessage: "is there already" } }, "conflict"],
      [{ code: 500, body: { error: "unknown_error" } }, "server-error"],
      [{ code: 302 }, "bad-answer"],
      ["cut-before", "unreachable"],
    ];
    for (const [fault, code] of cases) {
      site.proxy.set(at(fault));
      const error = await site.failure(site.apply(planned));
      expect([error.code, site.writes().length], String(fault)).toEqual([code, 1]);
      expect(error.message).toContain(`0 of ${planned.changes.length} changes are made`);
    }
    // 401 comes before anything is done: a new token, and once more.
    site.proxy.set(at({ code: 401 }));
    expect(await site.failure(site.apply(planned))).toMatchObject({ code: "refused" });
    expect(site.writes()).toHaveLength(2);
    site.proxy.set();
    expect(await site.apply(planned)).toEqual(planned.changes);
  });

  test("for a moment is asked again when it is only to be read", async () => {
    let cut = 0;
    site.proxy.set(({ method }, number) => {
      if (method !== "GET" || number % 3 !== 1) return undefined;
      cut += 1;
      return cut % 2 === 0 ? { code: 503 } : "cut-before";
    });
    expect((await site.plan(SMALL_CHANGED)).changes).toEqual([]);
    expect(cut).toBeGreaterThan(3);
    site.proxy.set(({ method }) => (method === "GET" ? { code: 500 } : undefined));
    expect(await site.failure(site.plan(SMALL))).toMatchObject({ code: "server-error" });
    expect(site.proxy.seen.filter(({ method }) => method === "GET")).toHaveLength(3);
  });

  test("to answer at all is not waited for without end", async () => {
    const hasty = await site.connect(site.proxy.url, { timeoutMs: 300 });
    site.proxy.set(() => "hang");
    expect(await site.failure(planRealm(hasty, SMALL))).toMatchObject({ code: "timed-out" });
    const signal = AbortSignal.timeout(100);
    expect(await site.failure(planRealm(site.connection, SMALL, { signal }))).toMatchObject({
      code: "timed-out",
    });
    site.proxy.set();
    const later = await site.plan({ ...SMALL_CHANGED, displayName: "Later" });
    const patient = await site.connect(site.proxy.url, { timeoutMs: 3_000 });
    site.proxy.set(at("hang"));
    const applied = applyRealm(patient, later, { secret: site.secret });
    expect(await site.failure(applied)).toMatchObject({ code: "timed-out" });
    expect(site.writes()).toHaveLength(1);
    site.proxy.set(() => "hang");
    const caller = new AbortController();
    setTimeout(() => caller.abort(), 50);
    const byCaller = planRealm(site.connection, SMALL, { signal: caller.signal });
    expect(await site.failure(byCaller)).toMatchObject({ code: "aborted" });
  });

  test("to let us in says why", async () => {
    const down = `http://127.0.0.1:${await freePort()}`;
    expect(await site.failure(site.connect(down))).toMatchObject({ code: "unreachable" });
    const wrong = site.connect(site.proxy.url, { clientSecret: async () => site.clientSecret.slice(1) });
    expect(await site.failure(wrong)).toMatchObject({
      code: "refused",
      message: expect.stringContaining("401"),
    });
    expect(await site.failure(site.connect(site.proxy.url, { realm: "nowhere" }))).toMatchObject({
      code: "conflict",
    });
    expect(await site.failure(site.connect(`${site.proxy.url}/auth`))).toMatchObject({ code: "conflict" });
    expect(await site.failure(site.connect("http://iam.example.test"))).toMatchObject({ code: "bad-input" });
  });

  test("to show a certificate that we know is not trusted", async () => {
    const folder = await mkdtemp(join(tmpdir(), "ashlar-realm-"));
    const { keyFile, certificate } = await selfSignedCertificate(folder);
    const key = await readFile(keyFile, "utf8");
    const tls = await faultyProxy(site.keycloak.url, { key, cert: certificate });
    try {
      expect(await site.failure(site.connect(tls.url))).toMatchObject({ code: "untrusted-certificate" });
      const trusting = await site.connect(tls.url, { certificateAuthority: certificate });
      expect((await planRealm(trusting, SMALL_CHANGED)).changes).toEqual([]);
    } finally {
      await tls.close();
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("to let a client without rights see the realm says so", async () => {
    const { admin } = site.keycloak;
    const little = { clientId: "little", secret: canary(), serviceAccountsEnabled: true };
    await admin.send("POST", "/realms/master/clients", little);
    const weak = await site.connect(site.proxy.url, {
      clientId: little.clientId,
      clientSecret: async () => little.secret,
    });
    const error = await site.failure(planRealm(weak, SMALL));
    expect([error.code, error.hint]).toEqual(["refused", expect.stringContaining("service account")]);
  });
});

describe("what Keycloak does not take", () => {
  test("is refused with its reason, and what it silently ignores is told", async () => {
    const odd = await site.plan({ ...SMALL, noSuchField: 1 });
    expect(await site.failure(site.apply(odd))).toMatchObject({
      code: "refused",
      message: expect.stringContaining("Unrecognized field"),
    });
    const ignored = await site.plan({ ...SMALL, loginWithEmailAllowed: null, accessTokenLifespan: null });
    expect(await site.failure(site.apply(ignored))).toMatchObject({
      code: "bad-answer",
      message: expect.stringContaining("accessTokenLifespan"),
    });
  });
});
