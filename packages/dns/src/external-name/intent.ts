import { isDnsLabel, once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { domainProblem, shown, withoutDot } from "../cluster-dns/fields.ts";
import { aliasLoops, loopText, targetProblem } from "./target.ts";

/** What {@link externalNames} takes. */
export const externalNamesIntent = once(() =>
  z
    .strictObject({
      names: z
        .record(z.string(), z.string())
        .describe(
          'Service and namespace → the DNS name that it stands for: { "my.db": "db.example.ap-northeast-2.rds.amazonaws.com" } is the Service my in the namespace db. A dot at the end of the name is left out.',
        ),
      clusterDomain: z
        .string()
        .default("cluster.local")
        .describe(
          "Domain of the cluster's Services, for the names that are promised. Default: cluster.local.",
        ),
    })
    .superRefine(({ names, clusterDomain }, ctx) => {
      const report = (path: PropertyKey[], message: string, hint: string) =>
        ctx.addIssue({ code: "custom", path, message, params: { hint }, input: names });
      const why = domainProblem(clusterDomain);
      if (why !== undefined) report(["clusterDomain"], why, "write the domain of the cluster: cluster.local");
      const aliases = new Map(
        Object.entries(names).map(([key, target]) => [
          serviceName(key, clusterDomain),
          withoutDot(target).toLowerCase(),
        ]),
      );
      const loops = aliasLoops(aliases);
      for (const [key, target] of Object.entries(names)) {
        const path = ["names", key];
        const keyProblem = whyNoKey(key);
        if (keyProblem !== undefined) report(path, keyProblem, "write the Service and its namespace: my.db");
        const problem = targetProblem(target);
        if (problem) report(path, problem.message, problem.hint);
        const loop = loops.get(serviceName(key, clusterDomain));
        if (loop)
          report(
            path,
            `it leads into a loop: ${loopText(loop)}`,
            "let one of them stand for a name outside of the loop",
          );
      }
    }),
);

export type ExternalNamesIntent = z.output<ReturnType<typeof externalNamesIntent>>;

/** The name in DNS of the Service that a key means: `my.db` → `my.db.svc.cluster.local`. */
export function serviceName(key: string, clusterDomain: string): string {
  return `${key}.svc.${withoutDot(clusterDomain)}`;
}

function whyNoKey(key: string): string | undefined {
  const parts = key.split(".");
  if (parts.length !== 2) return `${shown(key)} is not a Service and its namespace`;
  const [service = "", namespace = ""] = parts;
  // Kubernetes before 1.34 takes no digit first.
  if (!isDnsLabel(service) || /^[0-9]/.test(service)) return `${shown(service)} is no name of a Service`;
  return isDnsLabel(namespace) ? undefined : `${shown(namespace)} is no name of a namespace`;
}
