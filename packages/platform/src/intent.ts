import {
  type Block,
  type EnvironmentNamespaces,
  type Environments,
  environmentProblems,
  isDnsLabel,
  namespaceNames,
  namespaceProblems,
  type Resource,
  suggest,
} from "@ashlar/core";
import * as z from "@ashlar/core/zod";
import { firewall, parseCni } from "@ashlar/network-policy/blocks";
import { type GivenFiles, isGivenFiles } from "./given.ts";
import type { FirewallInput } from "./platform-intent.ts";
import { suppressionList } from "./report/suppression.ts";

/** `1.36` or `1.36.3`. */
export const KUBERNETES_VERSION = /^1\.\d{1,3}(\.\d{1,3})?$/;

let made: ReturnType<typeof makePlatformIntent> | undefined;

/**
 * The shape of a platform file; words inside strings are checked by the blocks and by the claims' own reader. Made at its
 * first use: an import should cost nothing.
 */
export function platformIntent(): ReturnType<typeof makePlatformIntent> {
  made ??= makePlatformIntent();
  return made;
}

function makePlatformIntent() {
  const names = z.array(z.string()).readonly();
  const namespaces = z.union([
    names,
    z.strictObject({ existing: names.describe("Namespaces that are there already.") }),
  ]);
  return z
    .strictObject({
      name: z.string().describe("The platform's name: a-z, 0-9 and -, at most 63."),
      versions: z
        .strictObject({
          kubernetes: z
            .string()
            .regex(KUBERNETES_VERSION, "a Kubernetes version such as 1.36")
            .optional()
            .describe("Kubernetes version: 1.36."),
          coredns: z.string().optional().describe("CoreDNS version: 1.15."),
          keycloak: z.string().optional().describe("Keycloak version: 26.7."),
          cni: z.string().optional().describe("Network plugin and version: kube-router@2.5."),
        })
        .default({})
        .describe(
          "Versions that the manifests are for. Default: the API as written, no plugin's particularities.",
        ),
      environments: z.record(z.string(), namespaces).describe("Environment → its namespaces."),
      namespaces: namespaces.default([]).describe("Namespaces of no environment. Default: none."),
      firewall: z
        .union([z.string(), z.looseObject({ diagram: z.string() })])
        .optional()
        .describe("The diagram, or the firewall's options with it. Absent: no policies."),
      probe: z
        .looseObject({ in: names.describe("Namespaces with a probe.") })
        .optional()
        .describe("The firewall's test tool. Absent: none."),
      dns: z
        .looseObject({
          external: z
            .record(z.string(), z.string())
            .default({})
            .describe("Service and namespace → the name outside that it stands for. Default: none."),
          fromKubeDns: z
            .looseObject({})
            .optional()
            .describe("Steps from kube-dns to CoreDNS. Absent: there is no kube-dns."),
        })
        .optional()
        .describe("CoreDNS of the cluster. Absent: left as it is."),
      apps: z.record(z.string(), z.looseObject({})).default({}).describe("Apps behind hosts. Default: none."),
      edge: z
        .looseObject({
          issuers: z
            .record(z.string(), z.looseObject({}))
            .default({})
            .describe("ClusterIssuers by name. Default: none."),
          settings: z
            .looseObject({})
            .optional()
            .describe("Settings of the ingress controller. Absent: as they are."),
          auth: z.looseObject({}).optional().describe("The auth proxies. Needed when an app has a login."),
        })
        .optional()
        .describe("How apps are reached. Needed when there are apps."),
      registries: z
        .record(z.string(), z.looseObject({}))
        .default({})
        .describe("Image registries and who pulls from them. Default: none."),
      oidc: z
        .looseObject({ issuer: z.string().describe("URL of the issuer.") })
        .optional()
        .describe("Logins through OIDC. Absent: none."),
      realms: z
        .record(z.string(), z.looseObject({}))
        .default({})
        .describe("Realms of Keycloak by name. Default: none."),
      groups: z
        .record(z.string(), z.looseObject({}))
        .default({})
        .describe("Groups of tokens and their roles. Default: none."),
      roles: z
        .record(
          z.string(),
          z.custom<unknown>(() => true),
        )
        .default({})
        .describe("Roles of your own. Default: none."),
      serviceAccounts: z
        .record(z.string(), z.looseObject({}))
        .default({})
        .describe("NAMESPACE/NAME → the ServiceAccount's roles and token. Default: none."),
      given: z
        .array(
          z.custom<Resource | string | GivenFiles>(
            isGiven,
            "an object, KIND/NAME, NAMESPACE/KIND/NAME, or yaml(FILES)",
          ),
        )
        .readonly()
        .default([])
        .describe("Objects that others make. Default: none."),
      podCidrs: names.default([]).describe("CIDRs of pods, as the cluster was made with. Default: unknown."),
      expect: names.default([]).describe("Claims: env:dev -/-> env:prod. Default: none."),
      suppress: suppressionList()
        .default([])
        .describe(
          "Findings of check that are right as they are: code and because, subject, path and until. Default: none.",
        ),
      also: z
        .array(z.custom<Block>(isBlock, "a Block, as builders return it"))
        .readonly()
        .default([])
        .describe("Further blocks. Default: none."),
    })
    .superRefine((intent, ctx) => {
      const problem = (path: PropertyKey[], message: string, hint: string) =>
        void ctx.addIssue({ code: "custom", path, message, params: { hint }, input: intent });
      if (!isDnsLabel(intent.name))
        problem(["name"], `"${intent.name}" is no platform name`, "use a-z, 0-9 and -, at most 63");
      checkNamespaces(intent, problem);
      const known = namespacesOf(intent);
      intent.probe?.in.forEach((namespace, i) => {
        if (!known.includes(namespace))
          problem(["probe", "in", i], `unknown namespace "${namespace}"`, suggest(namespace, known));
      });
      const cni = intent.versions.cni === undefined ? undefined : parseCni(intent.versions.cni);
      if (cni && !cni.ok)
        for (const { message, hint } of cni.findings) problem(["versions", "cni"], message, hint);
      const blockIntent = firewallInput(intent);
      if (!blockIntent)
        for (const { path, message, hint } of environmentProblems(intent.environments as Environments))
          problem([...path], message, hint);
      const built = blockIntent && firewall.safe(blockIntent);
      if (built && !built.ok)
        for (const { path, message, hint } of built.findings) {
          if (path === "cni") continue;
          const owned = path.startsWith("environments")
            ? path
            : typeof intent.firewall === "string"
              ? "firewall"
              : `firewall.${path}`;
          problem([owned], message, hint);
        }
    });
}

