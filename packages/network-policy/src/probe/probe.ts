import { type BlockBuilder, defineBlock } from "@ashlar/core";
import type * as z from "@ashlar/core/zod";
import { buildProbe } from "./build.ts";
import { probeIntent } from "./intent.ts";

/**
 * The firewall's test tool: a small web server (`busybox`, Service port 80 → 8000) in each namespace, and a script that
 * sends a request from every pod to every Service and compares the result with the expected one.
 *
 * @throws {IntentError} with every finding
 * @example probe({ namespaces: ["dev", "prod"], routes: [{ from: "dev", to: "prod", reaches: false }] })
 */
export const probe: BlockBuilder<z.input<ReturnType<typeof probeIntent>>> = defineBlock({
  name: "network-policy/probe",
  intent: probeIntent,
  build: buildProbe,
});
