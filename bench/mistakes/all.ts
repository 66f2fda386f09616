import { content } from "./edits/content.ts";
import { network } from "./edits/network.ts";
import { references } from "./edits/references.ts";
import { secrets } from "./edits/secrets.ts";
import { selectorsAndPorts } from "./edits/selectors.ts";
import { structure } from "./edits/structure.ts";
import { values } from "./edits/values.ts";
import { versionsAndAccess } from "./edits/versions-and-access.ts";
import { yaml } from "./edits/yaml.ts";
import type { Mistake } from "./mistake.ts";

/** Every planted mistake. */
export const MISTAKES: readonly Mistake[] = [
  ...structure,
  ...values,
  ...content,
  ...references,
  ...selectorsAndPorts,
  ...versionsAndAccess,
  ...secrets,
  ...network,
  ...yaml,
];
