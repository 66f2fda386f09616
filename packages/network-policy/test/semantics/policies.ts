import { namespace, pod, policy } from "../objects.ts";
import { type Checks, expectAll, tcp } from "./api.ts";

const a = pod("a/web", { labels: { app: "web" }, ips: ["10.0.0.1"] });
const other = pod("a/db", { labels: { app: "db" }, ips: ["10.0.0.2"] });
const b = pod("b/web", { labels: { app: "web" }, ips: ["10.0.0.3"] });
const spaces = [namespace("a", { env: "prod" }), namespace("b", { env: "dev", tier: "" })];
const all = [...spaces, a, other, b];
const all80 = tcp(80);

/** Which pods a policy isolates, in which directions, and which peers its rules admit. */
export const policyChecks: Checks = {
  "without any policy everything is allowed": (api) =>
    expectAll(api, all, [
      ["a/web", "b/web", all80, "allowed"],
      [{ ip: "192.0.2.1" }, "a/web", all80, "allowed"],
      ["a/web", { ip: "192.0.2.1" }, all80, "allowed"],
    ]),
  "policyTypes left out: Ingress alone when there is no egress rule": (api) =>
    expectAll(
      api,
      [...all, policy("a/p", { podSelector: {} })],
      [
        ["b/web", "a/web", all80, "denied"],
        ["a/web", "b/web", all80, "allowed"],
      ],
    ),
  "policyTypes left out: an empty egress list does not isolate egress": (api) =>
    expectAll(
      api,
      [...all, policy("a/p", { podSelector: {}, ingress: [{}], egress: [] })],
      [
        ["a/web", "b/web", all80, "allowed"],
        ["b/web", "a/web", all80, "allowed"],
      ],
    ),
  "policyTypes left out: egress rules isolate egress, and ingress all the same": (api) =>
    expectAll(
      api,
      [...all, policy("a/p", { podSelector: {}, egress: [{ to: [{ podSelector: {} }] }] })],
      [
        ["a/web", "b/web", all80, "denied"],
        ["b/web", "a/web", all80, "denied"],
      ],
    ),
  "an empty policyTypes list is one left out": (api) =>
    expectAll(
      api,
      [...all, policy("a/p", { podSelector: {}, policyTypes: [], ingress: [] })],
      [
        ["b/web", "a/web", all80, "denied"],
        ["a/web", "b/web", all80, "allowed"],
      ],
    ),
  "policyTypes decide, whatever rules there are": (api) =>
    expectAll(
      api,
      [...all, policy("a/p", { podSelector: {}, policyTypes: ["Egress"], ingress: [], egress: [] })],
      [
        ["b/web", "a/web", all80, "allowed"],
        ["a/web", "b/web", all80, "denied"],
      ],
    ),
  "a podSelector selects by labels, in its own namespace only": (api) =>
    expectAll(
      api,
      [...all, policy("a/p", { podSelector: { matchLabels: { app: "web" } } })],
      [
        ["b/web", "a/web", all80, "denied"],
        ["b/web", "a/db", all80, "allowed"],
        ["a/db", "b/web", all80, "allowed"],
      ],
    ),
  "a podSelector that is left out selects every pod": (api) =>
    expectAll(
      api,
      [...all, policy("a/p", { policyTypes: ["Ingress"] })],
      [["b/web", "a/db", all80, "denied"]],
    ),
  "a rule without from or ports admits everyone, outside too": (api) =>
    expectAll(
      api,
      [...all, policy("a/p", { podSelector: {}, ingress: [{}] })],
      [
        ["b/web", "a/web", all80, "allowed"],
        [{ ip: "192.0.2.1" }, "a/web", all80, "allowed"],
      ],
    ),
  "empty lists of peers and ports are lists left out": (api) =>
    expectAll(
      api,
      [...all, policy("a/p", { podSelector: {}, ingress: [{ from: [], ports: [] }] })],
      [
        ["b/web", "a/web", all80, "allowed"],
        [{ ip: "192.0.2.1" }, "a/web", all80, "allowed"],
      ],
    ),
  "JSON null is a field left out": (api) =>
    expectAll(
      api,
      [
        ...all,
        policy("a/p", {
          podSelector: null,
          policyTypes: null,
          egress: null,
          ingress: [{ from: null, ports: null }],
        }),
      ],
      [
        ["b/web", "a/web", all80, "allowed"],
        ["a/web", "b/web", all80, "allowed"],
      ],
    ),
  "a peer with podSelector alone means its own namespace": (api) =>
    expectAll(
      api,
      [
        ...all,
        policy("a/p", {
          podSelector: { matchLabels: { app: "db" } },
          ingress: [{ from: [{ podSelector: { matchLabels: { app: "web" } } }] }],
        }),
      ],
      [
        ["a/web", "a/db", all80, "allowed"],
        ["b/web", "a/db", all80, "denied"],
      ],
    ),
  "a peer with namespaceSelector alone means all pods of those namespaces": (api) =>
    expectAll(
      api,
      [
        ...all,
        policy("a/p", {
          podSelector: { matchLabels: { app: "db" } },
          ingress: [{ from: [{ namespaceSelector: { matchLabels: { env: "dev" } } }] }],
        }),
      ],
      [
        ["b/web", "a/db", all80, "allowed"],
        ["a/web", "a/db", all80, "denied"],
      ],
    ),
  "both selectors in one peer must hold": (api) =>
    expectAll(
      api,
      [
        ...all,
        pod("b/db", { labels: { app: "db" } }),
        policy("a/p", {
          podSelector: {},
          ingress: [
            {
              from: [
                {
                  namespaceSelector: { matchLabels: { env: "dev" } },
                  podSelector: { matchLabels: { app: "web" } },
                },
              ],
            },
          ],
        }),
      ],
      [
        ["b/web", "a/db", all80, "allowed"],
        ["b/db", "a/db", all80, "denied"],
        ["a/web", "a/db", all80, "denied"],
      ],
    ),
  "two peers are alternatives": (api) =>
    expectAll(
      api,
      [
        ...all,
        pod("b/db", { labels: { app: "db" } }),
        policy("a/p", {
          podSelector: {},
          ingress: [
            {
              from: [
                { namespaceSelector: { matchLabels: { env: "dev" } } },
                { podSelector: { matchLabels: { app: "web" } } },
              ],
            },
          ],
        }),
      ],
      [
        ["b/db", "a/db", all80, "allowed"],
        ["a/web", "a/db", all80, "allowed"],
      ],
    ),
  "an empty namespaceSelector means every namespace, and no outside address": (api) =>
    expectAll(
      api,
      [...all, policy("a/p", { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] })],
      [
        ["b/web", "a/web", all80, "allowed"],
        [{ ip: "192.0.2.1" }, "a/web", all80, "denied"],
      ],
    ),
  "policies add up: what one admits is allowed": (api) =>
    expectAll(
      api,
      [
        ...all,
        policy("a/deny", { podSelector: {} }),
        policy("a/allow", { podSelector: {}, ingress: [{ from: [{ namespaceSelector: {} }] }] }),
      ],
      [["b/web", "a/web", all80, "allowed"]],
    ),
  "rules add up within a policy": (api) =>
    expectAll(
      api,
      [
        ...all,
        policy("a/p", {
          podSelector: {},
          ingress: [{ from: [{ podSelector: {} }] }, { from: [{ namespaceSelector: {} }] }],
        }),
      ],
      [["b/web", "a/web", all80, "allowed"]],
    ),
  "egress of the sender and ingress of the receiver must both admit": (api) => {
    const egress = policy("a/out", {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [{ namespaceSelector: {} }] }],
    });
    expectAll(
      api,
      [...all, egress, policy("b/in", { podSelector: {} })],
      [["a/web", "b/web", all80, "denied"]],
    );
    expectAll(
      api,
      [...all, policy("a/out", { policyTypes: ["Egress"] })],
      [["a/web", "b/web", all80, "denied"]],
    );
    expectAll(api, [...all, egress], [["a/web", "b/web", all80, "allowed"]]);
  },
};
