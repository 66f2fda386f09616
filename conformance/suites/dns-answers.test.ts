import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Resource } from "@ashlar/core";
import { type DnsModel, dnsModel, resolveName } from "@ashlar/dns";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ControlPlane, startControlPlane } from "../components/control-plane.ts";
import { type RunningCoredns, startCoreDns } from "../components/coredns.ts";
import { type DnsClient, dnsClient, type WireReply } from "../components/dns-client.ts";
import { CLUSTER, HOSTS_FILE, REWRITES, UPSTREAM, ZONE_FILE } from "../dns/corefiles.ts";
import { OBJECTS, POD_STATUS } from "../dns/objects.ts";
import { type Asked, CLUSTER_QUESTIONS, REWRITE_QUESTIONS } from "../dns/questions.ts";

let folder: string;
let server: ControlPlane;
const running: RunningCoredns[] = [];
const clients: DnsClient[] = [];
let cluster: { client: DnsClient; model: DnsModel };
let rewrites: { client: DnsClient; model: DnsModel };
let resources: Resource[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ashlar-dns-"));
  await writeFile(join(folder, "zone.test"), ZONE_FILE);
  await writeFile(join(folder, "hosts"), HOSTS_FILE);
  server = await startControlPlane();
  for (const resource of OBJECTS) {
    const answer = await server.create(resource, { fieldValidation: "Strict" });
    if (!answer.accepted) throw new Error(`${JSON.stringify(resource)}: ${answer.status.message}`);
  }
  for (const [name, status] of Object.entries(POD_STATUS)) await putStatus(name, status);
  resources = await stored();

  const files = {
    [join(folder, "zone.test")]: ZONE_FILE,
    [join(folder, "hosts")]: HOSTS_FILE,
    "/etc/hosts": await readFile("/etc/hosts", "utf8"),
  };
  const resolvConf = {
    nameservers: [],
    search: searchOf(await readFile("/etc/resolv.conf", "utf8").catch(() => "")),
  };
  let upstream: { address: string; model: DnsModel } | undefined;
  const start = async (text: string) => {
    const corefile = text
      .replaceAll("FOLDER", folder)
      .replaceAll("KUBECONFIG", server.kubeconfig)
      .replaceAll("127.0.0.1:UPSTREAM", upstream?.address ?? "");
    const coredns = await startCoreDns({ corefile });
    running.push(coredns);
    const client = dnsClient(coredns.port);
    clients.push(client);
    const port = String(coredns.port);
    const model = dnsModel(resources, {
      corefile: corefile.replaceAll("PORT", port),
      port,
      files,
      resolvConf,
      ...(upstream && { upstreams: { [upstream.address]: upstream.model } }),
    });
    expect(model.findings).toEqual([]);
    return { client, model, address: `127.0.0.1:${port}` };
  };
  upstream = await start(UPSTREAM);
  cluster = await start(CLUSTER);
  rewrites = await start(REWRITES);
}, 120_000);

