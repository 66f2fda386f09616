import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { fieldsOf } from "@ashlar/core";
import { type ClusterOptions, connectCluster, type LiveError } from "@ashlar/core/live";
import { apply, plan } from "ashlar/live";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AdmissionWebhook, admissionWebhook } from "../components/admission-webhook.ts";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { expiringCredential } from "../components/expiring-credential.ts";
import { type Fault, type FaultProxy, faultProxy, type SeenRequest } from "../components/fault-proxy.ts";
import {
  CANARY_NAMESPACE,
  canaries,
  canaryPlatform,
  filesIn,
  watchProcesses,
} from "../live-faults/canaries.ts";
import {
  applyVersion,
  disturb,
  expectWhole,
  isPaced,
  type Lane,
  numbered,
  type Outcome,
  startLane,
} from "../live-faults/lane.ts";
import { givenObjects, type Version } from "../live-faults/platform.ts";
import { ashlar, nursery } from "../live-faults/processes.ts";
import { listedKinds, newState, type State } from "../live-faults/state.ts";

/** Platforms that are disturbed side by side: a run waits more than it works. */
const SUFFIXES = ["-first", "-second", "-third"];
const ALL_SUFFIXES = [...SUFFIXES, "-fresh"];
/** On a machine that has other things to do. */
const SOON = { timeout: 10_000 };
const KILLS = { fresh: 11, alternating: 39 };
const PLATFORM = fileURLToPath(new URL("../live-faults/fixtures/platform.ts", import.meta.url));
const TOKENS = ["first", "second", "third", "fourth"].map((name) => `${name}-token`);
const random = seeded(8);
let plane: ControlPlane;
let cache: string;
const nurseries = new Map<Lane, ReturnType<typeof nursery>>();
let lanes: readonly Lane[];

beforeAll(async () => {
  const users = TOKENS.map((token) => ({ token, user: "deployer", groups: ["system:masters"] }));
  plane = await startControlPlane({ controllers: true, audit: true, users });
  lanes = await Promise.all(SUFFIXES.map((suffix) => startLane(plane, suffix, ALL_SUFFIXES)));
  cache = join(plane.folder, "compiled");
  // A process that is killed leaves nothing in the cache of compiled code: one that ends well fills it for all.
  const [lane] = lanes as [Lane];
  const first = nursery(lane.proxy.kubeconfig, cache);
  const child = await first.take();
  child.send({ go: lane.next(), suffix: lane.suffix, kubeconfig: lane.proxy.kubeconfig });
  expect([(await child.exit).code, child.ended()]).toEqual([0, "done"]);
  expectWhole(await lane.run(lane.next()), "as a process did it");
  await first.close();
  for (const one of lanes) nurseries.set(one, nursery(one.proxy.kubeconfig, cache));
}, 300_000);
afterAll(async () => {
  for (const one of nurseries.values()) await one.close();
  for (const lane of lanes ?? []) await lane.close();
  await plane?.stop();
});

/** Does cases on all lanes, each on the first that is free. */
async function onLanes<T>(cases: readonly T[], work: (lane: Lane, one: T) => Promise<void>): Promise<void> {
  const open = [...cases];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let one = open.shift(); one !== undefined; one = open.shift()) await work(lane, one);
    }),
  );
}

/** Numbers in [0, 1), the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CODES = [409, 429, 500, 503, 504] as const;
/** Requests of one run that are disturbed: far from each other, and each once. */
const STRIDE = 9;

/** A conflict is an answer to a change alone. */
function answerAt(index: number, request: string, retryAfter = 0.1): Fault {
  const code = CODES[index % CODES.length]!;
  const isRead = request.startsWith("GET");
  return {
    answer: code === 409 && isRead ? 500 : code,
    after: index % 2 === 1,
    ...(code === 429 && { retryAfter, plain: index % 4 === 0 }),
  };
}

