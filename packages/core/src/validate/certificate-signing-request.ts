import { isDnsLabel, isDnsSubdomain } from "../names.ts";
import { base64Text } from "../read-yaml/base64.ts";
import { type Fields, fieldsOf, numberOf, textOf, textsOf } from "./fields.ts";
import { checkOneOf, missing, quoted, type Report } from "./report.ts";

const USAGES = [
  "any",
  "cert sign",
  "client auth",
  "code signing",
  "content commitment",
  "crl sign",
  "data encipherment",
  "decipher only",
  "digital signature",
  "email protection",
  "encipher only",
  "ipsec end system",
  "ipsec tunnel",
  "ipsec user",
  "key agreement",
  "key encipherment",
  "microsoft sgc",
  "netscape sgc",
  "ocsp signing",
  "s/mime",
  "server auth",
  "signing",
  "timestamping",
];
const LEAST_SECONDS = 600;
/**
 * Reports what the API server refuses in a CertificateSigningRequest beyond its metadata. Of the request itself the frame is
 * looked at (PEM of the right type), not the certificate request and its signature.
 */
export function checkCertificateSigningRequest(request: Fields, report: Report): void {
  const spec = fieldsOf(request, "spec") ?? {};
  const type = pemType(base64Text(textOf(spec, "request")) ?? "");
  if (type !== "CERTIFICATE REQUEST")
    report(
      "spec.request",
      `expected PEM of type CERTIFICATE REQUEST in base64, got ${type === undefined ? "no PEM" : quoted(type)}`,
      "write what `base64 -w0` makes of the file that `openssl req -new` wrote",
    );
  const usages = textsOf(spec, "usages");
  if (usages.length === 0) missing(report, "spec.usages", "write usages like [client auth]");
  const seen = new Set<string>();
  usages.forEach((usage, i) => {
    checkOneOf(usage, USAGES, `spec.usages[${i}]`, report);
    if (seen.has(usage)) report(`spec.usages[${i}]`, `${quoted(usage)} is there twice`, "remove one of them");
    seen.add(usage);
  });
  checkSigner(textOf(spec, "signerName"), "spec.signerName", report);
  const seconds = numberOf(spec, "expirationSeconds");
  if (seconds !== undefined && seconds < LEAST_SECONDS)
    report(
      "spec.expirationSeconds",
      `a certificate is for ${LEAST_SECONDS} seconds or more, not ${seconds}`,
      `write ${LEAST_SECONDS} or more`,
    );
}

/** The type of the first block of a PEM file (RFC 7468). */
function pemType(text: string): string | undefined {
  const begin = /^-----BEGIN ([^\n]*)-----[ \t\r]*\n/m.exec(text);
  if (!begin) return undefined;
  return text.includes(`\n-----END ${begin[1]}-----`, begin.index) ? begin[1] : undefined;
}

function checkSigner(signer: string, path: string, report: Report): void {
  if (signer === "") {
    missing(report, path, "write who signs, like kubernetes.io/kube-apiserver-client");
    return;
  }
  const [domain = "", name = "", more] = signer.split("/", 3);
  const labels = domain.split(".");
  const isRight =
    more === undefined &&
    domain.length <= 253 &&
    labels.length > 1 &&
    labels.every(isDnsLabel) &&
    name.split(".").every(isDnsSubdomain) &&
    signer.length <= 253 + 1 + 253 + 1 + 63;
  if (!isRight || signer === "kubernetes.io/legacy-unknown")
    report(
      path,
      isRight ? `${signer} was for v1beta1 alone` : `${quoted(signer)} is no domain, "/" and name`,
      "write a signer like kubernetes.io/kube-apiserver-client or example.com/signer",
    );
}
