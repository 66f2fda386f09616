import type { Case } from "./case.ts";
import { IP_BLOCK_CASES } from "./ip-block-cases.ts";
import { METADATA_CASES } from "./metadata-cases.ts";
import { PORT_AND_PEER_CASES } from "./port-and-peer-cases.ts";
import { SELECTOR_CASES } from "./selector-cases.ts";
import { SPEC_CASES } from "./spec-cases.ts";

/** Every kind of break that we know of, and the valid neighbour of each. */
export const HAND_MADE: readonly Case[] = [
  ...SPEC_CASES,
  ...SELECTOR_CASES,
  ...PORT_AND_PEER_CASES,
  ...IP_BLOCK_CASES,
  ...METADATA_CASES,
];
