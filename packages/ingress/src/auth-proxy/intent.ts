import { once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { routeFields } from "../app/app-fields.ts";
import { edgeFields } from "../app/edge-fields.ts";
import { edgeProblems, exposureProblems } from "../app/edge-problems.ts";
import { parseTarget } from "../app/target.ts";
import { shown } from "../app/words.ts";
import { compileProxy } from "./compile.ts";
import { type ProxyPlaces, proxyProblems, settingsProblems } from "./proxy-problems.ts";
import { proxyAppFields, proxySettings } from "./settings.ts";

const PLACES: ProxyPlaces = {
  groups: "groups",
  pods: ["pods"],
  apiServer: ["apiServer"],
  podsHint: "give their labels in pods",
};

/** What {@link authProxy} takes. */
export const authProxyIntent = once(() =>
  z
    .strictObject({
      name: z
        .string()
        .describe("Name of the app. Objects of the proxy are called NAME-login, its route NAME."),
      host: z.string().describe("The host that demands a login: k8s.strix.kr."),
      upstream: z
        .string()
        .describe("The Service behind: SERVICE.NAMESPACE:PORT, with https:// where that speaks TLS."),
      groups: z
        .union([z.literal("any"), z.array(z.string()).readonly()])
        .describe("Groups one of which a user must be in; any: whoever can log in."),
      namespace: z.string().optional().describe("Namespace of the proxy. Absent: that of the Service."),
      pods: z
        .record(z.string(), z.string())
        .optional()
        .describe("Labels of the Service's pods. Needed unless bypass is true."),
      ...proxySettings(),
      ...proxyAppFields(),
      ...routeFields(),
      tls: z
        .string()
        .optional()
        .describe("Secret of its certificate. Absent: the host with dashes: k8s.strix.kr has k8s-strix-kr."),
      edge: z
        .strictObject(edgeFields())
        .optional()
        .describe(
          "Where its route is written. Absent: nowhere; somebody else sends requests to Service NAME-login.",
        ),
    })
    .superRefine((intent, ctx) => {
      const problem = (path: readonly PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path: [...path], message, params: { hint }, input: intent });
      const { edge } = intent;
      const upstream = parseTarget(intent.upstream);
      if (upstream === undefined) {
        problem(["upstream"], `${shown(intent.upstream)} is no Service`, "write SERVICE.NAMESPACE:PORT");
        return;
      }
      const { proxy, exposure } = compileProxy(intent, upstream);
      // Without an edge the host, the names and the sizes are still to be right.
      const checked = edge ?? z.strictObject(edgeFields()).parse({ routes: "ingress", allowLoss: true });
      for (const found of [
        ...settingsProblems(intent),
        ...proxyProblems(proxy, PLACES).filter(({ path }) => path[0] !== "clientId"),
        ...exposureProblems(exposure, checked).map((one) =>
          one.path.length > 0 ? one : { ...one, path: ["name"] },
        ),
      ])
        problem(found.path, found.message, found.hint);
      if (edge !== undefined)
        for (const found of edgeProblems(edge)) problem(["edge", ...found.path], found.message, found.hint);
      if (!intent.redirect)
        problem(["redirect"], "logins over http can be read by others", "leave redirect out");
    }),
);

export type AuthProxyIntent = z.output<ReturnType<typeof authProxyIntent>>;
export type AuthProxyInput = z.input<ReturnType<typeof authProxyIntent>>;