/** Faults at those requests of the lane's next run that this picks. */
function faultsOf(
  lane: Lane,
  pick: (request: string, at: number) => Fault | undefined,
): ReadonlyMap<string, Fault> {
  return new Map(
    lane.requests(lane.next()).flatMap((request, at) => {
      const fault = pick(request, at);
      return fault ? [[request, fault] as const] : [];
    }),
  );
}

/** Runs a lane to its next version with these faults, all of which have to come and to be ridden out. */
async function rideOut(
  lane: Lane,
  faults: ReadonlyMap<string, Fault>,
  name: string,
  options?: ClusterOptions,
): Promise<void> {
  const version = lane.next();
  const because = `${name}, ${lane.suffix} to ${version}`;
  const missing = disturb(lane.proxy, faults);
  expectWhole(await lane.run(version, options), because);
  expect(missing(), because).toEqual([]);
  await lane.expectState(version, because);
}

const upTo = (end: number) => Array.from({ length: end }, (_, at) => at);
const isWrite = (request: string) => !request.startsWith("GET") && !request.includes("dryRun");

describe("a fault at each request in turn is ridden out:", () => {
  const kinds: Record<string, (index: number, request: string) => Fault> = {
    "cut before the server has it": () => ({ cut: "before" }),
    "cut after the server has done it": () => ({ cut: "after" }),
    "half an answer": () => ({ cut: "half" }),
    "409, 429, 500, 503 or 504, before or after it is done": answerAt,
  };
  test.each(Object.entries(kinds))("%s", (name, faultAt) =>
    onLanes(upTo(STRIDE), (lane, offset) => {
      const pick = (request: string, at: number) =>
        at % STRIDE === offset ? faultAt(at, request) : undefined;
      return rideOut(lane, faultsOf(lane, pick), `${name}, ${offset}`);
    }),
  );

  test("409 for each change, and what the server says of it is not lost", () =>
    onLanes(upTo(4), (lane, offset) => {
      let writes = 0;
      const pick = (request: string): Fault | undefined =>
        isWrite(request) && writes++ % 4 === offset ? { answer: 409 } : undefined;
      return rideOut(lane, faultsOf(lane, pick), `409, ${offset}`);
    }));

  test("no answer at all", () =>
    onLanes(upTo(4), (lane, offset) => {
      const pick = (_request: string, at: number): Fault | undefined =>
        at % 40 === offset * 10 ? { hang: offset % 2 === 0 ? "before" : "after" } : undefined;
      return rideOut(lane, faultsOf(lane, pick), `hang, ${offset}`, { requestTimeoutSeconds: 0.7 });
    }));
});

describe("a server that fails for good", () => {
  const faults: readonly Fault[] = [
    { cut: "before" },
    { answer: 503 },
    { cut: "after" },
    { answer: 429, retryAfter: 1 },
    { cut: "half" },
    { answer: 500 },
    { hang: "before" },
    { answer: 504, after: true },
    { answer: 409 },
    { hang: "after" },
  ];

  test("ends a run in bounded time, and the next one does what is left", () =>
    onLanes(upTo(20), async (lane, at) => {
      const version = lane.next();
      const from = Math.floor(((at + 0.5) / 20) * lane.requests(version).length);
      const fault = faults[(at * 3) % faults.length]!;
      const because = `${JSON.stringify(fault)} from ${from} on, ${lane.suffix} to ${version}`;
      const mayTake = (request: { readonly method: string }) =>
        !("answer" in fault && fault.answer === 409 && request.method === "GET");
      lane.proxy.set((request) => (request.number > from && mayTake(request) ? fault : undefined));
      const hasty = { requestTimeoutSeconds: "hang" in fault ? 0.3 : 10, retrySeconds: 0.4, parallel: 2 };
      const { error, milliseconds, events } = await lane.run(version, hasty);
      expect(milliseconds, because).toBeLessThan(5_000);
      if (error) {
        expect(error.name, because).toBe("LiveError");
        expect(["unreachable", "timed-out", "server-error", "conflict"], because).toContain(error.code);
        expect(error.hint, because).not.toBe("");
      } else expect(events.at(-1), because).not.toMatchObject({ summary: { left: 0 } });
      await sleep(50);
      lane.proxy.set();
      await sleep(150);
      expect(lane.proxy.seen.length, `${because}: nothing is sent after the end`).toBe(0);
      expectWhole(await lane.run(version), because);
      await lane.expectState(version, because);
    }));
});

