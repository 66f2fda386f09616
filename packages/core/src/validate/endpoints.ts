import { type Fields, listOf, numberOf, optionalText, textOf } from "./fields.ts";
import { checkEndpointIp, checkIp } from "./ip-address.ts";
import { checkDnsLabel, checkDnsSubdomain, checkQualifiedName } from "./name-forms.ts";
import { checkPortNumber, PROTOCOLS } from "./port.ts";
import { checkOneOf, missing, type Report } from "./report.ts";

/** Reports what the API server refuses in Endpoints beyond their metadata. */
export function checkEndpoints(endpoints: Fields, report: Report): void {
  listOf(endpoints, "subsets").forEach((subset, i) => {
    const path = `subsets[${i}]`;
    const lists = ["addresses", "notReadyAddresses"] as const;
    if (lists.every((field) => listOf(subset, field).length === 0))
      missing(report, path, "write addresses or notReadyAddresses");
    for (const field of lists)
      listOf(subset, field).forEach((address, j) => {
        checkAddress(address, `${path}.${field}[${j}]`, report);
      });
    const ports = listOf(subset, "ports");
    ports.forEach((port, j) => {
      checkPort(port, ports.length > 1, `${path}.ports[${j}]`, report);
    });
  });
}

function checkAddress(address: Fields, path: string, report: Report): void {
  const ip = checkIp(textOf(address, "ip"), `${path}.ip`, report);
  if (ip) checkEndpointIp(ip, `${path}.ip`, report);
  const host = textOf(address, "hostname");
  if (host !== "") checkDnsLabel(host, `${path}.hostname`, report);
  const node = optionalText(address, "nodeName");
  if (node !== undefined) checkDnsSubdomain(node, `${path}.nodeName`, report);
}

function checkPort(port: Fields, needsName: boolean, path: string, report: Report): void {
  const name = textOf(port, "name");
  if (name !== "") checkDnsLabel(name, `${path}.name`, report);
  else if (needsName) missing(report, `${path}.name`, "name each port when there are several");
  checkPortNumber(numberOf(port, "port") ?? 0, `${path}.port`, report);
  checkOneOf(textOf(port, "protocol") || "TCP", PROTOCOLS, `${path}.protocol`, report);
  const app = optionalText(port, "appProtocol");
  if (app !== undefined) checkQualifiedName(app, `${path}.appProtocol`, report);
}
