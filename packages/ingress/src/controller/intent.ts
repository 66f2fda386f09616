import { isDnsLabel, isDnsSubdomain, once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { isSize, shown } from "../app/words.ts";

const size = (what: string) =>
  z.string().optional().describe(`${what} Digits and k, m or g. Absent: not set.`);
const seconds = (what: string) =>
  z.int().min(1).max(86_400).optional().describe(`${what} In seconds. Absent: not set.`);

/** The largest buffer that still is a mistake to have for each connection, in bytes. */
const LARGEST_BUFFER = 2 ** 20;

/** What {@link controller} takes. */
export const controllerIntent = once(() =>
  z
    .strictObject({
      kind: z.literal("ingress-nginx").describe("Whose settings they are."),
      configMap: z
        .string()
        .describe(
          "Its ConfigMap, which its chart makes: ingress-nginx-controller, nginx-ingress-controller.",
        ),
      namespace: z.string().describe("Namespace of the ConfigMap."),
      proxyBufferSize: size("Room for the headers of an answer: 64k where OIDC logins are behind."),
      proxyBodySize: size("Largest body of a request: 1g where images are pushed."),
      proxyReadTimeout: seconds("Longest silence of an answer."),
      proxySendTimeout: seconds("Longest silence of a request."),
      largeClientHeaderBuffers: z
        .strictObject({
          number: z.int().min(1).max(64).default(4).describe("How many. Default: 4."),
          size: z.string().describe("Of what size each: 16k."),
        })
        .optional()
        .describe("Room for the headers of a request. Absent: not set."),
      clientHeaderBufferSize: size("Room for the first part of a request's headers."),
      allowSnippets: z
        .boolean()
        .optional()
        .describe(
          "Allow snippet annotations: whoever may write an Ingress may write configuration. Absent: not set.",
        ),
    })
    .superRefine((intent, ctx) => {
      const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path: [...path], message, params: { hint }, input: intent });
      if (!isDnsSubdomain(intent.configMap))
        problem(
          ["configMap"],
          `${shown(intent.configMap)} is no name of a ConfigMap`,
          "use a-z, 0-9, - and ., at most 253",
        );
      if (!isDnsLabel(intent.namespace))
        problem(
          ["namespace"],
          `${shown(intent.namespace)} is no namespace name`,
          "use a-z, 0-9 and -, at most 63",
        );
      const sizes: readonly (readonly [readonly string[], string | undefined])[] = [
        [["proxyBufferSize"], intent.proxyBufferSize],
        [["proxyBodySize"], intent.proxyBodySize],
        [["clientHeaderBufferSize"], intent.clientHeaderBufferSize],
        [["largeClientHeaderBuffers", "size"], intent.largeClientHeaderBuffers?.size],
      ];
      for (const [path, text] of sizes) {
        if (text === undefined) continue;
        if (!isSize(text)) problem(path, `${shown(text)} is no size`, "write digits and k, m or g: 64k");
        else if (path[0] !== "proxyBodySize" && bytesOf(text) > LARGEST_BUFFER)
          problem(path, `${text} is a buffer for every connection`, "write 1m or less");
      }
    }),
);

export type ControllerIntent = z.output<ReturnType<typeof controllerIntent>>;
export type ControllerInput = z.input<ReturnType<typeof controllerIntent>>;

function bytesOf(size: string): number {
  const unit = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 }[size.slice(-1).toLowerCase()];
  return Number.parseInt(size, 10) * (unit ?? 1);
}
