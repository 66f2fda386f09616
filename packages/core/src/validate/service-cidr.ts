import { type Fields, fieldsOf, textOf, textsOf } from "./fields.ts";
import { checkCidr, cidrFamily, isCanonicalIpv6 } from "./ip-address.ts";
import { checkDnsSubdomain, checkPathSegment } from "./name-forms.ts";
import { missing, quoted, type Report } from "./report.ts";

/** Reports what the API server refuses in a ServiceCIDR beyond its metadata. */
export function checkServiceCidr(range: Fields, report: Report): void {
  const cidrs = textsOf(fieldsOf(range, "spec") ?? {}, "cidrs");
  const path = "spec.cidrs";
  if (cidrs.length === 0) missing(report, path, "write a range like 10.96.0.0/16");
  if (cidrs.length > 2) report(path, `at most 2 ranges, not ${cidrs.length}`, "write several ServiceCIDRs");
  if (cidrs.length > 2) return;
  cidrs.forEach((cidr, i) => {
    let isRight = true;
    checkCidr(cidr, `${path}[${i}]`, (...problem) => {
      isRight = false;
      report(...problem);
    });
    const address = cidr.slice(0, cidr.indexOf("/"));
    if (isRight && address.includes(":") && !isCanonicalIpv6(address))
      report(
        `${path}[${i}]`,
        `${quoted(cidr)} is not in its canonical form`,
        "write the address in small letters and as short as can be",
      );
  });
  const [first, second] = cidrs.map(cidrFamily);
  if (first !== undefined && first === second)
    report(path, `both ranges are IPv${first}`, "leave one of IPv4 and one of IPv6");
}

/** Reports what the API server refuses in an IPAddress beyond its metadata. */
export function checkIpAddress(address: Fields, report: Report): void {
  const path = "spec.parentRef";
  const parent = fieldsOf(fieldsOf(address, "spec") ?? {}, "parentRef");
  if (!parent) {
    missing(report, path, "write what has the address: { resource: services, namespace: …, name: … }");
    return;
  }
  const group = textOf(parent, "group");
  if (group !== "") checkDnsSubdomain(group, `${path}.group`, report);
  for (const field of ["resource", "name", "namespace"]) {
    const value = textOf(parent, field);
    if (value !== "") checkPathSegment(value, `${path}.${field}`, report);
    else if (field !== "namespace")
      missing(report, `${path}.${field}`, `write the ${field} of what has the address`);
  }
}
