import {
  type Environments,
  environmentProblems,
  isDnsLabel,
  isLabelKey,
  namespaceNames,
  once,
  suggest,
} from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { isOlder, parseCni } from "../cni/cni.ts";
import { parseIpRange } from "../policy/ip.ts";
import { formatPort, type PortRange, parsePorts } from "../policy/ports.ts";
import { parseDiagram } from "./diagram.ts";

const environmentNamespaces = once(() =>
  z.union([
    z.array(z.string()).readonly(),
    z.strictObject({
      existing: z.array(z.string()).readonly().describe("Namespaces that are there already."),
    }),
  ]),
);

const ports = once(() =>
  z
    .array(z.string())
    .readonly()
    .optional()
    .describe("Ports as in the diagram: 443/TCP, 8000-8100/TCP, UDP. Absent: every port of every protocol."),
);

const outsidePeer = once(() =>
  z
    .strictObject({
      cidr: z.string().describe("Addresses in CIDR form, IPv4 or IPv6: 203.0.113.0/24. No host bits."),
      except: z
        .array(z.string())
        .readonly()
        .optional()
        .describe("Parts of the CIDR that stay refused. Absent: none."),
      ports: ports(),
    })
    .describe("Addresses outside of the cluster."),
);

const outsidePeers = once(() => z.array(outsidePeer()).readonly());

/** The most environments that one firewall takes: it claims every ordered pair of them. */
export const MAX_ENVIRONMENTS = 200;

