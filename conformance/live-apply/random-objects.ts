/** Objects of many kinds, and edits of them: by the platform, and by others. */
import type { Resource } from "@ashlar/core";
import fc from "fast-check";
import type { ControlPlane } from "../components/control-plane.ts";
import { configMap, service, thing, workload } from "./objects.ts";

const SPACE = "random";

/** An object as the platform says it now; and what somebody else did to the one in the cluster. */
export interface Edited {
  readonly object: Resource;
  readonly what: string;
  readonly byOthers?: (plane: ControlPlane, collection: string) => Promise<void>;
}

const word = fc.constantFrom("a", "b", "c", "d", "e.f/g", "h-i");
const key = fc.constantFrom("a", "b", "c", "d", "e-f");
const labels = fc.dictionary(key, fc.constantFrom("", "1", "two"), { maxKeys: 3 });
const env = fc.uniqueArray(
  fc.record({ name: fc.constantFrom("A", "B", "C", "D"), value: fc.constantFrom("", "1", "$(A)") }),
  {
    selector: ({ name }) => name,
    maxLength: 4,
  },
);
const number = fc.constantFrom(80, 81, 443, 8080);
const containerPorts = fc.uniqueArray(
  fc.record(
    { containerPort: number, protocol: fc.constantFrom("TCP", "UDP"), name: fc.constantFrom("x", "y") },
    { requiredKeys: ["containerPort"] },
  ),
  { selector: ({ containerPort, protocol = "TCP" }) => `${containerPort}${protocol}`, maxLength: 3 },
);
const volumes = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom("v", "w"),
    source: fc.constantFrom(
      { emptyDir: {} },
      { configMap: { name: "c", items: [{ key: "k", path: "p" }] } },
      { secret: { secretName: "s", defaultMode: 0o400 } },
    ),
  }),
  { selector: ({ name }) => name, maxLength: 2 },
);
const resources = fc.constantFrom(
  undefined,
  { limits: { cpu: "500m", memory: "1Gi" } },
  { requests: { cpu: "0.5", memory: "1024Mi" } },
);
const probe = fc.constantFrom(
  undefined,
  { httpGet: { path: "/", port: 80 } },
  { exec: { command: ["true"] }, periodSeconds: 5 },
);

const deployment = fc
  .record({
    labels,
    env,
    ports: containerPorts,
    volumes,
    resources,
    probe,
    replicas: fc.constantFrom(undefined, 0),
    args: fc.array(word, { maxLength: 2 }),
  })
  .map(
    ({
      env: variables,
      ports,
      volumes: all,
      resources: needs,
      probe: readinessProbe,
      replicas,
      args,
      labels: podLabels,
    }) => {
      const volumeMounts = all.map(({ name }) => ({ name, mountPath: `/${name}` }));
      const container = {
        ...(variables.length > 0 && { env: variables }),
        ...(ports.length > 0 && { ports: distinctNames(ports) }),
        ...(volumeMounts.length > 0 && { volumeMounts }),
        ...(needs && { resources: needs }),
        ...(readinessProbe && { readinessProbe }),
        ...(args.length > 0 && { args }),
      };
      const pod = all.length === 0 ? {} : { volumes: all.map(({ name, source }) => ({ name, ...source })) };
      return workload("Deployment", `${SPACE}/x`, {
        labels: podLabels,
        container,
        pod,
        spec: replicas === undefined ? {} : { replicas },
      });
    },
  );

const servicePorts = fc
  .uniqueArray(
    fc.record(
      { port: number, targetPort: fc.constantFrom(80, "http"), protocol: fc.constantFrom("TCP", "UDP") },
      { requiredKeys: ["port"] },
    ),
    {
      selector: ({ port, protocol = "TCP" }) => `${port}${protocol}`,
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((ports) => ports.map((port, i) => ({ name: `p${i}`, ...port })));

const ingress = fc
  .uniqueArray(fc.constantFrom("a.test", "b.test", "*.c.test"), { minLength: 1, maxLength: 3 })
  .map(
    (hosts): Resource => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: { namespace: SPACE, name: "x" },
      spec: {
        ingressClassName: "nginx",
        tls: [{ hosts, secretName: "tls" }],
        rules: hosts.map((host) => ({
          host,
          http: {
            paths: [
              { path: "/", pathType: "Prefix", backend: { service: { name: "web", port: { number: 80 } } } },
            ],
          },
        })),
      },
    }),
  );

const policy = fc
  .record({
    ports: fc.array(fc.record({ port: number, protocol: fc.constantFrom("TCP", "UDP") }), { maxLength: 2 }),
    from: labels,
  })
  .map(
    ({ ports, from }): Resource => ({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { namespace: SPACE, name: "x" },
      spec: {
        podSelector: {},
        policyTypes: ["Ingress"],
        ingress: [{ ...(ports.length > 0 && { ports }), from: [{ podSelector: { matchLabels: from } }] }],
      },
    }),
  );

const role = fc
  .array(
    fc.record({
      resources: fc.subarray(["pods", "services", "secrets"], { minLength: 1 }),
      verbs: fc.subarray(["get", "list", "watch"], { minLength: 1 }),
    }),
    { maxLength: 3 },
  )
  .map(
    (rules): Resource => ({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "Role",
      metadata: { namespace: SPACE, name: "x" },
      rules: rules.map((rule) => ({ apiGroups: [""], ...rule })),
    }),
  );

