import type { Step } from "@ashlar/core";
import { reloads } from "./corefile.ts";
import type { ClusterDnsIntent } from "./intent.ts";

const NAMESPACE = "--namespace=kube-system";

/** How a changed Corefile comes into effect: by itself where it reloads, else by new pods, one after the other. */
export function clusterDnsSteps(intent: ClusterDnsIntent): Step[] {
  const own = restart("CoreDNS", "deployment/coredns", "--selector=k8s-app=kube-dns", reloads(intent));
  return intent.nodeLocal
    ? [
        ...own,
        ...restart(
          "NodeLocal DNSCache",
          "daemonset/node-local-dns",
          "--selector=k8s-app=node-local-dns",
          reloads(intent),
        ),
      ]
    : own;
}

function restart(what: string, workload: string, selector: string, reload: boolean): Step[] {
  const logs = ["kubectl", "logs", NAMESPACE, selector, "--prefix", "--tail=20"] as const;
  return [
    ...(reload
      ? [
          {
            title: `See that ${what} took the new Corefile`,
            argv: logs,
            why: "It reads the file again by itself; a file that it does not take is logged, and the old one stays in use until the pod is replaced.",
            when: "about two minutes after the ConfigMap was applied: the kubelet brings it to the pods within one, and CoreDNS looks every 30 seconds",
            verify: `the last lines of every pod have "Reloading complete", and none has "Restart failed" after it`,
          },
        ]
      : []),
    {
      title: `Restart ${what}`,
      argv: ["kubectl", "rollout", "restart", workload, NAMESPACE],
      why: "New pods start with the new Corefile. One that does not start leaves the old pods at work, which deleting all pods at once would not.",
      when: reload
        ? "only when the Corefile that runs now has no reload yet, or when the change cannot wait"
        : "after every change of the ConfigMap: this Corefile does not reload by itself",
      verify: `kubectl rollout status ${workload} ${NAMESPACE} --timeout=3m ends with "successfully rolled out"`,
    },
  ];
}
