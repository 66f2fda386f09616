import { type Finding, findingAbout, formatRef, type Inventory, type Rule, refOf } from "@ashlar/core";
import { isAddress, isWithin, readNameServer } from "../cluster-dns/fields.ts";
import { compareReleases, coreDnsRelease } from "../plugins/table.ts";
import { dnsModel } from "../resolve/model.ts";
import { resolveName } from "../resolve/resolve-name.ts";
import {
  type AskedUpstream,
  type ClusterCorefile,
  clusterCorefile,
  kubernetesUpstream,
} from "./cluster-corefile.ts";
import { externalServices } from "./external-services.ts";

const CODE = "dns/no-public-resolver-for-peered-name";

/** A name of a cloud's own resource, which the cloud's resolver answers with a private address and a public one does not. */
export const noPublicResolver: Rule = {
  code: CODE,
  check(inventory) {
    const services = externalServices(inventory.resources).filter(({ target }) => peeredZone(target));
    const corefile = services.length > 0 ? clusterCorefile(inventory) : undefined;
    if (!corefile) return [];
    const asked = askedUpstreams(inventory, corefile);
    return services.flatMap(({ service, target }): Finding[] => {
      const { key, upstream = [] } = asked(target) ?? {};
      const open = upstream.filter(isPublic).map((address) => address.replace(/:53$/, ""));
      const zone = peeredZone(target);
      if (!zone || open.length === 0) return [];
      return [
        {
          ...findingAbout(service, inventory.locate, {
            code: CODE,
            severity: "warning",
            message: `${formatRef(refOf(service))} stands for ${target}, which the block "${key}" of ${formatRef(refOf(corefile.configMap))} asks of ${open.join(" and ")}: public resolvers give its public address, so that its traffic goes around the private network`,
            hint: `forward the zone ${zone.zone} to ${zone.resolver}: "${zone.zone}": "/etc/resolv.conf" in zones of clusterDns, or a block "${zone.zone}:53" with "forward . /etc/resolv.conf"`,
            path: "spec.externalName",
          }),
          related: [
            {
              message: "this Corefile forwards it",
              subject: refOf(corefile.configMap),
              path: "data.Corefile",
              ...placeOf(inventory, corefile),
            },
          ],
        },
      ];
    });
  },
};

function placeOf({ locate }: Inventory, { configMap }: ClusterCorefile) {
  const at = locate?.(configMap, "data.Corefile");
  return at ? { at } : {};
}

/** Who is asked for a name: as the model says, and before CoreDNS 1.4.0 as the kubernetes plugin says. */
function askedUpstreams(
  { resources, versions = {} }: Inventory,
  corefile: ClusterCorefile,
): (target: string) => AskedUpstream | undefined {
  const { coredns } = versions;
  const release = coredns === undefined ? undefined : coreDnsRelease(coredns);
  // `proxy` left with 1.5.0: it tells an old file where nobody gives the version.
  const isOld =
    release === undefined
      ? corefile.servers.some(({ plugins }) => plugins.has("proxy"))
      : compareReleases(release, "1.4.0") < 0;
  if (isOld) return () => kubernetesUpstream(corefile);
  const model = dnsModel(resources, { ...(release !== undefined && { coredns: release }) });
  if (typeof model.source === "string") return () => undefined;
  return (target) => {
    const { server, upstream } = resolveName(model, `${target}.`);
    return server && { key: server.key, upstream };
  };
}

interface PeeredZone {
  readonly zone: string;
  readonly resolver: string;
  /** Zones in it whose names have the same answer everywhere. */
  readonly except?: RegExp;
}

const VPC = "the VPC's own resolver";
const AZURE = "Azure's own resolver";

/** Zones whose names have another answer inside of the cloud's network. */
const ZONES: readonly PeeredZone[] = [
  // Load balancers and caches have one answer everywhere.
  { zone: "amazonaws.com", resolver: VPC, except: /\.(?:elb|cache)(?:\.[a-z0-9-]+)?\.amazonaws\.com$/ },
  {
    zone: "amazonaws.com.cn",
    resolver: VPC,
    except: /\.(?:elb|cache)(?:\.[a-z0-9-]+)?\.amazonaws\.com\.cn$/,
  },
  ...[
    "database.windows.net",
    "database.azure.com",
    "documents.azure.com",
    "vault.azure.net",
    "core.windows.net",
    "cache.windows.net",
    "servicebus.windows.net",
  ].map((zone) => ({ zone, resolver: AZURE })),
];

function peeredZone(target: string): PeeredZone | undefined {
  return ZONES.find(({ zone, except }) => isWithin(target, zone) && target !== zone && !except?.test(target));
}

/** Ranges that no public resolver is in: private, shared, loopback, link-local, multicast, and Azure's own resolver. */
const PRIVATE_V4 =
  /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2[0-9]|3[01])|100\.(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])|22[4-9]|2[3-5][0-9])\.|^168\.63\.129\.16$/;

function isPublic(word: string): boolean {
  const server = readNameServer(word.replace(/^dns:\/\//, "").replace(/%[^:\]]*/, ""));
  if (!server || !isAddress(server.address)) return false;
  // Global unicast is 2000::/3.
  return server.address.includes(":")
    ? /^[23][0-9a-f]{3}:/i.test(server.address)
    : !PRIVATE_V4.test(server.address);
}
