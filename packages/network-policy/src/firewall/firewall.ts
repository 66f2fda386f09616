import { type Block, type BlockBuilder, defineBlock } from "@ashlar/core";
import type * as z from "@ashlar/core/zod";
import { buildFirewall } from "./build.ts";
import type { CheckDiagram } from "./diagram-type.ts";
import { firewallIntent } from "./intent.ts";

type Input = z.input<ReturnType<typeof firewallIntent>>;

/** The intent with its diagram checked against the environments by the compiler. */
type Checked<I> = I extends Input
  ? {
      readonly [K in keyof I]: K extends "diagram"
        ? CheckDiagram<I[K], keyof I["environments"] & string>
        : I[K];
    }
  : Input;

/** The builder's facts, without its plain call signature. */
type Facts = { readonly [K in keyof BlockBuilder<Input>]: BlockBuilder<Input>[K] };

interface Firewall extends Facts {
  <const I>(input: I extends Checked<I> ? I : Checked<I>): Block;
}

/**
 * Environments as labelled namespaces, and a NetworkPolicy for each namespace that must keep something out. Promises,
 * for every ordered pair of environments, that traffic is open or refused as drawn.
 *
 * An environment of existing namespaces that every environment may enter (`common`) is left open: it gets no policy.
 * Ingress and egress are always written as two policies, and selectors with matchLabels only, so that every plugin
 * version that enforces policies at all reads them alike.
 *
 * @throws {IntentError} with every finding
 * @example
 * firewall({
 *   environments: { common: existing("default", "kube-system"), prod: ["prod"], dev: ["dev"] },
 *   diagram: "prod <-> common <-> dev",
 * })
 */
export const firewall: Firewall = defineBlock({
  name: "network-policy/firewall",
  intent: firewallIntent,
  build: buildFirewall,
});