/** A platform as it was written, its shape checked. */
export type WrittenPlatform = z.output<ReturnType<typeof makePlatformIntent>>;

/** The same with the objects of its files in place. */
export type ParsedPlatform = Omit<WrittenPlatform, "given"> & {
  readonly given: readonly (Resource | string)[];
};

/** Every namespace that a platform names, in order of mention. */
export function namespacesOf(intent: Pick<ParsedPlatform, "environments" | "namespaces">): string[] {
  return [...Object.values(intent.environments), intent.namespaces].flatMap((v) => [
    ...namespaceNames(v as EnvironmentNamespaces),
  ]);
}

/** The firewall block's intent: the platform's environments and plugin, and what the file says of the firewall. */
export function firewallInput(
  intent: Pick<WrittenPlatform, "environments" | "firewall" | "versions">,
): FirewallInput | undefined {
  if (intent.firewall === undefined) return undefined;
  const options = typeof intent.firewall === "string" ? { diagram: intent.firewall } : intent.firewall;
  return {
    ...options,
    environments: intent.environments as FirewallInput["environments"],
    ...(intent.versions.cni !== undefined && { cni: intent.versions.cni }),
  };
}

function checkNamespaces(
  intent: WrittenPlatform,
  problem: (path: PropertyKey[], message: string, hint: string) => void,
): void {
  const inEnvironments = new Set(namespacesOf({ environments: intent.environments, namespaces: [] }));
  const created = !("existing" in intent.namespaces);
  for (const { path, message, hint } of namespaceProblems(
    ["namespaces"],
    intent.namespaces as EnvironmentNamespaces,
  ))
    problem([...path], message, hint);
  namespaceNames(intent.namespaces as EnvironmentNamespaces).forEach((namespace, i) => {
    const path = ["namespaces", ...(created ? [] : ["existing"]), i];
    if (inEnvironments.has(namespace))
      problem(path, `namespace "${namespace}" belongs to an environment`, "leave it out here");
  });
}

function isGiven(value: unknown): boolean {
  if (typeof value === "string") return /^([^/\s]+\/)?[A-Z][A-Za-z]*\/[^/\s]+$/.test(value);
  if (typeof value !== "object" || value === null) return false;
  if (isGivenFiles(value)) return typeof value.files === "string" && value.files.trim() !== "";
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  const { name } = (metadata ?? {}) as Record<string, unknown>;
  return [apiVersion, kind, name].every((field) => typeof field === "string" && field !== "");
}

function isBlock(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return ["resources", "patches", "documents", "steps", "claims"].every((k) =>
    Array.isArray((value as Record<string, unknown>)[k]),
  );
}
