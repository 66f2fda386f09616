import { definePlatform, existing } from "ashlar";

/** The reference platform: what its cluster is made of, who may reach whom, and what must never be. */
export default definePlatform({
  name: "strix",
  versions: { kubernetes: "1.36", cni: "kube-router@2.5" },

  environments: {
    common: existing("default", "kube-system", "kube-public"), // labelled, never created or deleted
    prod: ["prod"],
    dev: ["dev"],
  },
  namespaces: ["kubeapps"], // belongs to no environment

  firewall: "prod <-> common <-> dev", // what is not drawn is refused
  probe: { in: ["default", "prod", "dev"] }, // a busybox in each, and the script that asks them all

  expect: [
    "env:dev -/-> env:prod",
    "env:prod -/-> env:dev",
    "prod/busybox -> default/busybox:80",
    "prod/busybox -/-> dev/busybox:80",
    "ns:kubeapps -> env:common",
    "ns:kubeapps -/-> env:prod",
    "ns:kubeapps -/-> env:dev",
  ],
});
