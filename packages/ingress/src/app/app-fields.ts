import { once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";

const seconds = (what: string) =>
  z.int().min(1).max(86_400).optional().describe(`${what}, in seconds. Absent: the controller's own.`);

/** What an app may want of the edge, whichever it is. */
export const routeFields = once(() => ({
  tls: z
    .union([z.string(), z.literal(false)])
    .optional()
    .describe(
      "Secret of its certificate; false: http only. Absent: the host with dashes: wiki.strix.kr has wiki-strix-kr.",
    ),
  redirect: z.boolean().default(true).describe("Send http to https. Default: true."),
  clearHeaders: z
    .array(z.string())
    .readonly()
    .default([])
    .describe("Headers taken off requests before the app sees them: Accept-Language. Default: none."),
  bodySize: z
    .string()
    .optional()
    .describe(
      "Largest body of a request, as nginx writes sizes: 50m, 1g. Absent: the controller's own, 1m in nginx.",
    ),
  bufferSize: z
    .string()
    .optional()
    .describe(
      "Room for the headers of an answer: 16k. Absent: 16k behind a login, else the controller's own, 4k in nginx.",
    ),
  timeouts: z
    .strictObject({
      connect: seconds("For connecting to the app"),
      read: seconds("Between two reads of an answer; of a proxy with login: for the whole answer to begin"),
      send: seconds("Between two writes of a request"),
      request: seconds("For a request as a whole"),
    })
    .default({})
    .describe("How long to wait. Default: as the controller does."),
  ca: z
    .union([
      z.strictObject({
        configMap: z
          .string()
          .describe(
            "ConfigMap with ca.crt, in the namespace of the Service; of an app with login, of its proxy.",
          ),
      }),
      z.strictObject({
        secret: z
          .string()
          .describe(
            "Secret with ca.crt, in the namespace of the Service; of an app with login, of its proxy.",
          ),
      }),
      z.literal("system"),
      z.literal(false),
    ])
    .optional()
    .describe(
      "Who signs the certificate of a Service that speaks TLS. system: a public authority. false: anybody, it is not checked. Needed for https with a login or on a Gateway; an Ingress does not check unless it is told.",
    ),
}));

const route = once(() => z.strictObject(routeFields()));
export type RouteSettings = z.output<ReturnType<typeof route>>;
