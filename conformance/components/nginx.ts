import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { cacheFolder } from "./go.ts";
import { withLock } from "./lock.ts";
import { freePort, startProcess } from "./process.ts";

const run = promisify(execFile);
const PACKAGES = ["nginx-light", "libnginx-mod-http-headers-more-filter"];
const PROGRAM = "/usr/sbin/nginx";
const MODULES = "/usr/lib/nginx/modules";
const HEADERS_MORE = "ngx_http_headers_more_filter_module.so";
const READY_MS = 10_000;

/** A real nginx with the headers-more module, which ingress-nginx has too. */
export interface Nginx {
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/**
 * Starts nginx with a location `/` of these directives, as a process of this user with all its files in a temporary folder.
 *
 * The program is `ASHLAR_NGINX` when set (with `ASHLAR_NGINX_MODULES`, the folder of its modules), else Debian's, which is installed
 * when this process may (root, with apt-get).
 *
 * @param options.location directives of the location, one line each
 * @param options.server directives of the server around it
 * @param options.files further files of its folder by name; `DIR/` in a directive stands for the folder
 * @throws Error with what nginx says when it refuses the configuration or does not start
 */
export async function startNginx({
  location,
  server = [],
  files = {},
}: {
  readonly location: readonly string[];
  readonly server?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
}): Promise<Nginx> {
  const { program, modules } = await nginxProgram();
  const folder = await mkdtemp(join(tmpdir(), "ashlar-nginx-"));
  const port = await freePort();
  for (const [name, text] of Object.entries(files))
    await writeFile(join(folder, name), text, { mode: 0o600 });
  const file = join(folder, "nginx.conf");
  await writeFile(file, configuration(port, modules, folder, { server, location }));
  const nginx = startProcess(program, ["-p", folder, "-c", file], folder);
  const until = Date.now() + READY_MS;
  while (!(await listens(port))) {
    if (nginx.ended() || Date.now() > until) {
      await nginx.stop();
      throw new Error(`nginx did not start:\n${nginx.log()}`);
    }
    await sleep(20);
  }
  return { port, stop: nginx.stop };
}

function configuration(
  port: number,
  modules: string,
  folder: string,
  { server, location }: { readonly server: readonly string[]; readonly location: readonly string[] },
): string {
  const inFolder = (line: string) => line.replaceAll("DIR/", `${folder}/`);
  const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `  ${name}_temp_path ${folder}/${name};`,
  );
  return [
    `load_module ${modules}/${HEADERS_MORE};`,
    "daemon off;",
    "master_process off;",
    `pid ${folder}/pid;`,
    "error_log stderr warn;",
    "events {}",
    "http {",
    "  access_log off;",
    ...paths,
    "  server {",
    `    listen 127.0.0.1:${port};`,
    ...server.map((line) => `    ${inFolder(line)}`),
    "    location / {",
    ...location.map((line) => `      ${inFolder(line)}`),
    "    }",
    "  }",
    "}",
    "",
  ].join("\n");
}

export async function nginxProgram(): Promise<{ readonly program: string; readonly modules: string }> {
  const given = process.env.ASHLAR_NGINX;
  const modules = process.env.ASHLAR_NGINX_MODULES ?? MODULES;
  const advice = `install it (Debian: apt-get install ${PACKAGES.join(" ")}), or set ASHLAR_NGINX and ASHLAR_NGINX_MODULES`;
  if (given !== undefined) {
    if (!existsSync(given)) throw new Error(`ASHLAR_NGINX names no program: ${given}`);
    if (!existsSync(join(modules, HEADERS_MORE)))
      throw new Error(`there is no ${HEADERS_MORE} in ${modules}: ${advice}`);
    return { program: given, modules };
  }
  const isThere = () => existsSync(PROGRAM) && existsSync(join(modules, HEADERS_MORE));
  if (isThere()) return { program: PROGRAM, modules };
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get"))
    throw new Error(`nginx with headers-more is not here: ${advice}`);
  await withLock(join(cacheFolder(), "nginx-packages.lock"), async () => {
    if (isThere()) return;
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    try {
      const install = ["install", "--yes", "--no-install-recommends", ...PACKAGES];
      await run("apt-get", install, { env }).catch(() =>
        run("apt-get", ["update"], { env }).then(() => run("apt-get", install, { env })),
      );
    } catch (error) {
      throw new Error(`nginx could not be installed: ${advice}. apt-get said: ${String(error).slice(-1000)}`);
    }
  });
  if (!isThere())
    throw new Error(`apt-get installed ${PACKAGES.join(" and ")}, and ${PROGRAM} is not there: ${advice}`);
  return { program: PROGRAM, modules };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}
