import { shellQuote } from "@ashlar/core";

/** Where the script lies that adds to master. */
export const MASTER_SCRIPT = "scripts/import-realm-master.sh";

/** Fills `${NAME}` from the environment; a JSON text takes a value as it is, so quotes and backslashes are refused before. */
const FILL = [
  "{",
  '  done = ""',
  "  while (match($0, /[$][{][A-Z_][A-Z0-9_]*[}]/)) {",
  "    done = done substr($0, 1, RSTART - 1) ENVIRON[substr($0, RSTART + 2, RLENGTH - 3)]",
  "    $0 = substr($0, RSTART + RLENGTH)",
  "  }",
  "  print done $0",
  "}",
].join("\n");

/**
 * Keycloak fills `${NAME}` only when it imports at its start, not over its API: there the text itself would become the
 * secret. So the script does it, by awk's ENVIRON, which shows values to nobody.
 */
export function masterScript(file: string, variables: readonly string[]): string {
  const checks = variables.flatMap((name) => [
    `: "\${${name}:?is not set}"`,
    `case $${name} in *[\\"\\\\[:cntrl:]]*) echo "${name} must have no quote, backslash or control character" >&2; exit 2 ;; esac`,
    `export ${name}`,
  ]);
  return `${[
    "#!/bin/sh",
    "# Adds what is new to the realm master of a running Keycloak. What is there already stays as it is.",
    "# Log in before: kcadm.sh config credentials --server URL --realm master --client ID",
    "set -eu",
    'cd -- "$(dirname -- "$0")/.."',
    ...checks,
    `awk ${shellQuote(FILL)} ${shellQuote(file)} | kcadm.sh create partialImport -r master -o -f -`,
  ].join("\n")}\n`;
}
