import { equal } from "node:assert/strict";
import { namespace, pod, policy, workload } from "../objects.ts";
import { type Checks, expectAll, tcp } from "./api.ts";

const p80 = tcp(80);
const spaces = [namespace("a"), namespace("b")];
const ingressFrom = (...blocks: unknown[]) =>
  policy("a/p", { podSelector: {}, ingress: [{ from: blocks.map((ipBlock) => ({ ipBlock })) }] });
const egressTo = (...blocks: unknown[]) =>
  policy("a/p", { policyTypes: ["Egress"], egress: [{ to: blocks.map((ipBlock) => ({ ipBlock })) }] });
const server = pod("a/server", { ips: ["10.0.0.1", "fd00::1"] });

/** ipBlocks, families and addresses. */
export const addressChecks: Checks = {
  "a block holds its first and last address": (api) =>
    expectAll(
      api,
      [...spaces, server, ingressFrom({ cidr: "192.0.2.0/24" })],
      [
        [{ ip: "192.0.1.255" }, "a/server", p80, "denied"],
        [{ ip: "192.0.2.0" }, "a/server", p80, "allowed"],
        [{ ip: "192.0.2.255" }, "a/server", p80, "allowed"],
        [{ ip: "192.0.3.0" }, "a/server", p80, "denied"],
      ],
    ),
  "an except is taken out of its own block only": (api) =>
    expectAll(
      api,
      [
        ...spaces,
        server,
        ingressFrom({ cidr: "192.0.2.0/24", except: ["192.0.2.128/25"] }, { cidr: "192.0.2.192/26" }),
      ],
      [
        [{ ip: "192.0.2.127" }, "a/server", p80, "allowed"],
        [{ ip: "192.0.2.128" }, "a/server", p80, "denied"],
        [{ ip: "192.0.2.191" }, "a/server", p80, "denied"],
        [{ ip: "192.0.2.192" }, "a/server", p80, "allowed"],
      ],
    ),
  "blocks of IPv6": (api) =>
    expectAll(
      api,
      [...spaces, server, ingressFrom({ cidr: "2001:db8::/32", except: ["2001:db8:0:1::/64"] })],
      [
        [{ ip: "2001:db8::1" }, "a/server", p80, "allowed"],
        [{ ip: "2001:db8:0:1::1" }, "a/server", p80, "denied"],
        [{ ip: "2001:db9::1" }, "a/server", p80, "denied"],
        [{ ip: "192.0.2.1" }, "a/server", p80, "denied"],
      ],
    ),
  "the whole of one family is none of the other": (api) => {
    expectAll(
      api,
      [...spaces, server, ingressFrom({ cidr: "0.0.0.0/0" })],
      [
        [{ ip: "192.0.2.1" }, "a/server", p80, "allowed"],
        [{ ip: "2001:db8::1" }, "a/server", p80, "denied"],
      ],
    );
    expectAll(
      api,
      [...spaces, server, egressTo({ cidr: "::/0" })],
      [
        ["a/server", { ip: "192.0.2.1" }, p80, "denied"],
        ["a/server", { ip: "2001:db8::1" }, p80, "allowed"],
      ],
    );
  },
  "blocks match pods, too": (api) =>
    expectAll(
      api,
      [
        ...spaces,
        server,
        pod("b/in", { ips: ["10.1.0.1"] }),
        pod("b/out", { ips: ["10.2.0.1"] }),
        ingressFrom({ cidr: "10.1.0.0/16" }),
      ],
      [
        ["b/in", "a/server", p80, "allowed"],
        ["b/out", "a/server", p80, "denied"],
      ],
    ),
  "pods of two families talk when one family gets through on both sides": (api) => {
    const dual = pod("b/dual", { ips: ["10.1.0.1", "fd00:b::1"] });
    const out6 = policy("b/out", {
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "fd00::/16" } }] }],
    });
    expectAll(
      api,
      [...spaces, server, dual, out6, ingressFrom({ cidr: "fd00:b::/64" })],
      [["b/dual", "a/server", p80, "allowed"]],
    );
    expectAll(
      api,
      [...spaces, server, dual, out6, ingressFrom({ cidr: "10.0.0.0/8" })],
      [["b/dual", "a/server", p80, "denied"]],
    );
  },
  "a flow has one family: pods that share none do not talk": (api) =>
    expectAll(
      api,
      [...spaces, pod("a/four", { ips: ["10.0.0.1"] }), pod("b/six", { ips: ["fd00::1"] })],
      [
        ["a/four", "b/six", p80, "denied"],
        ["a/four", { ip: "2001:db8::1" }, p80, "denied"],
        ["b/six", { ip: "2001:db8::1" }, p80, "allowed"],
      ],
    ),
  "a pod without address is unknown to a block that holds only a part": (api) => {
    const target = workload("Deployment", "b/d");
    expectAll(
      api,
      [...spaces, server, target, ingressFrom({ cidr: "10.0.0.0/8" })],
      [["b/d", "a/server", p80, "unknown"]],
    );
    expectAll(
      api,
      [...spaces, server, target, ingressFrom({ cidr: "0.0.0.0/0" }, { cidr: "::/0" })],
      [["b/d", "a/server", p80, "allowed"]],
    );
    expectAll(
      api,
      [...spaces, server, target, ingressFrom({ cidr: "0.0.0.0/0", except: ["10.0.0.0/8"] })],
      [["b/d", "a/server", p80, "unknown"]],
    );
    expectAll(
      api,
      [
        ...spaces,
        pod("a/server", { ips: ["10.0.0.1"] }),
        target,
        ingressFrom({ cidr: "10.0.0.0/8", except: ["10.0.0.0/9", "10.128.0.0/9"] }),
      ],
      [["b/d", "a/server", p80, "denied"]],
    );
    expectAll(
      api,
      [
        ...spaces,
        pod("b/pending", { status: { phase: "Pending" } }),
        server,
        ingressFrom({ cidr: "10.0.0.0/8" }),
      ],
      [["b/pending", "a/server", p80, "unknown"]],
    );
  },
  "podCidrs tell where unknown addresses lie": (api) => {
    const objects = (cidr: string) => [
      ...spaces,
      pod("a/server", { ips: ["10.0.0.1"] }),
      workload("Deployment", "b/d"),
      ingressFrom({ cidr, except: ["10.9.0.0/16"] }),
    ];
    const options = { podCidrs: ["10.0.0.0/16", "10.1.0.0/16"] };
    expectAll(api, objects("10.0.0.0/8"), [["b/d", "a/server", p80, "allowed"]], options);
    expectAll(api, objects("192.0.2.0/24"), [["b/d", "a/server", p80, "denied"]], options);
    expectAll(api, objects("10.1.0.0/16"), [["b/d", "a/server", p80, "unknown"]], options);
    expectAll(api, objects("10.0.0.0/8"), [["b/d", "a/server", p80, "unknown"]], {
      podCidrs: ["10.0.0.0/16", "?"],
    });
  },
  "families of pods without address are those of the others, or as told": (api) => {
    const objects = [...spaces, pod("a/six", { ips: ["fd00::1"] }), workload("Deployment", "b/d")];
    expectAll(api, objects, [
      ["b/d", { ip: "2001:db8::1" }, p80, "allowed"],
      ["b/d", { ip: "192.0.2.1" }, p80, "denied"],
    ]);
    expectAll(api, objects, [["b/d", { ip: "192.0.2.1" }, p80, "allowed"]], { ipFamilies: ["IPv4", "IPv6"] });
    expectAll(
      api,
      [workload("Deployment", "b/d")],
      [
        ["b/d", { ip: "192.0.2.1" }, p80, "allowed"],
        ["b/d", { ip: "2001:db8::1" }, p80, "allowed"],
      ],
    );
  },
  "where nothing tells the families, a policy that names IPv6 speaks of them": (api) => {
    const six = policy("b/six", {
      egress: [{ to: [{ ipBlock: { cidr: "2001:db8::/32" } }] }],
      policyTypes: ["Egress"],
    });
    expectAll(
      api,
      [...spaces, workload("Deployment", "b/d"), six],
      [
        ["b/d", { ip: "2001:db8::1" }, p80, "allowed"],
        ["b/d", { ip: "2001:db9::1" }, p80, "denied"],
        ["b/d", { ip: "192.0.2.1" }, p80, "denied"],
      ],
    );
  },
  "an address of a pod is that pod, unless it is asked for as outside": (api) =>
    expectAll(
      api,
      [
        ...spaces,
        server,
        pod("b/client", { ips: ["10.0.0.2"] }),
        policy("a/p", { ingress: [{ from: [{ namespaceSelector: {} }] }] }),
      ],
      [
        [{ ip: "10.0.0.2" }, "a/server", p80, "allowed"],
        [{ ip: "10.0.0.2", outside: true }, "a/server", p80, "denied"],
        [{ ip: "10.0.0.3" }, "a/server", p80, "denied"],
        ["b/client", { ip: "fd00:0:0::1" }, p80, "allowed"],
        ["b/client", { ip: "10.0.0.256" }, p80, "unknown"],
      ],
    ),
  "an IPv4-mapped address or block is IPv4": (api) => {
    expectAll(
      api,
      [...spaces, server, ingressFrom({ cidr: "::ffff:192.0.2.0/120" })],
      [
        [{ ip: "192.0.2.7" }, "a/server", p80, "allowed"],
        [{ ip: "::ffff:192.0.2.7" }, "a/server", p80, "allowed"],
        [{ ip: "192.0.3.7" }, "a/server", p80, "denied"],
      ],
    );
    equal(api.formatRange(api.parseIpRange("::ffff:0:0/95")!), "::fffe:0:0/95");
  },
  "stored blocks with host bits and leading zeros are read as Go read them": (api) =>
    expectAll(
      api,
      [...spaces, server, ingressFrom({ cidr: "192.0.002.077/24" })],
      [
        [{ ip: "192.0.2.1" }, "a/server", p80, "allowed"],
        [{ ip: "192.0.2.63" }, "a/server", p80, "allowed"],
        [{ ip: "192.0.3.1" }, "a/server", p80, "denied"],
      ],
    ),
};