/** What {@link firewall} takes. */
export const firewallIntent = once(() =>
  z
    .strictObject({
      environments: z
        .record(z.string(), environmentNamespaces())
        .describe("Environment → its namespaces: to create, or existing(…) ones that are only labelled."),
      diagram: z
        .string()
        .describe(
          "Which environment reaches which: `prod <-> common <-> dev`. Within itself each reaches everything. What is not drawn is refused.",
        ),
      cni: z
        .string()
        .optional()
        .describe("Network plugin and version: kube-router@2.5. Absent: policies as the API defines them."),
      label: z
        .string()
        .default("env")
        .describe("Label key of the namespaces; the value is the environment's name. Default: env."),
      isolate: z
        .array(z.string())
        .readonly()
        .default([])
        .describe(
          "Environments of existing namespaces that get policies although every environment may enter. Default: none, they are left open.",
        ),
      egress: z
        .strictObject({
          isolate: z
            .array(z.string())
            .readonly()
            .describe("Environments whose pods may only send where the diagram (or `to`) says."),
          dns: z
            .union([
              z.literal(false),
              z.strictObject({
                namespace: z.string().describe("Namespace of the cluster DNS."),
                podLabels: z.record(z.string(), z.string()).describe("Labels of its pods."),
              }),
            ])
            .default({ namespace: "kube-system", podLabels: { "k8s-app": "kube-dns" } })
            .describe(
              "Cluster DNS that stays reachable on 53/UDP and 53/TCP; false: none. Default: k8s-app=kube-dns in kube-system.",
            ),
        })
        .optional()
        .describe("Egress isolation. Absent: pods may send anywhere."),
      peers: z
        .record(
          z.string(),
          z.strictObject({
            from: outsidePeers()
              .default([])
              .describe("Addresses that may enter the environment. Default: none."),
            to: outsidePeers()
              .default([])
              .describe("Addresses that an egress-isolated environment may send to. Default: none."),
          }),
        )
        .default({})
        .describe("Environment → addresses outside of the cluster. Default: none."),
      defaultDeny: z
        .array(z.string())
        .readonly()
        .default([])
        .describe(
          "Further namespaces, of no environment, that admit nothing until a policy of their own says so. Default: none.",
        ),
    })
    .superRefine((intent, ctx) => {
      const problem = (path: PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path, message, params: { hint }, input: intent });
      const names = Object.keys(intent.environments);
      if (names.length > MAX_ENVIRONMENTS) {
        problem(
          ["environments"],
          `${names.length} environments; at most ${MAX_ENVIRONMENTS} can be drawn and proved pair by pair`,
          "put namespaces that are treated alike into one environment",
        );
        return;
      }
      for (const { path, message, hint } of environmentProblems(intent.environments as Environments))
        problem([...path], message, hint);
      for (const name of names)
        if (/[\s:;#<>]|->/.test(name))
          problem(
            ["environments", name],
            `"${name}" cannot be written in a diagram`,
            "use letters, digits, - and _",
          );
      checkPlugin(intent as FirewallIntent, problem);
      if (!isLabelKey(intent.label))
        problem(["label"], `"${intent.label}" is no label key`, "write env or example.org/env");
      for (const { message, hint } of parseDiagram(intent.diagram, names).findings)
        problem(["diagram"], message, hint);
      const known = (path: PropertyKey[], name: string) => {
        if (!names.includes(name)) problem(path, `unknown environment "${name}"`, suggest(name, names));
      };
      for (const [i, name] of intent.isolate.entries()) known(["isolate", i], name);
      for (const [i, name] of (intent.egress?.isolate ?? []).entries()) known(["egress", "isolate", i], name);
      for (const [name, { from, to }] of Object.entries(intent.peers)) {
        known(["peers", name], name);
        for (const [i, peer] of from.entries()) checkPeer(["peers", name, "from", i], peer, problem);
        for (const [i, peer] of to.entries()) checkPeer(["peers", name, "to", i], peer, problem);
        if (to.length > 0 && !intent.egress?.isolate.includes(name))
          problem(
            ["peers", name, "to"],
            `"${name}" may send anywhere, so \`to\` would change nothing`,
            `add "${name}" to egress.isolate, or leave \`to\` out`,
          );
      }
      const inEnvironment = new Set(
        names.flatMap((n) => namespaceNames(intent.environments[n] as Environments[string])),
      );
      intent.defaultDeny.forEach((namespace, i) => {
        if (!isDnsLabel(namespace))
          problem(
            ["defaultDeny", i],
            `"${namespace}" is no namespace name`,
            "use a-z, 0-9 and -, at most 63",
          );
        if (inEnvironment.has(namespace))
          problem(
            ["defaultDeny", i],
            `"${namespace}" belongs to an environment`,
            "leave it out: its environment's policy refuses what the diagram does not draw",
          );
      });
    }),
);

export type FirewallIntent = z.output<ReturnType<typeof firewallIntent>>;
export type OutsidePeer = z.output<ReturnType<typeof outsidePeer>>;

type Report = (path: PropertyKey[], message: string, hint: string) => void;

function checkPeer(path: PropertyKey[], peer: OutsidePeer, problem: Report): void {
  const block = parseIpRange(peer.cidr, { strict: true });
  if (!block)
    problem(
      [...path, "cidr"],
      `"${peer.cidr}" is no CIDR`,
      "write an address and a prefix length without host bits: 203.0.113.0/24, 2001:db8::/32",
    );
  peer.except?.forEach((text, i) => {
    const inner = parseIpRange(text, { strict: true });
    if (!inner) problem([...path, "except", i], `"${text}" is no CIDR`, "write 203.0.113.128/25");
    else if (
      block &&
      !(
        inner.family === block.family &&
        inner.first >= block.first &&
        inner.last <= block.last &&
        inner.last - inner.first < block.last - block.first
      )
    )
      problem(
        [...path, "except", i],
        `${text} is not strictly within ${peer.cidr}`,
        "except a smaller part of the CIDR",
      );
  });
  peer.ports?.forEach((text, i) => {
    parsePorts(text, (message, hint) => problem([...path, "ports", i], message, hint));
  });
}

/** Single ports that a range is written as at most, where the plugin reads no endPort. */
const MOST_SINGLE_PORTS = 64;

/** What the plugin at hand cannot be made to enforce. */
function checkPlugin(intent: FirewallIntent, problem: Report): void {
  if (intent.cni === undefined) return;
  const cni = parseCni(intent.cni);
  if (!cni.ok) {
    for (const { message, hint } of cni.findings) problem(["cni"], message, hint);
    return;
  }
  if (cni.value.name === "flannel")
    problem(
      ["cni"],
      "flannel enforces no NetworkPolicy",
      "run a plugin that does beside it, and name that one",
    );
  if (cni.value.name !== "kube-router" || !isOlder(cni.value, [1, 3, 0])) return;
  const check = (path: PropertyKey[], ports: readonly PortRange[]) => {
    for (const range of ports) {
      const isWhole = range.from === 1 && range.to === 65535;
      if (isWhole ? isOlder(cni.value, [0, 2, 1]) : range.to - range.from >= MOST_SINGLE_PORTS)
        problem(
          path,
          `${cni.value.text} reads no endPort, and ${formatPort(range)} is too many single ports`,
          `write ranges of at most ${MOST_SINGLE_PORTS} ports, or leave the ports out`,
        );
    }
  };
  for (const arrow of parseDiagram(intent.diagram, Object.keys(intent.environments)).arrows)
    check(["diagram"], arrow.ports ?? []);
  for (const [name, sides] of Object.entries(intent.peers))
    for (const side of ["from", "to"] as const)
      sides[side].forEach((peer, i) => {
        check(
          ["peers", name, side, i, "ports"],
          (peer.ports ?? []).flatMap((text) => parsePorts(text, () => undefined)),
        );
      });
}
