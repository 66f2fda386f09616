import { isLabelKey } from "../labels.ts";
import { isDnsLabel, isDnsSubdomain, isPathSegment } from "../names.ts";
import { quoted, type Report } from "./report.ts";

const DNS_LABEL = "at most 63 of a-z, 0-9 and '-', with a letter or digit at both ends";
const DNS_SUBDOMAIN =
  "at most 253 of a-z, 0-9, '-' and '.', with a letter or digit at both ends and beside each dot";
const QUALIFIED_NAME =
  "an optional DNS prefix and \"/\", then at most 63 letters, digits, '-', '_' and '.', with a letter or digit at both ends";

/** Reports what is no RFC 1123 label: names of containers, volumes, ports of Services. */
export function checkDnsLabel(name: string, path: string, report: Report, where?: string): void {
  if (!isDnsLabel(name)) report(path, ...wrongName(name, DNS_LABEL, isDnsLabel, "my-name"), at(where));
}

/** Reports what is no RFC 1123 subdomain: names of most objects. */
export function checkDnsSubdomain(name: string, path: string, report: Report, where?: string): void {
  if (!isDnsSubdomain(name))
    report(path, ...wrongName(name, DNS_SUBDOMAIN, isDnsSubdomain, "my-name or example.com"), at(where));
}

/** Reports what has not the form of a label key: the API's qualified name. */
export function checkQualifiedName(name: string, path: string, report: Report, where?: string): void {
  if (!isLabelKey(name))
    report(
      path,
      `${quoted(name)} has the wrong form: expected ${QUALIFIED_NAME}`,
      "write a name like app or example.com/app",
      at(where),
    );
}

/** Reports what cannot be one segment of a URL path: names of roles and bindings. */
export function checkPathSegment(name: string, path: string, report: Report): void {
  // An empty name is told by whoever asks for a name at all.
  if (name !== "" && !isPathSegment(name))
    report(
      path,
      `${quoted(name)} is not a name: expected neither "." nor "..", and no "/" or "%" in it`,
      "write a name like pod-reader or system:node",
    );
}

/** Reports what is no RFC 1035 label: versions of APIs. */
export function checkVersionLabel(name: string, path: string, report: Report, where?: string): void {
  if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) || name.length > 63)
    report(
      path,
      `${quoted(name)} is no version: expected at most 63 of a-z, 0-9 and '-', with a letter at the front and no '-' at the end`,
      "write a version like v1",
      at(where),
    );
}

/** Reports what cannot be a key of a ConfigMap or Secret. */
export function checkConfigKey(key: string, path: string, report: Report): void {
  if (key.length > 253 || !/^[-._a-zA-Z0-9]+$/.test(key) || key === "." || key.startsWith(".."))
    report(
      path,
      `${quoted(key)} cannot be a key: expected at most 253 letters, digits, '-', '_' and '.', not "." and no ".." at the front`,
      "write a key like application.yaml; a folder is made by items[].path where the volume is mounted",
    );
}

/** Reports what cannot name an environment variable: printable ASCII without "=" (since Kubernetes 1.34). */
export function checkEnvName(name: string, path: string, report: Report): void {
  if (!/^[ -<>-~]+$/.test(name))
    report(
      path,
      `${quoted(name)} cannot name an environment variable: expected printable ASCII without "="`,
      "write a name like DATABASE_URL",
    );
}

/** Reports what is no `domain/path`: the controller of an IngressClass, managedBy of a Job. */
export function checkDomainPath(text: string, path: string, report: Report): void {
  const slash = text.indexOf("/");
  const domain = text.slice(0, slash);
  if (
    slash < 1 ||
    !isDnsSubdomain(domain) ||
    !/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(text.slice(slash + 1))
  )
    report(
      path,
      `${quoted(text)} is not a domain and a path`,
      'write a domain, "/" and a word, like example.com/controller',
    );
}

/** Reports what is no host with an asterisk for its first label. */
export function checkWildcardHost(host: string, path: string, report: Report): void {
  if (host.length > 253 || !host.startsWith("*.") || !isDnsSubdomain(host.slice(2)))
    report(
      path,
      `${quoted(host)} is not a host: an asterisk stands alone as the first label`,
      "write a host like *.example.com",
    );
}

type IsName = (name: string) => boolean;

function wrongName(name: string, form: string, isName: IsName, example: string): [string, string] {
  const better = name.toLowerCase().replaceAll("_", "-");
  return [
    `${quoted(name)} is not a name: expected ${form}`,
    isName(better) ? `write ${better}` : `write a name like ${example}`,
  ];
}

function at(where: string | undefined): { where: string } | undefined {
  return where === undefined ? undefined : { where };
}
