import type { Resource } from "@ashlar/core";
import { apps, callbackOf, controller, issuer, type ProxyFlavour } from "@ashlar/ingress/blocks";
import { namespacesOf, type ParsedPlatform } from "./intent.ts";
import type { Part } from "./part.ts";

/** The blocks behind `apps` and `edge`. */
export function edgeParts(intent: ParsedPlatform, services: readonly Resource[]): Part[] {
  const { edge } = intent;
  const issuers = Object.entries(edge?.issuers ?? {}).map(([name, options]): Part => {
    const place = `edge.issuers["${name}"]`;
    return {
      built: issuer.safe({ ...options, name }),
      path: (path) => (path === "name" ? place : `${place}.${path}`),
    };
  });
  const settings: Part[] =
    edge?.settings === undefined
      ? []
      : [{ built: controller.safe(edge.settings), path: (path) => `edge.settings.${path}` }];
  return [...issuers, ...settings, ...appParts(intent, services)];
}

function appParts(intent: ParsedPlatform, services: readonly Resource[]): Part[] {
  if (Object.keys(intent.apps).length === 0) return [];
  const { issuers: _, settings: __, auth, ...options } = intent.edge ?? {};
  const { issuer: url, clientId } = (intent.oidc ?? {}) as {
    readonly issuer?: unknown;
    readonly clientId?: unknown;
  };
  const built = apps.safe({
    ...options,
    ...(auth && {
      auth: {
        ...(url !== undefined && { issuer: url }),
        ...(clientId !== undefined && { clientId }),
        ...auth,
      },
    }),
    apps: intent.apps,
    namespaces: namespacesOf(intent),
    ...(Object.keys(intent.groups).length > 0 && { groups: Object.keys(intent.groups) }),
    services: knownServices(services),
  });
  return [
    {
      built,
      path: (path) =>
        path.startsWith("apps")
          ? path
          : path.startsWith("services")
            ? "given"
            : path === ""
              ? "edge"
              : `edge.${path}`,
    },
  ];
}

/** Ports and pods of the Services that are there, by NAMESPACE/NAME. */
function knownServices(
  services: readonly Resource[],
): Record<string, { readonly ports: readonly number[]; readonly pods?: Readonly<Record<string, string>> }> {
  return Object.fromEntries(
    services
      .filter(({ apiVersion, kind }) => apiVersion === "v1" && kind === "Service")
      .map((service) => {
        const { namespace = "default", name } = service.metadata;
        const { ports = [], selector } = (service as ServiceLike).spec ?? {};
        return [
          `${namespace}/${name}`,
          { ports: ports.flatMap(({ port }) => port ?? []), ...(selector && { pods: selector }) },
        ];
      }),
  );
}

interface ServiceLike extends Resource {
  readonly spec?: {
    readonly ports?: readonly { readonly port?: number }[];
    readonly selector?: Readonly<Record<string, string>>;
  };
}

/** Where logins of apps come back to, by the OIDC client that they log in through. */
export function loginsOf(
  intent: ParsedPlatform,
): ReadonlyMap<string, { readonly host: string; readonly callback: string }[]> {
  const auth = (intent.edge?.auth ?? {}) as { readonly clientId?: string; readonly flavour?: ProxyFlavour };
  const logins = new Map<string, { readonly host: string; readonly callback: string }[]>();
  for (const app of Object.values(intent.apps) as { host?: unknown; login?: unknown; clientId?: unknown }[]) {
    const client =
      app.clientId ?? auth.clientId ?? (intent.oidc as { readonly clientId?: unknown } | undefined)?.clientId;
    if (typeof app.host !== "string" || typeof client !== "string" || !app.login) continue;
    logins.set(client, [
      ...(logins.get(client) ?? []),
      { host: app.host, callback: callbackOf(auth.flavour) },
    ]);
  }
  return logins;
}
