import { isDnsLabel, once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { parseCni } from "../cni/cni.ts";

/** The image whose shell, httpd and wget the test tool uses. */
export const PROBE_IMAGE = "busybox:1.37.0";

/** What {@link probe} takes. */
export const probeIntent = once(() =>
  z
    .strictObject({
      namespaces: z
        .array(z.string())
        .min(1)
        .readonly()
        .describe("Namespaces that get a busybox Deployment and Service."),
      routes: z
        .array(
          z.strictObject({
            from: z.string().describe("Sending namespace."),
            to: z.string().describe("Receiving namespace."),
            reaches: z.boolean().describe("Whether the request must get through."),
          }),
        )
        .readonly()
        .default([])
        .describe("The expected result of each pair; pairs left out are not probed. Default: none."),
      image: z
        .string()
        .regex(/^[^\s@]+(:[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/, "an image with a tag or a digest")
        .refine((image) => !image.endsWith(":latest"), "an image with a fixed tag, not :latest")
        .default(PROBE_IMAGE)
        .describe(`Pinned image with sh, httpd and wget. Default: ${PROBE_IMAGE}.`),
      replicas: z.int().min(1).max(100).default(1).describe("Pods in each namespace. Default: 1."),
      scaleTo: z
        .int()
        .min(2)
        .max(100)
        .default(5)
        .describe("Replicas of the scale-up step, to probe from several nodes. Default: 5."),
      pauseSeconds: z
        .int()
        .min(0)
        .max(60)
        .default(1)
        .describe(
          "Pause between two requests, in seconds: kernels limit how many refusals they send. Default: 1.",
        ),
      cni: z
        .string()
        .optional()
        .describe(
          "Network plugin and version, for the symptom of a refusal. Absent: either symptom is accepted.",
        ),
    })
    .superRefine((intent, ctx) => {
      const problem = (path: PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path, message, params: { hint }, input: intent });
      intent.namespaces.forEach((namespace, i) => {
        if (!isDnsLabel(namespace))
          problem(["namespaces", i], `"${namespace}" is no namespace name`, "use a-z, 0-9 and -, at most 63");
        if (intent.namespaces.indexOf(namespace) < i)
          problem(["namespaces", i], `"${namespace}" stands twice`, "name it once");
      });
      const seen = new Set<string>();
      intent.routes.forEach(({ from, to }, i) => {
        for (const [field, namespace] of Object.entries({ from, to }))
          if (!intent.namespaces.includes(namespace))
            problem(
              ["routes", i, field],
              `"${namespace}" has no probe`,
              `add it to namespaces, or use one of ${intent.namespaces.join(", ")}`,
            );
        const key = `${from}/${to}`;
        if (seen.has(key))
          problem(["routes", i], `${from} → ${to} stands twice`, "give each pair one expected result");
        seen.add(key);
      });
      if (intent.cni !== undefined) {
        const cni = parseCni(intent.cni);
        if (!cni.ok) for (const { message, hint } of cni.findings) problem(["cni"], message, hint);
      }
    }),
);

export type ProbeIntent = z.output<ReturnType<typeof probeIntent>>;
