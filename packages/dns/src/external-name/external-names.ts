import { type BlockBuilder, defineBlock } from "@ashlar/core";
import type * as z from "@ashlar/core/zod";
import { buildExternalNames } from "./build.ts";
import { externalNamesIntent } from "./intent.ts";

/**
 * Resources outside of the cluster under names inside of it: an ExternalName Service for each, so that moving a database changes one
 * name. Promises that each resolves to its target.
 *
 * It is an alias in DNS and nothing more. Clients connect to the target under the Service's name: over TLS the certificate is for the
 * target's name and has to be checked for that (`sslmode=verify-full` of PostgreSQL fails with the Service's name), and an HTTP server
 * gets the Service's name as `Host`. Neither ports nor network policies can be set for it.
 *
 * @throws {IntentError} with every finding: an address, a URL, a port, a wildcard, a name that only a search path would complete,
 * names that lead back to themselves
 * @example externalNames({ names: { "my.db": "db.example.ap-northeast-2.rds.amazonaws.com" } })
 */
export const externalNames: BlockBuilder<z.input<ReturnType<typeof externalNamesIntent>>> = defineBlock({
  name: "dns/external-names",
  intent: externalNamesIntent,
  build: buildExternalNames,
});
