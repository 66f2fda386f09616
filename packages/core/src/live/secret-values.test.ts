import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import type { Resource } from "../resource.ts";
import { fieldsOf } from "../rules/references/json-values.ts";
import type { Sealed } from "../sealed.ts";
import { sealWithSources } from "./secret-values.ts";

const folder = mkdtempSync(join(tmpdir(), "ashlar-secret-values-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "token"), "from a file\n");

/** Two keys of one value each, and one of both. */
const sealed = (values: Sealed["values"]): Sealed => ({
  metadata: { name: "login", namespace: "dev" },
  type: "Opaque",
  values,
  keys: ["client", "cookie", "both"],
  data: ({ client = "", cookie = "" }) => ({ client, cookie, both: `${client}:${cookie}` }),
});
const FROM_ENV = sealed({
  client: { from: "env", name: "CLIENT" },
  cookie: { from: "generated", bytes: 24 },
});

const text = (secret: Resource | undefined, key: string) =>
  Buffer.from(String(fieldsOf(secret?.data)[key]), "base64").toString();
const live = (data: Record<string, string>): Resource => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "login", namespace: "dev" },
  data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)])),
});

describe("where values come from", () => {
  test("the environment, and randomness that differs each time", async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => sealWithSources(FROM_ENV, undefined, { env: { CLIENT: "c1" } })),
    );
    expect(text(first?.secret, "client")).toBe("c1");
    expect(Buffer.from(text(first?.secret, "cookie"), "base64").length).toBe(24);
    expect(text(first?.secret, "cookie")).not.toBe(text(second?.secret, "cookie"));
    expect(text(first?.secret, "both")).toBe(`c1:${text(first?.secret, "cookie")}`);
  });

  test("a file without its last line end, and what a program prints", async () => {
    const both = sealed({
      client: { from: "file", path: "token" },
      cookie: { from: "command", argv: [process.execPath, "-e", "console.log('printed')"] },
    });
    const { secret } = await sealWithSources(both, undefined, { cwd: folder });
    expect([text(secret, "client"), text(secret, "cookie")]).toEqual(["from a file", "printed"]);
  });

  test.each<[string, Sealed["values"][string], string]>([
    ["no variable", { from: "env", name: "CLIENT" }, "the environment variable CLIENT"],
    ["an empty file", { from: "file", path: "absent" }, "the file absent"],
    [
      "a program that fails, whatever it says",
      { from: "command", argv: [process.execPath, "-e", "console.log('x'); process.exit(1)"] },
      `what ${process.execPath} prints`,
    ],
  ])("%s: no Secret is made, and it is told", async (_, client, missing) => {
    const one = sealed({ client, cookie: { from: "generated", bytes: 16 } });
    expect(await sealWithSources(one, undefined, { cwd: folder, env: {} })).toEqual({
      missing: [missing],
      kept: [],
    });
  });
});

describe("values that cannot be had as they are", () => {
  const program = (script: string): Sealed["values"][string] => ({
    from: "command",
    argv: [process.execPath, "-e", script],
  });
  const make = (client: Sealed["values"][string], signal?: AbortSignal) =>
    sealWithSources(sealed({ client }), undefined, { cwd: folder, ...(signal && { signal }) });
  const hanging = program("setInterval(() => {}, 1000)");
  afterEach(() => vi.restoreAllMocks());

  test("bytes that are no UTF-8 are refused by name, and never changed", async () => {
    writeFileSync(join(folder, "odd.bin"), Buffer.from("canary\xff\xfe\x00b\n", "latin1"));
    const hint = expect.stringContaining("base64");
    const refused = { code: "bad-input", hint };
    await expect(make({ from: "file", path: "odd.bin" })).rejects.toMatchObject({
      ...refused,
      message: "the file odd.bin is not UTF-8 text, as values of Secrets have to be here",
    });
    await expect(make(program("process.stdout.write(Buffer.from([97, 255]))"))).rejects.toMatchObject({
      ...refused,
      message: `what ${process.execPath} prints is not UTF-8 text, as values of Secrets have to be here`,
    });
    writeFileSync(join(folder, "mark"), "\ufeffü\u0000\n");
    expect(text((await make({ from: "file", path: "mark" })).secret, "client")).toBe("\ufeffü\u0000");
  });

  test("a program gets no input", async () => {
    const { secret } = await make(program("process.stdin.resume().on('end', () => console.log('ended'))"));
    expect(text(secret, "client")).toBe("ended");
  });

  test("a program that does not end is ended after a minute, and is no value that is not there", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
    await expect(make(hanging)).rejects.toMatchObject({
      code: "timed-out",
      message: `what ${process.execPath} prints was not there within 60 s`,
    });
    expect(timeout).toHaveBeenCalledWith(60_000);
  });

  test("a signal ends it at once, with what it has started", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const child = program(
      "require('node:child_process').spawn('sleep', ['5'], { stdio: 'inherit' }); setInterval(() => {}, 1000)",
    );
    const began = Date.now();
    await expect(make(child, stop.signal)).rejects.toMatchObject({ code: "aborted" });
    expect(Date.now() - began).toBeLessThan(3_000);
    await expect(make(hanging, AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
    await expect(make({ from: "file", path: "token" }, AbortSignal.abort())).rejects.toMatchObject({
      code: "aborted",
    });
  });
});

describe("what the cluster has", () => {
  test("a value that was made at random is kept, the others are as they are now", async () => {
    const found = await sealWithSources(
      FROM_ENV,
      live({ client: "old", cookie: "made once", both: "old:made once" }),
      {
        env: { CLIENT: "new" },
      },
    );
    expect(text(found.secret, "client")).toBe("new");
    expect(text(found.secret, "cookie")).toBe("made once");
    expect(text(found.secret, "both")).toBe("old:made once");
    expect([...found.kept].sort()).toEqual(["both", "cookie"]);
  });

  test("a key that is missing there is made", async () => {
    const found = await sealWithSources(FROM_ENV, live({ cookie: "made once" }), { env: { CLIENT: "c" } });
    expect(text(found.secret, "cookie")).toBe("made once");
    expect(text(found.secret, "both")).toMatch(/^c:/);
  });

  test("stands for a value that is not to be had now", async () => {
    const whole = live({ client: "old", cookie: "made once", both: "old:made once" });
    const found = await sealWithSources(FROM_ENV, whole, { env: {} });
    expect(fieldsOf(found.secret?.data)).toEqual(whole.data);
    expect(found.missing).toEqual(["the environment variable CLIENT"]);
  });

  test("does not when one of its keys is not there either", async () => {
    const found = await sealWithSources(FROM_ENV, live({ cookie: "x", both: "y" }), { env: {} });
    expect(found.secret).toBeUndefined();
  });
});
