/**
 * The parts of zod that intents are written with. Packages take them from here, so that one copy is loaded, and of that only
 * what is used: zod as a whole costs more than all of Ashlar.
 *
 * @example import * as z from "@ashlar/core/zod";
 */
export {
  array,
  boolean,
  type core,
  custom,
  type input,
  int,
  literal,
  looseObject,
  type output,
  record,
  strictObject,
  string,
  union,
  type ZodType,
} from "zod";
export { secretRef } from "./secret-ref.ts";
