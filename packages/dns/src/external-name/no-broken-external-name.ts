import { type Finding, findingAbout, type Inventory, type Rule } from "@ashlar/core";
import { clusterCorefile, clusterDomains } from "./cluster-corefile.ts";
import { type ExternalService, externalServices } from "./external-services.ts";
import { aliasLoops, isIpv4, loopText, shortNameProblem, tooLongLabel } from "./target.ts";

const CODE = "dns/no-broken-external-name";

/** An ExternalName Service that the API server takes and that no pod ever resolves. */
export const noBrokenExternalName: Rule = {
  code: CODE,
  check(inventory) {
    const services = externalServices(inventory.resources);
    if (services.length === 0) return [];
    const domains = clusterDomains(clusterCorefile(inventory));
    const loops = aliasLoops(
      new Map(
        services.flatMap((one) => domains.map((domain) => [dnsName(one, domain), one.target] as const)),
      ),
    );
    return services.flatMap((one) => checkTarget(one, inventory, domains, loops));
  },
};

function dnsName({ service, namespace }: ExternalService, domain: string): string {
  return `${String(service.metadata?.name)}.${namespace}.svc.${domain}`;
}

function checkTarget(
  one: ExternalService,
  { locate }: Inventory,
  domains: readonly string[],
  loops: ReturnType<typeof aliasLoops>,
): Finding[] {
  const { service, target } = one;
  const about = (severity: Finding["severity"], message: string, hint: string): Finding[] => [
    findingAbout(service, locate, { code: CODE, severity, message, hint, path: "spec.externalName" }),
  ];
  if (isIpv4(target))
    return about(
      "error",
      `${target} is an address: the API server takes it for a name, and CoreDNS answers that the Service does not exist (NXDOMAIN)`,
      "make a Service without a selector, and an EndpointSlice with the address",
    );
  const long = tooLongLabel(target);
  if (long !== undefined)
    return about(
      "error",
      `the label "${long}" has ${long.length} characters: the API server takes it, and CoreDNS sends no reply at all`,
      "correct the name: no label of it is longer than 63",
    );
  const loop = domains.map((domain) => loops.get(dnsName(one, domain))).find((found) => found !== undefined);
  if (loop)
    return about(
      "error",
      `it leads into a loop (${loopText(loop)}): CoreDNS answers without an address`,
      "let one of them stand for a name outside of the loop",
    );
  const short = shortNameProblem(target);
  return short ? about("warning", short.message, short.hint) : [];
}
