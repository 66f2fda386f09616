import type { CorednsVerdict } from "../components/coredns.ts";

/** Why CoreDNS ends though nothing in the Corefile is wrong: what is beside it, or is not read by the lint on purpose. */
const OUTSIDE: readonly (readonly [why: string, words: RegExp])[] = [
  [
    "a file that is not there",
    /no such file|failed to open database|not a directory|is a directory|unable to access|invalid credentials file/,
  ],
  ["a certificate or key that is not one", /could not load TLS cert|could not read root certs|PEM/],
  [
    "a zone file that does not fit the zone",
    /has no SOA|non-apex SOA|plugin\/file: |not parse|outside zone|out-of-zone|out of zone/,
  ],
  ["a name that has to be looked up", /failed to resolve/],
  ["an interface of the machine", /not a valid IP address or interface name/],
  [
    "a cloud that has to be asked",
    /failed to (create|initialize) route53|azure: .*(authorizer|subscription|token)|clouddns/i,
  ],
  [
    "an expression of view or template",
    /unexpected token|bad number syntax|could not compile expression|unknown name|undefined/,
  ],
];

/** What beside the Corefile CoreDNS ended for; `undefined` when it ended for the Corefile. */
export function outside(verdict: CorednsVerdict): string | undefined {
  return OUTSIDE.find(([, words]) => words.test(verdict.error))?.[0];
}
