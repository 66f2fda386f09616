import { deepEqual } from "node:assert/strict";
import { namespace, pod, policy, workload } from "../objects.ts";
import { ask, type Check, type Checks, expectAll, sctp, tcp, udp } from "./api.ts";

const declared = [
  { name: "http", containerPort: 8080 },
  { name: "dns", containerPort: 53, protocol: "UDP" },
  { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
];
const server = pod("a/server", { ips: ["10.0.0.1"], ports: declared });
const client = pod("b/client", { ips: ["10.0.0.2"], ports: [{ name: "http", containerPort: 9999 }] });
const spaces = [namespace("a"), namespace("b")];

function admits(ports: unknown, rows: readonly (readonly [ReturnType<typeof tcp>, string])[]): Check {
  return (api) =>
    expectAll(
      api,
      [...spaces, server, client, policy("a/p", { podSelector: {}, ingress: [{ ports }] })],
      rows.map(([asked, outcome]) => ["b/client", "a/server", asked, outcome]),
    );
}

/** Which ports a rule speaks of. */
export const portChecks: Checks = {
  "a port is of TCP unless it says otherwise": admits(
    [{ port: 80 }],
    [
      [tcp(80), "allowed"],
      [udp(80), "denied"],
      [sctp(80), "denied"],
    ],
  ),
  "a port entry admits its own number only": admits(
    [{ port: 80, protocol: "UDP" }],
    [
      [udp(80), "allowed"],
      [udp(81), "denied"],
      [udp(79), "denied"],
      [tcp(80), "denied"],
    ],
  ),
  "an entry without port means every port of its protocol": admits(
    [{ protocol: "SCTP" }],
    [
      [sctp(1), "allowed"],
      [sctp(65535), "allowed"],
      [tcp(1), "denied"],
    ],
  ),
  "an empty entry means every port of TCP": admits(
    [{}],
    [
      [tcp(65535), "allowed"],
      [udp(65535), "denied"],
    ],
  ),
  "a range includes both ends": admits(
    [{ port: 80, endPort: 90 }],
    [
      [tcp(79), "denied"],
      [tcp(80), "allowed"],
      [tcp(90), "allowed"],
      [tcp(91), "denied"],
    ],
  ),
  "a rule without ports admits every protocol": admits(undefined, [
    [tcp(1), "allowed"],
    [udp(1), "allowed"],
    [sctp(1), "allowed"],
  ]),
  "a name means what the receiving pod declares": admits(
    [{ port: "http" }],
    [
      [tcp(8080), "allowed"],
      [tcp(9999), "denied"],
      [tcp(80), "denied"],
      [udp(8080), "denied"],
    ],
  ),
  "a name is looked up in its own protocol": admits(
    [{ port: "dns", protocol: "UDP" }, { port: "dns" }],
    [
      [udp(53), "allowed"],
      [tcp(53), "denied"],
    ],
  ),
  "a name that nobody declares admits nothing": admits(
    [{ port: "https" }],
    [
      [tcp(443), "denied"],
      [tcp(8080), "denied"],
    ],
  ),
  "on egress, too, a name is of the receiving pod": (api) =>
    expectAll(
      api,
      [
        ...spaces,
        server,
        client,
        policy("b/p", { policyTypes: ["Egress"], egress: [{ ports: [{ port: "http" }] }] }),
      ],
      [
        ["b/client", "a/server", tcp(8080), "allowed"],
        ["b/client", "a/server", tcp(9999), "denied"],
        ["b/client", { ip: "192.0.2.1" }, tcp(8080), "denied"],
        ["b/client", { ip: "192.0.2.1" }, tcp(9999), "denied"],
      ],
    ),
  "several containers may declare one name": (api) =>
    expectAll(
      api,
      [
        ...spaces,
        client,
        pod("a/two", {
          spec: {
            containers: [
              { name: "x", ports: [{ name: "http", containerPort: 80 }] },
              { name: "y", ports: [{ name: "http", containerPort: 81 }] },
            ],
            initContainers: [
              { name: "sidecar", restartPolicy: "Always", ports: [{ name: "http", containerPort: 82 }] },
              { name: "init", ports: [{ name: "http", containerPort: 83 }] },
            ],
          },
        }),
        policy("a/p", { ingress: [{ ports: [{ port: "http" }] }] }),
      ],
      [
        ["b/client", "a/two", tcp(80), "allowed"],
        ["b/client", "a/two", tcp(81), "allowed"],
        ["b/client", "a/two", tcp(82), "allowed"],
        ["b/client", "a/two", tcp(83), "denied"],
        ["b/client", "a/two", tcp("http"), "allowed"],
      ],
    ),
  "asked by name, the port is the receiving pod's": (api) =>
    expectAll(
      api,
      [...spaces, server, client, policy("a/p", { ingress: [{ ports: [{ port: 8080 }] }] })],
      [
        ["b/client", "a/server", tcp("http"), "allowed"],
        ["b/client", "a/server", tcp("dns-tcp"), "denied"],
        ["b/client", "a/server", tcp("dns"), "unknown"],
        ["b/client", "a/server", udp("dns"), "denied"],
        ["a/server", "b/client", tcp("http"), "allowed"],
      ],
    ),
  "without a port every port is asked for": (api) => {
    const ports = [{ port: 80, endPort: 90 }, { port: 91 }, { port: "http" }, { port: 53, protocol: "UDP" }];
    const objects = [...spaces, server, client, policy("a/p", { ingress: [{ ports }] })];
    expectAll(api, objects, [
      ["b/client", "a/server", {}, "partial"],
      ["a/server", "b/client", {}, "allowed"],
    ]);
    const allowed = [
      { from: 80, to: 91 },
      { from: 8080, to: 8080 },
    ];
    deepEqual(ask(api, objects, "b/client", "a/server").allowedPorts, allowed);
    deepEqual(ask(api, objects, "b/client", "a/server", { protocol: "UDP" }).allowedPorts, [
      { from: 53, to: 53 },
    ]);
    const matrix = api.reachMatrix(api.networkModel(objects));
    const [i, j] = [matrix.endpoints.indexOf("b/client"), matrix.endpoints.indexOf("a/server")];
    deepEqual(api.matrixCell(matrix, i, j), { outcome: "partial", ports: allowed, unknown: [] });
  },
  "ranges of several policies that meet make every port allowed": (api) => {
    const part = (name: string, port: number, endPort: number) =>
      policy(`a/${name}`, { ingress: [{ ports: [{ port, endPort }] }] });
    expectAll(
      api,
      [...spaces, server, client, part("low", 1, 999), part("high", 1000, 65535)],
      [["b/client", "a/server", {}, "allowed"]],
    );
    expectAll(
      api,
      [...spaces, server, client, part("low", 1, 998), part("high", 1000, 65535)],
      [["b/client", "a/server", {}, "partial"]],
    );
    expectAll(
      api,
      [...spaces, server, client, part("all", 1, 65535), part("some", 100, 200)],
      [["b/client", "a/server", {}, "allowed"]],
    );
  },
  "a port is needed on both sides": (api) =>
    expectAll(
      api,
      [
        ...spaces,
        server,
        client,
        policy("a/in", { ingress: [{ ports: [{ port: 80 }, { port: 81 }] }] }),
        policy("b/out", { policyTypes: ["Egress"], egress: [{ ports: [{ port: 81 }, { port: 82 }] }] }),
      ],
      [
        ["b/client", "a/server", tcp(80), "denied"],
        ["b/client", "a/server", tcp(81), "allowed"],
        ["b/client", "a/server", tcp(82), "denied"],
        ["b/client", "a/server", {}, "partial"],
      ],
    ),
  "a port or protocol that is none is unknown": (api) =>
    expectAll(
      api,
      [...spaces, server, workload("Deployment", "b/d")],
      [
        ["b/d", "a/server", tcp(0), "unknown"],
        ["b/d", "a/server", tcp(65536), "unknown"],
        ["b/d", "a/server", tcp(1.5), "unknown"],
        ["b/d", "a/server", tcp(""), "unknown"],
        ["b/d", "a/server", { port: 80, protocol: "ICMP" as "TCP" }, "unknown"],
      ],
    ),
};
