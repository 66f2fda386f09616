import { once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { proxyAppFields, proxySettings } from "../auth-proxy/settings.ts";
import { routeFields } from "./app-fields.ts";
import { appsProblems } from "./apps-problems.ts";
import { edgeFields } from "./edge-fields.ts";

/** Services that are there, as far as they are known; `{}` where a block needs to know nothing of them. */
export const givenServices = once(() =>
  z
    .record(
      z.string(),
      z.strictObject({
        ports: z
          .array(z.int())
          .readonly()
          .optional()
          .describe("Its ports. Absent: not known, any is believed."),
        pods: z
          .record(z.string(), z.string())
          .optional()
          .describe("Labels of the pods behind it. Absent: not known."),
      }),
    )
    .default({})
    .describe("NAMESPACE/SERVICE → what is known of a Service. Default: nothing is known."),
);

const app = once(() =>
  z.strictObject({
    host: z.string().describe("Its host: wiki.strix.kr, or *.k8s.strix.kr for every one below."),
    to: z
      .string()
      .describe("The Service behind: SERVICE.NAMESPACE:PORT, with https:// before it where that speaks TLS."),
    path: z.string().default("/").describe("Path of the host, with all below it. Default: /."),
    login: z
      .union([z.literal(false), z.literal("any"), z.array(z.string()).readonly()])
      .default(false)
      .describe(
        "Groups one of which a user must be in; any: whoever can log in; false: no login. Default: false.",
      ),
    ...routeFields(),
    ...proxyAppFields(),
    clientId: z.string().optional().describe("The client of its login alone. Absent: that of auth."),
    clientSecret: z
      .secretRef()
      .optional()
      .describe("Where that client's secret comes from. Absent: as in auth."),
  }),
);

/** What {@link apps} takes. */
export const appsIntent = once(() =>
  z
    .strictObject({
      ...edgeFields(),
      apps: z
        .record(z.string(), app())
        .describe("Name → an app. The name is that of its Ingress or HTTPRoute."),
      auth: z
        .strictObject(proxySettings())
        .optional()
        .describe("The auth proxies of apps with a login. Needed when one has."),
      services: givenServices(),
      namespaces: z
        .array(z.string())
        .readonly()
        .optional()
        .describe("The namespaces there are: others are taken for misspelt. Absent: any name is one."),
      groups: z
        .array(z.string())
        .readonly()
        .optional()
        .describe("The groups that logins have: others are taken for misspelt. Absent: any name is one."),
    })
    .superRefine((intent, ctx) => {
      for (const { path, message, hint } of appsProblems(intent))
        ctx.addIssue({ code: "custom", path: [...path], message, params: { hint }, input: intent });
    }),
);

export type AppIntent = z.output<ReturnType<typeof app>>;
export type AppsIntent = z.output<ReturnType<typeof appsIntent>>;
export type AppsInput = z.input<ReturnType<typeof appsIntent>>;
export type GivenServices = z.output<ReturnType<typeof givenServices>>;
