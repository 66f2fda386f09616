import { findingAbout, type Rule } from "@ashlar/core";
import { statements } from "../lint/statements.ts";
import { serversOf } from "./corefiles.ts";
import { corednsWorkloads } from "./workloads.ts";

const CODE = "dns/no-own-resolver";

/** A CoreDNS that forwards to /etc/resolv.conf in a pod whose resolv.conf names CoreDNS itself (dnsPolicy ClusterFirst). */
export const noOwnResolver: Rule = {
  code: CODE,
  check: (inventory) =>
    corednsWorkloads(inventory).flatMap(({ workload, pod, corefile }) => {
      const policy = pod.dnsPolicy ?? "ClusterFirst";
      const first =
        policy === "ClusterFirst" ? pod.hostNetwork !== true : policy === "ClusterFirstWithHostNet";
      const forwards = (serversOf(corefile) ?? [])
        .flatMap((server) => statements(server, "forward"))
        .some(({ args }) => args.slice(1).some((to) => to.text === "/etc/resolv.conf"));
      if (!first || !forwards) return [];
      return findingAbout(workload, inventory.locate, {
        code: CODE,
        severity: "warning",
        message: `CoreDNS forwards to /etc/resolv.conf, which names CoreDNS itself under dnsPolicy ${String(policy)}`,
        hint: "write dnsPolicy: Default, so that it is the node's file",
        path: "spec.template.spec.dnsPolicy",
      });
    }),
};