const binding = fc.subarray(["ann", "bob", "eve"]).map(
  (names): Resource => ({
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    metadata: { namespace: SPACE, name: "x" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
    subjects: names.map((name) => ({ kind: "User", name, apiGroup: "rbac.authorization.k8s.io" })),
  }),
);

const words = fc
  .dictionary(key, fc.constantFrom("", "1", "two\nlines"), { maxKeys: 4 })
  .map((data) => configMap(`${SPACE}/x`, data));
const custom = (group: string) =>
  fc
    .record({
      size: fc.nat(3),
      list: fc.array(fc.record({ name: word, value: fc.nat(2) }), { maxLength: 3 }),
      nested: fc.dictionary(key, labels, { maxKeys: 2 }),
    })
    .map((spec) => thing(group, `${SPACE}/x`, spec));

function distinctNames<P extends { readonly name?: string }>(ports: readonly P[]): P[] {
  return ports.map((port, i) => (port.name === undefined ? port : { ...port, name: `${port.name}${i}` }));
}

/** So many objects of each kind, each under its own name and with some labels and annotations; always the same of a seed. */
export function randomSets(seed: number, count: number, group: string): Resource[] {
  const kinds = [
    deployment,
    servicePorts.map((ports) => service(`${SPACE}/x`, ports)),
    ingress,
    policy,
    role,
    binding,
    words,
    custom(group),
  ];
  return kinds.flatMap((kind, k) =>
    fc
      .sample(fc.record({ object: kind, labels, annotations: labels }), {
        seed: seed + k,
        numRuns: Math.ceil(count / kinds.length),
      })
      .map((drawn, i): Resource => {
        const { object } = drawn;
        const more = Object.fromEntries(
          Object.entries({ labels: drawn.labels, annotations: drawn.annotations }).filter(
            ([, value]) => Object.keys(value).length > 0,
          ),
        );
        return {
          ...object,
          metadata: { ...object.metadata, name: `${object.kind.toLowerCase()}-${i}`, ...more },
        };
      }),
  );
}

/** An edit of the object as the platform says it, or of the one in the cluster. */
export function randomEdit(object: Resource, seed: number): Edited {
  const at = (n: number) => fc.sample(fc.nat(), { seed, numRuns: n + 1 })[n]!;
  const copy = JSON.parse(JSON.stringify(object)) as Resource;
  const places = lists(copy);
  const choice = at(0) % 12;
  if (choice === 0 && places.length > 0) {
    places[at(1) % places.length]!.reverse();
    return { object: copy, what: "a list turned round" };
  }
  if (choice === 1 && places.length > 0) {
    places[at(1) % places.length]!.pop();
    return { object: copy, what: "an item taken away" };
  }
  if (choice === 2) {
    const metadata = { ...copy.metadata, labels: { ...copy.metadata.labels, more: "1" } };
    return { object: { ...copy, metadata }, what: "a label added" };
  }
  if (choice === 3) {
    const { labels: _, annotations: __, ...metadata } = copy.metadata;
    return { object: { ...copy, metadata } as Resource, what: "labels taken away" };
  }
  const change = OTHERS[choice % OTHERS.length]!;
  return {
    object,
    what: `${change.name} by others`,
    byOthers: async (plane, collection) => {
      const path = `${collection}/${object.metadata.name}`;
      const next = JSON.parse(JSON.stringify((await plane.get(path)).body)) as Resource;
      change(next, seed);
      await plane.send("PUT", path, next);
    },
  };
}

/** What others do to an object in the cluster; what the server does not take of it does not count. */
const OTHERS: readonly ((object: Resource, seed: number) => void)[] = [
  function turnedRound(object) {
    for (const list of lists(object)) list.reverse();
  },
  function labelled(object, seed) {
    Object.assign(object.metadata, {
      labels: { ...object.metadata.labels, theirs: String(seed), a: "changed" },
    });
  },
  function addedInFront(object) {
    for (const list of lists(object, 1))
      if (isNamed(list[0]))
        list.unshift({ ...list[0], name: "theirs", mountPath: "/theirs", port: 9, containerPort: 9 });
  },
  function addedBetween(object) {
    for (const list of lists(object, 2))
      if (isNamed(list[0])) list.splice(1, 0, { ...list[0], name: "theirs" });
  },
  function takenAway(object) {
    for (const list of lists(object, 1)) list.shift();
  },
  function unlabelled(object) {
    Object.assign(object.metadata, { labels: {}, annotations: {} });
  },
];

function isNamed(item: unknown): item is { readonly name: string } {
  return typeof item === "object" && item !== null && "name" in item;
}

/** The lists in an object's own fields that have so many items. */
function lists(value: unknown, least = 2, found: unknown[][] = []): unknown[][] {
  if (Array.isArray(value)) {
    if (value.length >= least) found.push(value);
    for (const item of value) lists(item, least, found);
  } else if (typeof value === "object" && value !== null)
    for (const [name, inner] of Object.entries(value))
      if (name !== "managedFields") lists(inner, least, found);
  return found;
}