describe("a platform that the cluster has never seen", () => {
  let reference: State;
  let requests: readonly string[];
  const first = "-fresh0";

  beforeAll(async () => {
    const { proxy } = lanes[0]!;
    proxy.set();
    await newGround(first);
    expectWhole(await applyVersion(proxy, "a", first), "undisturbed");
    requests = numbered(proxy.seen.filter((request) => !isPaced(request)));
    reference = await newState(plane, first);
  });

  const newGround = async (suffix: string) => {
    for (const object of givenObjects(suffix)) await plane.create(object);
  };

  /** A namespace's ServiceAccount comes a moment after it, whoever was ended meanwhile. */
  const settled = async (suffix: string) => {
    await sleep(50);
    const namespace = `/api/v1/namespaces/one${suffix}`;
    if ((await plane.get(namespace)).code === 404) return;
    await expect
      .poll(async () => (await plane.get(`${namespace}/serviceaccounts/default`)).code, SOON)
      .toBe(200);
  };

  test("is made through faults at each request", () =>
    onLanes(upTo(8), async ({ proxy }, offset) => {
      const suffix = `-fresh${offset + 1}`;
      await newGround(suffix);
      const all = [{ cut: "before" }, { cut: "after" }, { cut: "half" }] as const;
      const faults = requests.flatMap((request, at): [string, Fault][] => {
        const own = request.replaceAll(first, suffix);
        if (at % 8 !== offset) return [];
        return [[own, at % 2 === 0 ? answerAt(at, own) : all[at % 3]!]];
      });
      const missing = disturb(proxy, new Map(faults));
      expectWhole(await applyVersion(proxy, "a", suffix), suffix);
      // How often it asks whether a controller has made something is nobody's.
      expect(
        missing().filter((request) => !/ #([2-9]|\d\d)/.test(request)),
        suffix,
      ).toEqual([]);
      expect(await newState(plane, suffix), suffix).toEqual(reference);
    }));

  test("is made whole after kill -9 at any point", () =>
    onLanes(upTo(KILLS.fresh), async (lane, at) => {
      const suffix = `-fresh-killed${at}`;
      await newGround(suffix);
      const number = 1 + Math.floor(random() * (requests.length - 5));
      await killed(lane, "a", suffix, number, at);
      await settled(suffix);
      lane.proxy.set();
      expectWhole(await applyVersion(lane.proxy, "a", suffix), `${suffix} at ${number}`);
      expect(await newState(plane, suffix), `${suffix} at ${number}`).toEqual(reference);
    }));
});

/** Ends a process at its so-many-th request, not counting paced ones: before the server has it, at any point of it, or after it is done. */
async function killed(
  lane: Lane,
  version: Version,
  suffix: string,
  number: number,
  mode: number,
): Promise<void> {
  const isReal = mode % 9 === 8;
  const { kubeconfig } = lane.proxy;
  const begun = isReal ? undefined : await (await nurseries.get(lane)!).take();
  let end = () => {};
  let count = 0;
  let at: SeenRequest | undefined;
  lane.proxy.set((request) => {
    if (isPaced(request)) return at && { cut: "before" };
    if (++count < number) return undefined;
    if (count > number) return { cut: "before" };
    at = request;
    if (mode % 3 === 2) return { hang: "after" };
    end();
    return mode % 3 === 0 ? { cut: "before" } : undefined;
  });
  const args = ["apply", PLATFORM, "--yes", "--prune", "--kubeconfig", kubeconfig];
  const params = ["--param", `version=${version}`, "--param", `suffix=${suffix}`];
  const running = begun ?? ashlar([...args, ...params], cache);
  const { process, exit } = running;
  end = () => process.kill("SIGKILL");
  begun?.send({ go: version, suffix, kubeconfig });
  if (mode % 3 === 2) {
    const isDone = () => at?.serverStatus !== undefined;
    for (const until = Date.now() + 10_000; !isDone() && Date.now() < until; ) await sleep(3);
    end();
  }
  const { signal } = await exit;
  expect(
    signal,
    `${suffix} at ${number}, ${mode}: ${lane.proxy.seen.length} ${begun?.ended()} ${JSON.stringify(running.said)}`,
  ).toBe("SIGKILL");
}

describe("kill -9", () => {
  test("at any point loses nothing and doubles nothing", () =>
    onLanes(upTo(KILLS.alternating), async (lane, at) => {
      const version = lane.next();
      const all = lane.requests(version).filter((request) => !/^GET .*\/configmaps\/ashlar-/.test(request));
      const count = all.length;
      // Reading changes nothing: most end while it writes.
      const writes = all.findIndex(isWrite);
      const number =
        at % 8 === 7
          ? 1 + Math.floor(random() * writes)
          : writes + 1 + Math.floor(random() * (count - writes));
      const because = `${lane.suffix} to ${version} at ${number} of ${count}, ${at}`;
      await killed(lane, version, lane.suffix, number, at);
      await sleep(50);
      lane.proxy.set();
      expectWhole(await lane.run(version), because);
      await lane.expectState(version, because);
    }));
});

describe("a token that ends", () => {
  test("in the middle is replaced by its plugin, once for all who wait", async () => {
    const lane = lanes[0]!;
    const version = lane.next();
    const credential = await expiringCredential(plane, TOKENS, 70);
    const kubeconfig = await lane.proxy.kubeconfigFor(credential.plugin);
    lane.proxy.set(credential.decide);
    expectWhole(await lane.run(version, { kubeconfig }), "tokens end");
    // Those that were under way with the old one do not each ask for another.
    expect(await credential.issued()).toBe(
      Math.ceil(lane.proxy.seen.filter(({ status }) => status !== 401).length / 70),
    );
    await lane.expectState(version, "tokens end");
  });

  test("and has no successor is refused, with what to do", async () => {
    const lane = lanes[0]!;
    lane.proxy.set();
    const kubeconfig = await lane.proxy.kubeconfigFor("no-such-token");
    const { error } = await lane.run(lane.next(), { kubeconfig });
    expect(error).toMatchObject({ code: "refused", hint: expect.stringContaining("log in again") });
    const { said, exit } = ashlar(
      [
        "apply",
        PLATFORM,
        "--yes",
        "--kubeconfig",
        kubeconfig,
        "--param",
        "version=a",
        "--param",
        "suffix=-x",
      ],
      cache,
    );
    expect((await exit).code).toBe(2);
    expect(said.err).toMatch(/does not know who asks.*\n +→ .*log in again/);
    expect(said.err).not.toContain("no-such-token");
    expectWhole(await lane.run("a"), "after it was refused");
  });
});

test("a server that is stopped and started again is waited for", async () => {
  const [applying, planning] = lanes as [Lane, Lane];
  const [a, b] = [applying.next(), planning.next()];
  const firstWrite = applying.requests(a).findIndex(isWrite);
  let restarted: Promise<void> | undefined;
  let other: Promise<Outcome> | undefined;
  const restart = async () => {
    await plane.stopApiServer();
    other = planning.run(b, { retrySeconds: 60 });
    await plane.startApiServer();
  };
  planning.proxy.set();
  applying.proxy.set(({ number }) => {
    if (number === firstWrite + 20) restarted = restart();
    return undefined;
  });
  expectWhole(await applying.run(a, { retrySeconds: 60 }), "restarted while it applied");
  await restarted;
  expectWhole(await other!, "down when it began");
  await applying.expectState(a, "restarted while it applied");
  // A server that has just started may not know of every kind yet: what was not seen is told, and not forgotten.
  expectWhole(await planning.run(b), "one more run");
  await planning.expectState(b, "down when it began");
});

describe("abort", () => {
  test("at any point ends promptly, and nothing is sent any more", () =>
    onLanes(upTo(15), async (lane) => {
      const version = lane.next();
      const number = 1 + Math.floor(random() * (lane.requests(version).length - 20));
      const because = `${lane.suffix} to ${version} at ${number}`;
      const stop = new AbortController();
      let stoppedAt = 0;
      lane.proxy.set((request) => {
        if (request.number !== number) return undefined;
        stoppedAt = Date.now();
        stop.abort();
        return undefined;
      });
      const { error } = await lane.run(version, { signal: stop.signal });
      expect(error, because).toMatchObject({ name: "LiveError", code: "aborted" });
      expect(Date.now() - stoppedAt, because).toBeLessThan(1_000);
      await sleep(50);
      lane.proxy.set();
      await sleep(100);
      expect(lane.proxy.seen.length, because).toBe(0);
      expectWhole(await lane.run(version), because);
      await lane.expectState(version, because);
    }));

  test("ends the pause before another try, and a wait for an answer", () =>
    onLanes(
      [{ answer: 503 }, { answer: 429, retryAfter: 30 }, { hang: "before" }] as Fault[],
      async (lane, fault) => {
        const stop = new AbortController();
        lane.proxy.set(() => fault);
        setTimeout(() => stop.abort(), 300);
        const options = { signal: stop.signal, retrySeconds: 60 };
        const { error, milliseconds } = await applyVersion(lane.proxy, lane.next(), lane.suffix, options);
        expect(error).toMatchObject({ code: "aborted" });
        expect(milliseconds).toBeLessThan(1_500);
      },
    ));

  test("leaves nothing that keeps the process, nor does a run that ends well", () =>
    onLanes(["plan", "apply", "never"] as const, async (lane, when) => {
      const version = lane.next();
      const writes = lane.requests(version).findIndex(isWrite);
      const child = await (await nurseries.get(lane)!).take();
      let at = 0;
      lane.proxy.set(({ number }) => {
        if (number !== { plan: 10, apply: writes + 5, never: -1 }[when]) return undefined;
        at = Date.now();
        child.send("abort");
        return { hang: "before" };
      });
      child.send({ go: version, suffix: lane.suffix, kubeconfig: lane.proxy.kubeconfig });
      expect(await child.exit).toEqual({ code: 0, signal: null });
      if (when !== "never") expect(Date.now() - at).toBeLessThan(2_000);
      expect([child.ended(), child.said.err]).toEqual([when === "never" ? "done" : "aborted", ""]);
      lane.proxy.set();
      expectWhole(await lane.run(version), when);
      await lane.expectState(version, when);
    }));

  test("by Ctrl-C ends the command with code 2", async () => {
    const [lane] = lanes as [Lane];
    const version = lane.next();
    const writes = lane.requests(version).findIndex(isWrite);
    const args = ["apply", PLATFORM, "--yes", "--prune", "--kubeconfig", lane.proxy.kubeconfig];
    const params = ["--param", `version=${version}`, "--param", `suffix=${lane.suffix}`];
    const { process, exit, said } = ashlar([...args, ...params], cache);
    lane.proxy.set(({ number }) => {
      if (number === writes + 8) process.kill("SIGINT");
      return number > writes + 8 ? { delay: 200 } : undefined;
    });
    expect(await exit).toEqual({ code: 2, signal: null });
    expect(said.err).toMatch(/was ended by its caller/);
    lane.proxy.set();
    expectWhole(await lane.run(version), "Ctrl-C");
    await lane.expectState(version, "Ctrl-C");
  });
});

describe("secret values", () => {
  const hidden = canaries();
  const bodies = new Set<string>();
  let proxy: FaultProxy;
  let webhook: AdmissionWebhook;
  let folder: string;
  let env: Record<string, string>;
  const at = (name: string) => `/api/v1/namespaces/${CANARY_NAMESPACE}/secrets/${name}`;
  const valuesOf = async (name: string) =>
    Object.values(fieldsOf(fieldsOf((await plane.get(at(name))).body).data)).map((value) =>
      Buffer.from(String(value), "base64").toString("utf8"),
    );

  beforeAll(async () => {
    hidden.plant("token", plane.token);
    folder = join(plane.folder, "canaries");
    await mkdir(folder);
    await writeFile(join(folder, "value"), hidden.plant("file"));
    await writeFile(join(folder, "printed"), hidden.plant("command"));
    await writeFile(join(folder, "plugin-token"), hidden.plant("plugin", randomBytes(32).toString("hex")));
    const lines = [hidden.plant("first line"), hidden.plant('second "line"')];
    env = {
      CANARY_FOLDER: folder,
      CANARY_ENV: hidden.plant("env"),
      CANARY_PULL: hidden.plant("pull password"),
      CANARY_LINES: lines.join("\n"),
    };
    proxy = await faultProxy(plane, ({ path }, body) => {
      if (hidden.in(body).length > 0) bodies.add(path);
    });
    const metadata = { namespace: CANARY_NAMESPACE };
    const data = (where: string) => ({ stringData: { password: hidden.plant(where) } });
    await plane.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: CANARY_NAMESPACE } });
    for (const name of ["adopted", "other-type", "unrelated"]) {
      const secret = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { ...metadata, name },
        ...data(`${name} before`),
      };
      expect(await plane.create(secret)).toMatchObject({ accepted: true });
    }
    webhook = await admissionWebhook(plane, ({ name, object }) => {
      if (name !== "echoed" || !object) return undefined;
      const read = Object.values(fieldsOf(object.data)).map((value) =>
        Buffer.from(String(value), "base64").toString(),
      );
      return `no: ${JSON.stringify(object)} ${JSON.stringify(read)} ${read.join(" ")}`;
    });
  });
  afterAll(async () => {
    await webhook?.close();
    await proxy?.close();
  });

  test("are in nothing that the commands print, write, show or send", async () => {
    const [home, cwd, temporary] = (await Promise.all(
      ["home", "cwd", "tmp"].map((name) => mkdtemp(join(plane.folder, `${name}-`))),
    )) as [string, string, string];
    const file = fileURLToPath(new URL("../live-faults/fixtures/canaries.ts", import.meta.url));
    const commands: readonly (readonly [args: readonly string[], code: number])[] = [
      [["diff", file, "--live"], 1],
      [["apply", file], 2],
      [["apply", file, "--yes", "--prune", "--force-conflicts", "all"], 1],
      [["apply", file, "--yes", "--format", "json"], 1],
      [["apply", file, "--explain-permissions"], 0],
    ];
    for (const [args, code] of commands) {
      const own = { ...env, HOME: home, TMPDIR: temporary, NODE_COMPILE_CACHE: "" };
      // A run of each kind with an answer that is lost: what is told of it is told too.
      let isLost = false;
      proxy.set(({ method, path }) => {
        if (isLost || method !== "PATCH" || path !== at("sources")) return undefined;
        isLost = true;
        return { cut: "after" };
      });
      const { process, said, exit } = ashlar([...args, "--kubeconfig", proxy.kubeconfig], cache, {
        env: own,
        cwd,
      });
      const watched = watchProcesses(process.pid!);
      const ended = await exit;
      const { shown, environments } = watched();
      expect(
        ended.code,
        `${args[0]}: ${hidden.in(said.out + said.err).length} shown; ${said.err.slice(0, 300)}`,
      ).toBe(code);
      if ((await plane.get(at("sources"))).code === 200)
        for (const value of await valuesOf("sources"))
          if (!/^canary-/.test(value)) hidden.plant("generated", value);
      expect(hidden.in(said.out), `${args}`).toEqual([]);
      expect(hidden.in(said.err), `${args}`).toEqual([]);
      expect(shown).toContain(file);
      expect(hidden.in(shown), `${args}`).toEqual([]);
      // Children have the environment that their parent was given, and nothing more.
      expect(
        hidden
          .in(environments)
          .filter((where) => !Object.values(env).some((text) => hidden.in(text).includes(where))),
      ).toEqual([]);
      if (args.includes("--yes"))
        expect(said.out, "refused, and told").toMatch(/echoed.*\n?.*denied the request/);
    }
    expect(hidden.in(await filesIn(home, cwd, temporary))).toEqual([]);
    expect((await valuesOf("sources")).length).toBe(4);
  });

  test("are in no plan, event or error", async () => {
    const before = await valuesOf("sources");
    const platform = canaryPlatform(folder);
    const shown: unknown[] = [];
    const follow = async (options: ClusterOptions) => {
      try {
        const cluster = await connectCluster({
          kubeconfig: proxy.kubeconfig,
          ...options,
          onRetry: (one) => shown.push(one),
        });
        const planned = await plan(platform, cluster, {
          env: { ...process.env, ...env, CANARY_ENV: hidden.plant("env, later") },
        });
        shown.push(cluster, planned);
        for await (const event of apply(planned)) shown.push(event);
      } catch (error) {
        shown.push(error, (error as Error).cause, (error as Error).stack, String(error));
      }
    };
    proxy.set();
    await follow({});
    const ofSecrets =
      (fault: Fault) =>
      ({ path }: SeenRequest) =>
        path.includes("/secrets") ? fault : undefined;
    for (const fault of [{ answer: 500 }, { answer: 403 }, { cut: "half" }, { hang: "after" }] as const) {
      proxy.set(ofSecrets(fault));
      await follow({ retrySeconds: 0.2, requestTimeoutSeconds: 0.3 });
    }
    const kubeconfig = await proxy.kubeconfigFor(hidden.plant("a token that ended"));
    proxy.set();
    await follow({ kubeconfig });
    await follow({
      kubeconfig: await proxy.kubeconfigFor({ command: "sh", args: ["-c", `cat ${join(folder, "value")}`] }),
    });
    await follow({
      kubeconfig: await proxy.kubeconfigFor({
        command: "sh",
        args: ["-c", `cat ${join(folder, "plugin-token")} >&2; exit 1`],
      }),
    });
    expect(shown.filter((one) => one instanceof Error).map((error) => (error as LiveError).code)).toEqual(
      expect.arrayContaining(["refused", "login-needed"]),
    );
    for (const one of shown)
      expect(
        hidden.in(`${inspect(one, { depth: Infinity, showHidden: true })} ${JSON.stringify(one)}`),
      ).toEqual([]);
    // What was made at random is made once.
    expect((await valuesOf("sources")).filter((value) => before.includes(value))).toHaveLength(3);
  });

  test("are in no request but those for Secrets, in no other object and in no audit log", async () => {
    expect([...bodies].length).toBeGreaterThan(3);
    expect([...bodies].filter((path) => !/\/namespaces\/[^/]+\/secrets\/[^/]+$/.test(path))).toEqual([]);
    const kinds = (await listedKinds(plane)).filter(({ kind }) => kind !== "Secret");
    const all = [...kinds, { path: "/api/v1/events", kind: "Event" }];
    for (const { path } of all)
      expect(hidden.in(JSON.stringify((await plane.get(path)).body)), path).toEqual([]);
    const log = await readFile(plane.auditLog!, "utf8");
    expect(log.match(/"requestURI":"[^"]*\/secrets\/sources/g)?.length).toBeGreaterThan(3);
    // What a webhook says of a request the server itself writes down.
    const lines = log.split("\n").filter((line) => !line.includes("denied the request"));
    expect(hidden.in(lines.join("\n"))).toEqual([]);
  });
});
