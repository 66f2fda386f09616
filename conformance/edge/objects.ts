import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Resource, readYaml, seal } from "@ashlar/core";
import { apps, authProxy, issuer } from "@ashlar/ingress";
import type { ControlPlane } from "../components/control-plane.ts";
import type { RealSet } from "../real-sets/sets.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The golden outputs of the blocks of packages/ingress, which are what the builders give (its unit tests say so). */
export function renderedObjects(): { readonly name: string; readonly resources: readonly Resource[] }[] {
  return globSync("packages/ingress/src/*/cases/*.out.yaml", { cwd: ROOT })
    .sort()
    .map((name) => {
      const { resources, findings } = readYaml(readFileSync(join(ROOT, name)), { file: name });
      if (findings.length > 0) throw new Error(`${name}: ${findings[0]?.message}`);
      return { name, resources };
    });
}

/** Secrets that the blocks leave without data, sealed with values of the right lengths. */
export function sealedObjects(): Resource[] {
  const proxy = {
    name: "logs",
    host: "logs.k8s.strix.kr",
    upstream: "efk-kibana.default:443",
    pods: { app: "kibana" },
    groups: "any",
    issuer: "https://iam.k8s.strix.kr/realms/master",
    clientId: "kubernetes",
    trustedProxies: ["100.96.0.0/11"],
    apiServer: [],
  } as const;
  const { name: _, host, upstream, pods, groups, ...auth } = proxy;
  const blocks = [
    authProxy({ ...proxy, flavour: "gatekeeper" }),
    apps({
      routes: "ingress",
      auth,
      services: { "default/efk-kibana": { pods } },
      apps: { logs: { host, to: upstream, login: groups } },
    }),
    issuer({
      email: "info@strix.co.kr",
      server: "staging",
      solvers: [
        {
          route53: {
            auth: {
              accessKeyId: "AKIAIOSFODNN7EXAMPLE",
              secret: { from: { from: "env", name: "AWS_SECRET" } },
            },
          },
        },
      ],
    }),
  ];
  return blocks
    .flatMap(({ sealed = [] }) => sealed)
    .map((one) => seal(one, Object.fromEntries(Object.keys(one.values).map((key) => [key, "k".repeat(32)]))));
}

/** Creates the CRDs of a set, and waits until each is served. */
export async function createDefinitions(server: ControlPlane, { files }: RealSet): Promise<number> {
  const definitions = files
    .flatMap(({ name, text }) => readYaml(text, { file: name }).resources)
    .filter(({ kind }) => kind === "CustomResourceDefinition");
  for (const definition of definitions) {
    const answer = await server.create(definition);
    if (!answer.accepted) throw new Error(`${definition.metadata.name}: ${answer.status.message}`);
  }
  const isServed = async ({ spec }: Resource) => {
    const { group, names, versions } = spec as {
      group: string;
      names: { plural: string };
      versions: { name: string; served: boolean }[];
    };
    const served = versions.filter((version) => version.served);
    const listed = await Promise.all(
      served.map(async ({ name }) => {
        const [objects, discovery] = await Promise.all([
          server.get(`/apis/${group}/${name}/${names.plural}`),
          server.get(`/apis/${group}/${name}`),
        ]);
        const { resources = [] } = discovery.body as {
          readonly resources?: readonly { readonly name: string }[];
        };
        return objects.code === 200 && resources.some((resource) => resource.name === names.plural);
      }),
    );
    return listed.every(Boolean);
  };
  for (let i = 0; ; i++) {
    const ready = await Promise.all(definitions.map(isServed));
    if (ready.every(Boolean)) return definitions.length;
    if (i === 100) throw new Error("the API server does not serve every definition");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
