import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ControlPlane } from "./control-plane.ts";
import type { Decide } from "./fault-proxy.ts";
import type { CredentialPlugin } from "./kubeconfig.ts";

/** An identity whose tokens end sooner than they say. */
export interface ExpiringCredential {
  /** For `kubeconfigFor`: prints the next token each time that it runs, and fails when none is left. */
  readonly plugin: CredentialPlugin;
  /** For `FaultProxy.set`: 401 for a token that has had its requests. */
  readonly decide: Decide;
  /** How many tokens were handed out. */
  readonly issued: () => Promise<number>;
}

/** Tokens come from a file, so that none is ever in the arguments of a process. */
const SCRIPT = `cd "$0" || exit
n=$(($(cat issued) + 1))
token=$(sed -n "$n p" tokens)
[ -n "$token" ] || { echo "no token is left" >&2; exit 1; }
echo "$n" > issued
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"%s"}}' "$token" "$(cat until)"`;

/**
 * A credential plugin for a kubeconfig whose tokens, each, the proxy takes for `requests` requests, though they say that they
 * are good for an hour.
 *
 * @param tokens of `users` of the control plane, in the order in which they are handed out
 * @example const credential = await expiringCredential(plane, ["first", "second"], 5);
 * proxy.set(credential.decide);
 * const kubeconfig = await proxy.kubeconfigFor(credential.plugin);
 */
export async function expiringCredential(
  plane: Pick<ControlPlane, "folder">,
  tokens: readonly string[],
  requests: number,
): Promise<ExpiringCredential> {
  const folder = join(plane.folder, `credential-${randomUUID()}`);
  await mkdir(folder);
  await writeFile(join(folder, "tokens"), `${tokens.join("\n")}\n`, { mode: 0o600 });
  await writeFile(join(folder, "until"), new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, ""));
  await writeFile(join(folder, "issued"), "0");
  const used = new Map<string, number>();
  return {
    plugin: { command: "sh", args: ["-c", SCRIPT, folder] },
    decide: (_request, token = "") => {
      const count = (used.get(token) ?? 0) + 1;
      used.set(token, count);
      return count > requests ? { answer: 401 } : undefined;
    },
    issued: async () => Number(await readFile(join(folder, "issued"), "utf8")),
  };
}
