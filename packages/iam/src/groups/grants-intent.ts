import { once } from "@ashlar/core";
import * as z from "@ashlar/core/zod";

const words = (what: string) => z.array(z.string()).readonly().default([]).describe(what);

/** Roles for the whole cluster, and for namespaces, by their words. */
export const grantFields = once(() => ({
  cluster: words("Roles in the whole cluster: cluster-admin, view, … Default: none."),
  namespaces: z
    .record(z.string(), z.array(z.string()).readonly())
    .default({})
    .describe("Namespace → roles in it: admin, edit, view, … Default: none."),
}));

const rule = once(() =>
  z.strictObject({
    apiGroups: z
      .array(z.string())
      .readonly()
      .optional()
      .describe('API groups of the resources: "", apps, … Absent: the core group "".'),
    resources: z
      .array(z.string())
      .readonly()
      .default([])
      .describe("Resources in the plural: pods, pods/log, deployments. Default: none."),
    resourceNames: z
      .array(z.string())
      .readonly()
      .default([])
      .describe("Names of objects that the rule is limited to. Default: every name."),
    nonResourceURLs: z
      .array(z.string())
      .readonly()
      .default([])
      .describe("Paths that are no resources: /metrics, /healthz/*. Default: none."),
    verbs: z.array(z.string()).readonly().describe("get, list, watch, create, update, patch, delete, …"),
  }),
);

const rules = once(() => z.array(rule()).readonly());

/** Roles of one's own: a list of rules is a ClusterRole, with `namespaces` it is a Role in each of them. */
export const ownRoles = once(() =>
  z
    .record(
      z.string(),
      z.union([
        rules(),
        z.strictObject({
          namespaces: z.array(z.string()).readonly().describe("Namespaces that get the Role."),
          rules: rules().describe("What the Role allows."),
        }),
      ]),
    )
    .default({})
    .describe(
      "Roles to make: name → rules (a ClusterRole), or rules and namespaces (a Role in each). Default: none.",
    ),
);

/** Roles that somebody else makes. */
export const givenRoles = once(() =>
  z
    .strictObject({
      clusterRoles: words("Names of ClusterRoles that are there. Default: none."),
      roles: z
        .record(z.string(), z.array(z.string()).readonly())
        .default({})
        .describe("Namespace → names of Roles that are there. Default: none."),
    })
    .default({ clusterRoles: [], roles: {} })
    .describe("Roles that others make, such as a chart's. Default: none."),
);

export const knownNamespaces = once(() =>
  z
    .array(z.string())
    .readonly()
    .optional()
    .describe("The namespaces there are: others are taken for misspelt. Absent: any name is one."),
);

export type Grants = {
  readonly cluster: readonly string[];
  readonly namespaces: Readonly<Record<string, readonly string[]>>;
};
export type OwnRoles = z.output<ReturnType<typeof ownRoles>>;
export type GivenRoles = z.output<ReturnType<typeof givenRoles>>;
export type RoleRule = z.output<ReturnType<typeof rule>>;