afterAll(async () => {
  for (const client of clients) client.close();
  for (const coredns of running) await coredns.stop();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

function searchOf(resolvConf: string): string[] {
  return /^(?:search|domain)\s+(.*)$/m.exec(resolvConf)?.[1]?.trim().split(/\s+/) ?? [];
}

/** What the node of a pod does. */
async function putStatus(name: string, status: object): Promise<void> {
  const [namespace, pod] = name.split("/");
  const { users } = JSON.parse(await readFile(server.kubeconfig, "utf8")) as {
    users: { user: { token: string } }[];
  };
  const code = await new Promise<number>((resolve, reject) => {
    const call = request(
      `${server.url}/api/v1/namespaces/${namespace}/pods/${pod}/status`,
      {
        method: "PATCH",
        ca: server.ca,
        headers: {
          authorization: `Bearer ${users[0]!.user.token}`,
          "content-type": "application/merge-patch+json",
        },
      },
      (response) => {
        response.resume().once("end", () => resolve(response.statusCode ?? 0));
      },
    );
    call.once("error", reject).end(JSON.stringify({ status }));
  });
  if (code !== 200) throw new Error(`the status of ${name} was answered ${code}`);
}

/** The objects as the server has them. */
async function stored(): Promise<Resource[]> {
  const paths = [
    "/api/v1/namespaces",
    "/api/v1/services",
    "/api/v1/pods",
    "/apis/discovery.k8s.io/v1/endpointslices",
  ];
  const lists = await Promise.all(paths.map((path) => server.get(path)));
  return lists.map(({ body }) => body as Resource);
}

/** Records in any order, as text; the serial of a zone is a time. */
function textOf(
  records: readonly {
    readonly name: string;
    readonly type: string;
    readonly ttl?: number;
    readonly data?: string;
  }[],
): string[] {
  return records
    .map(({ name, type, ttl, data = "" }) => {
      const words = data.split(" ");
      return `${name} ${ttl} ${type} ${type === "SOA" ? words.with(2, "*").join(" ") : data}`.toLowerCase();
    })
    .sort();
}

interface Difference {
  readonly asked: Asked;
  readonly real: unknown;
  readonly ours: unknown;
}

async function compare(
  { client, model }: { client: DnsClient; model: DnsModel },
  questions: readonly Asked[],
) {
  const wrong: Difference[] = [];
  const outcomes: Record<string, number> = {};
  const pending = [...questions];
  const worker = async () => {
    for (let asked = pending.shift(); asked; asked = pending.shift()) {
      const { name, type } = asked;
      const reply: WireReply = await client.ask(name, type);
      const verdict = resolveName(model, name, { type, ...askedBy(name) });
      outcomes[verdict.outcome] = (outcomes[verdict.outcome] ?? 0) + 1;
      const withExtra = type === "SRV" && verdict.plugin !== "whoami";
      const real = {
        rcode: reply.rcode,
        answer: textOf(reply.answer),
        ...(withExtra && { extra: textOf(reply.additional) }),
      };
      const ours = {
        rcode: verdict.outcome === "no-reply" ? undefined : verdict.rcode,
        answer: textOf(verdict.records),
        ...(withExtra && { extra: textOf(verdict.additional) }),
      };
      const isSame =
        verdict.outcome !== "unknown" &&
        verdict.outcome !== "forwarded" &&
        JSON.stringify(real) === JSON.stringify(ours);
      if (!isSame) wrong.push({ asked, real, ours: { ...ours, text: verdict.text } });
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
  return { wrong, outcomes };
}

/** Our client has the address of the pod prod/asker; its names are complete, so that no search list adds to them. */
function askedBy(name: string) {
  return name.endsWith("verified.local.") ? { fromPod: "prod/asker" } : {};
}

describe("resolveName is what CoreDNS answers", () => {
  test("in a cluster, with every option of the kubernetes plugin, stub domains and a forwarded root", async () => {
    const questions = CLUSTER_QUESTIONS.map((asked) => ({ ...asked, name: `${asked.name}.` }));
    const { wrong, outcomes } = await compare(cluster, questions);
    expect(wrong.slice(0, 12)).toEqual([]);
    expect(wrong.length).toBe(0);
    expect(questions.length).toBeGreaterThan(2000);
    expect(outcomes.answer).toBeGreaterThan(500);
    expect(outcomes.nxdomain).toBeGreaterThan(500);
    expect(outcomes.nodata).toBeGreaterThan(300);
  });

  test("with rewrites, hosts, local names and a type that is changed", async () => {
    const questions = REWRITE_QUESTIONS.map((asked) => ({ ...asked, name: `${asked.name}.` }));
    const { wrong, outcomes } = await compare(rewrites, questions);
    expect(wrong.slice(0, 12)).toEqual([]);
    expect(wrong.length).toBe(0);
    expect(questions.length).toBeGreaterThan(300);
    expect(outcomes.answer).toBeGreaterThan(100);
  });

  test("a name that fits in no message gets no reply", async () => {
    const name = "long.my.svc.cluster.local.";
    expect(resolveName(cluster.model, name).outcome).toBe("no-reply");
    expect(await cluster.client.ask(name, "A", 1500)).toEqual({ answer: [], additional: [] });
  });
});

test("the comparison notices an object that is missing", async () => {
  const [namespaces, services, ...rest] = resources;
  const items = (services as unknown as { items: Resource[] }).items.filter(
    ({ metadata }) => metadata.name !== "web",
  );
  const { listener: _listener, ...options } = cluster.model;
  const less = dnsModel([namespaces!, { ...services!, items }, ...rest], {
    corefile: CLUSTER.replaceAll("PORT", "53").replaceAll("127.0.0.1:UPSTREAM", "127.0.0.1:1"),
    clusterDomain: options.clusterDomain,
  });
  const { wrong } = await compare({ client: cluster.client, model: less }, [
    { name: "web.my.svc.cluster.local.", type: "A" },
  ]);
  expect(wrong).toHaveLength(1);
});
