import type { Rule } from "@ashlar/core";
import { noBrokenExternalName } from "../external-name/no-broken-external-name.ts";
import { noPublicResolver } from "../external-name/no-public-resolver.ts";
import { corefileLintRules } from "./corefile-lint.ts";
import { noOwnResolver } from "./no-own-resolver.ts";
import { noUnservedPort } from "./no-unserved-port.ts";
import { requireDnsRights } from "./require-dns-rights.ts";
import { validCorefile } from "./valid-corefile.ts";

/** The rules of this package about Corefiles, the CoreDNS beside them and external names. */
export const dnsRules: readonly Rule[] = [
  validCorefile,
  ...corefileLintRules,
  noUnservedPort,
  requireDnsRights,
  noOwnResolver,
  noBrokenExternalName,
  noPublicResolver,
];
