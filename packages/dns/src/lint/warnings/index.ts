import type { Finding } from "@ashlar/core";
import type { LintSubject } from "../statements.ts";
import { cluster } from "./cluster.ts";
import { deadEnds } from "./dead-ends.ts";
import { encryption } from "./encryption.ts";
import { forwards } from "./forwards.ts";
import { ports } from "./ports.ts";
import { words } from "./words.ts";
import { zones } from "./zones.ts";

/** Checks over the server blocks, beyond the setups of their plugins. */
export const WARNINGS: readonly ((subject: LintSubject) => readonly Finding[])[] = [
  zones,
  words,
  forwards,
  ports,
  deadEnds,
  encryption,
  cluster,
];
