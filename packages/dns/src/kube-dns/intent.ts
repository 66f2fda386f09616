import { isDnsLabel, isDnsSubdomain, once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";

/** What {@link kubeDnsRemoval} takes. */
export const kubeDnsRemovalIntent = once(() =>
  z
    .strictObject({
      deployment: z
        .string()
        .default("kube-dns")
        .describe("Deployment in kube-system that goes. Default: kube-dns."),
      coredns: z
        .string()
        .default("coredns")
        .describe("Deployment in kube-system that stays and answers. Default: coredns."),
      autoscaler: z
        .union([
          z.literal(false),
          z.strictObject({
            deployment: z
              .string()
              .default("kube-dns-autoscaler")
              .describe("Deployment of the cluster-proportional-autoscaler. Default: kube-dns-autoscaler."),
            container: z
              .string()
              .default("autoscaler")
              .describe("Name of its first container. Default: autoscaler."),
            field: z
              .union([z.literal("command"), z.literal("args")])
              .default("command")
              .describe("The list that has --target. Default: command, as kops writes it."),
            index: z
              .int()
              .min(0)
              .max(100)
              .default(3)
              .describe("Place of --target in that list, from 0. Default: 3, as kops writes it."),
            target: z
              .string()
              .default("Deployment/kube-dns")
              .describe("What it scales now: the text after --target=. Default: Deployment/kube-dns."),
          }),
        ])
        .default({
          deployment: "kube-dns-autoscaler",
          container: "autoscaler",
          field: "command",
          index: 3,
          target: "Deployment/kube-dns",
        })
        .describe(
          "The autoscaler that has to scale CoreDNS from now on; false: there is none. Default: the one of kops.",
        ),
      kops: z
        .strictObject({
          cluster: z.string().describe("Name of the kops cluster: k8s.example.test."),
          corefile: z
            .string()
            .optional()
            .describe(
              "Corefile for kops' externalCoreFile. Absent: kops writes its own (its stubDomains have no effect on CoreDNS).",
            ),
        })
        .optional()
        .describe("For clusters made by kops: the part of their spec that chooses CoreDNS. Absent: none."),
      reload: z
        .boolean()
        .default(true)
        .describe(
          "Whether to tell how a changed Corefile comes into effect; false beside the block clusterDns, which tells it. Default: true.",
        ),
    })
    .superRefine((intent, ctx) => {
      const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path: [...path], message, params: { hint }, input: intent });
      const { deployment, coredns, autoscaler, kops } = intent;
      const names: [readonly PropertyKey[], string][] = [
        [["deployment"], deployment],
        [["coredns"], coredns],
        ...(autoscaler
          ? [[["autoscaler", "deployment"], autoscaler.deployment] as [PropertyKey[], string]]
          : []),
        ...(kops ? [[["kops", "cluster"], kops.cluster] as [PropertyKey[], string]] : []),
      ];
      for (const [path, name] of names)
        if (!isDnsSubdomain(name))
          problem(path, `"${name}" is no name of an object`, "use a-z, 0-9, - and ., at most 253");
      if (deployment === coredns)
        problem(["coredns"], `"${coredns}" is the Deployment that goes`, "name the one that stays");
      if (!autoscaler) return;
      if (!isDnsLabel(autoscaler.container))
        problem(
          ["autoscaler", "container"],
          `"${autoscaler.container}" is no name of a container`,
          "use a-z, 0-9 and -, at most 63",
        );
      if (!/^[A-Za-z]+\/[a-z0-9.-]+$/.test(autoscaler.target))
        problem(
          ["autoscaler", "target"],
          `"${autoscaler.target}" is no target`,
          "write KIND/NAME: Deployment/kube-dns",
        );
    }),
);

export type KubeDnsRemovalIntent = z.output<ReturnType<typeof kubeDnsRemovalIntent>>;
export type KubeDnsRemovalInput = z.input<ReturnType<typeof kubeDnsRemovalIntent>>;
