import type { MigrationRule } from "../stage.ts";
import { lameduck, loop, maxConcurrent, ready } from "./defaults.ts";
import {
  autoTemplate,
  autoTimeout,
  endpoint,
  federationUpstream,
  headerSelector,
  noReload,
  onEvents,
  resyncPeriod,
  upstream,
} from "./ignored-options.ts";
import { httpsGoogle, proxy } from "./proxy.ts";
import { federation, reverse } from "./removed-plugins.ts";
import { stubZones } from "./stub-zones.ts";
import { transfer } from "./transfer.ts";

/** In the order in which they are applied. */
export const MIGRATION_RULES: readonly MigrationRule[] = [
  onEvents,
  reverse,
  httpsGoogle,
  loop,
  upstream,
  endpoint,
  noReload,
  autoTimeout,
  autoTemplate,
  stubZones,
  proxy,
  ready,
  resyncPeriod,
  federationUpstream,
  lameduck,
  federation,
  maxConcurrent,
  transfer,
  headerSelector,
];
