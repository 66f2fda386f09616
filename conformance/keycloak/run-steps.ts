import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Block } from "@ashlar/core";
import type { Keycloak } from "../components/keycloak.ts";
import { keycloakInstall } from "../components/keycloak-install.ts";

const run = promisify(execFile);
const CLIENT = "steps";

/**
 * Runs the steps of a block as an administrator does: in a folder with its documents, by the release's own kcadm.sh, logged
 * in to master. Gives what each step wrote.
 *
 * @param environment what the steps ask for besides
 * @throws Error when a step fails, with what it said
 */
export async function runSteps(
  { documents, steps }: Block,
  { url, admin }: Pick<Keycloak, "url" | "admin">,
  environment: Readonly<Record<string, string>>,
): Promise<string[]> {
  const { home } = await keycloakInstall();
  const folder = await mkdtemp(join(tmpdir(), "ashlar-steps-"));
  try {
    for (const { path, text } of documents) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    // The cached release has lost the mode of its scripts.
    const program = `#!/bin/sh\nexec sh '${join(home, "bin", "kcadm.sh")}' "$@"\n`;
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin", "kcadm.sh"), program, { mode: 0o755 });
    const path = `${join(folder, "bin")}${delimiter}${process.env.PATH ?? ""}`;
    // kcadm.sh keeps its login in the home folder.
    const env = {
      ...process.env,
      ...environment,
      HOME: folder,
      PATH: path,
      KC_OPTS: `-Duser.home=${folder}`,
    };
    const secret = await administrator(admin);
    const login = ["config", "credentials", "--server", url, "--realm", "master", "--client", CLIENT];
    await run("kcadm.sh", login, { cwd: folder, env: { ...env, KC_CLI_CLIENT_SECRET: secret } });
    const said: string[] = [];
    for (const { argv } of steps) {
      const [program, ...args] = argv;
      const { stdout, stderr } = await run(program, args, { cwd: folder, env });
      said.push(stdout + stderr);
    }
    return said;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A client of master that may do everything, made when it is not there; gives its new secret. */
async function administrator(admin: Keycloak["admin"]): Promise<string> {
  const secret = randomBytes(24).toString("hex");
  const client = { clientId: CLIENT, secret, serviceAccountsEnabled: true, standardFlowEnabled: false };
  await admin.send("POST", "/realms/master/clients", client);
  const [made] = await admin.get<{ id: string }[]>(`/realms/master/clients?clientId=${CLIENT}`);
  const path = `/realms/master/clients/${made?.id}`;
  await admin.send("PUT", path, { ...client, id: made?.id });
  const user = await admin.get<{ id: string }>(`${path}/service-account-user`);
  const role = await admin.get("/realms/master/roles/admin");
  await admin.send("POST", `/realms/master/users/${user.id}/role-mappings/realm`, [role]);
  return secret;
}
