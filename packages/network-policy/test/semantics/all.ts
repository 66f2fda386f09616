import { addressChecks } from "./addresses.ts";
import type { Checks } from "./api.ts";
import { endpointChecks } from "./endpoints.ts";
import { factChecks } from "./facts.ts";
import { policyChecks } from "./policies.ts";
import { portChecks } from "./ports.ts";
import { selectorChecks } from "./selectors.ts";
import { serviceChecks } from "./services.ts";

/** Every semantic rule of the model, by area. */
export const areas: Readonly<Record<string, Checks>> = {
  policies: policyChecks,
  selectors: selectorChecks,
  ports: portChecks,
  addresses: addressChecks,
  facts: factChecks,
  endpoints: endpointChecks,
  services: serviceChecks,
};
