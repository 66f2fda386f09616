import type { Step } from "@ashlar/core";
import { MASTER_SCRIPT } from "./import-script.ts";

/** How a new realm comes into Keycloak. */
export function realmSteps(realm: string, file: string, variables: readonly string[]): Step[] {
  return [
    {
      title: `Import the realm ${realm}`,
      argv: ["kc.sh", "import", "--file", file, "--override=false"],
      why: `Makes the realm ${realm} when there is none of that name; an existing one is left as it is.`,
      when: `Keycloak is stopped, its database settings are in the environment${listed(variables, ", and so is each of ")}. A variable that is not set becomes a secret that everybody can read in the file.`,
      verify: `Keycloak, started, answers 200 to /realms/${realm}/.well-known/openid-configuration.`,
      undo: `kcadm.sh delete realms/${realm}`,
    },
  ];
}

/** How master gets its settings and what is new in it. */
export function masterSteps(settings: string, variables: readonly string[]): Step[] {
  return [
    {
      title: "Set the settings of the realm master",
      argv: ["kcadm.sh", "update", "realms/master", "-f", settings],
      why: "Changes the settings in the file and leaves all others.",
      when: "Keycloak runs, and kcadm.sh is logged in as an administrator of master.",
      verify: "kcadm.sh get realms/master shows them.",
    },
    {
      title: "Add to the realm master",
      argv: ["sh", MASTER_SCRIPT],
      why: "Makes roles, groups and clients that master does not have; what is there stays as it is, with its users.",
      when: `Keycloak runs, kcadm.sh is logged in, and every realm that a role manages exists${listed(variables, "; set in the environment: ")}.`,
      verify: 'Its answer has "added" for what is new and "skipped" for what was there.',
    },
  ];
}

function listed(names: readonly string[], before: string): string {
  return names.length > 0 ? `${before}${names.join(", ")}` : "";
}
