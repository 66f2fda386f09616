import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { selfSignedCertificate } from "./certificate.ts";
import { call, type KeycloakAdmin, keycloakAdmin } from "./keycloak-admin.ts";
import { keycloakInstall } from "./keycloak-install.ts";
import { freePort, type RunningProcess, startProcess } from "./process.ts";

/** A Keycloak on the loopback address, with a database of its own that is empty when it starts. */
export interface Keycloak {
  /** `http://127.0.0.1:8180`, with a port of its own each time. The issuer of a realm is `URL/realms/NAME`. */
  readonly url: string;
  /** For https: the file and text of the certificate that signs itself. */
  readonly certificateFile?: string;
  readonly certificate?: string;
  /** The admin REST API, through the client that Keycloak makes at its first start. */
  readonly admin: KeycloakAdmin;
  /** Everything that it logged until now. */
  readonly log: () => Promise<string>;
  /** Ends the process and removes what it wrote. Happens by itself when this process ends without it. */
  readonly stop: () => Promise<void>;
}

export interface KeycloakOptions {
  /** Realms to import at the start, as JSON values or texts. `master` has to be among the first that this database sees. */
  readonly realms?: readonly { readonly name: string; readonly json: unknown }[];
  /** Values of the `${NAME}` placeholders in the realms. They reach Keycloak by its environment alone. */
  readonly env?: Readonly<Record<string, string>>;
  /** Serve https by a certificate for 127.0.0.1 and localhost that signs itself; else plain http. */
  readonly https?: boolean;
}

const ATTEMPTS = 3;
const READY_MS = 240_000;
const ADMIN_CLIENT = "ashlar-conformance";

/**
 * Starts Keycloak as an ordinary process of this user, on free ports, with state in a temporary folder: about 25 s when the
 * machine has nothing else to do. Resolves when master and every imported realm answer.
 *
 * @throws Error when it cannot be had (see `keycloakInstall`), refuses a realm or does not become ready, with what it logged
 */
export async function startKeycloak(options: KeycloakOptions = {}): Promise<Keycloak> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(options);
    } catch (error) {
      // Somebody else may take a free port between our look and the start.
      if (attempt === ATTEMPTS || !/address already in use|port already bound/i.test(String(error)))
        throw error;
    }
  }
}

async function start({ realms = [], env = {}, https = false }: KeycloakOptions): Promise<Keycloak> {
  const { home, java } = await keycloakInstall();
  const folder = await mkdtemp(join(tmpdir(), "ashlar-keycloak-"));
  let running: RunningProcess | undefined;
  try {
    await layOut(home, folder, realms);
    const tls = https ? await selfSignedCertificate(join(folder, "tls")) : undefined;
    const [httpPort, httpsPort] = [await freePort(), await freePort()];
    const url = tls ? `https://127.0.0.1:${httpsPort}` : `http://127.0.0.1:${httpPort}`;
    const secret = randomBytes(24).toString("hex");
    const logFile = join(folder, "data", "log", "keycloak.log");
    const args = [
      ...javaOptions(folder),
      "start-dev",
      ...(realms.length > 0 ? ["--import-realm"] : []),
      "--http-host=127.0.0.1",
      `--http-port=${httpPort}`,
      ...(tls
        ? [
            `--https-port=${httpsPort}`,
            `--https-certificate-file=${tls.certificateFile}`,
            `--https-certificate-key-file=${tls.keyFile}`,
          ]
        : []),
      "--log=console,file",
      `--log-file=${logFile}`,
    ];
    running = startProcess(java, args, folder, {
      ...process.env,
      ...env,
      KC_BOOTSTRAP_ADMIN_CLIENT_ID: ADMIN_CLIENT,
      KC_BOOTSTRAP_ADMIN_CLIENT_SECRET: secret,
    });
    const log = () => readFile(logFile, "utf8").catch(() => "");
    await untilReady(running, ["master", ...realms.map((realm) => realm.name)], url, tls?.certificate, log);
    return {
      url,
      ...(tls && { certificateFile: tls.certificateFile, certificate: tls.certificate }),
      admin: keycloakAdmin(url, ADMIN_CLIENT, secret, tls?.certificate),
      log,
      stop: running.stop,
    };
  } catch (error) {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A home of its own in `folder`: what is only read are links to the release, what is written are folders. */
async function layOut(
  home: string,
  folder: string,
  realms: NonNullable<KeycloakOptions["realms"]>,
): Promise<void> {
  for (const shared of ["lib", "conf", "providers", "themes", "version.txt"])
    await symlink(join(home, shared), join(folder, shared));
  const imports = join(folder, "data", "import");
  await mkdir(imports, { recursive: true });
  for (const { name, json } of realms) {
    const text = typeof json === "string" ? json : JSON.stringify(json);
    // Keycloak wants the realm's name in the file's.
    await writeFile(join(imports, `${name}-realm.json`), text, { mode: 0o600 });
  }
}

/**
 * What bin/kc.sh gives to Java, with two changes: a small heap with a quick compiler, and `kc.config.built`, which kc.sh
 * itself adds after it has prepared a release for its options; the released files are prepared for these already. Java is
 * started without kc.sh, because ending that script would not end the Java below it.
 */
function javaOptions(folder: string): string[] {
  const open = ["java.util", "java.util.concurrent", "java.security", "java.lang"];
  return [
    "-Xms256m",
    "-Xmx768m",
    "-XX:MetaspaceSize=160m",
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-Djava.security.egd=file:/dev/urandom",
    "-Dfile.encoding=UTF-8",
    "-Duser.language=en",
    "-Duser.country=US",
    "-Dkc.config.built=true",
    ...open.map((name) => `--add-opens=java.base/${name}=ALL-UNNAMED`),
    "--enable-native-access=ALL-UNNAMED",
    "-Djava.util.concurrent.ForkJoinPool.common.threadFactory=io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
    `-Dkc.home.dir=${folder}`,
    `-Djboss.server.config.dir=${join(folder, "conf")}`,
    "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
    "-Dpicocli.disable.closures=true",
    "-Dquarkus-log-max-startup-records=10000",
    "-cp",
    join(folder, "lib", "quarkus-run.jar"),
    "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
  ];
}

async function untilReady(
  running: RunningProcess,
  realms: readonly string[],
  url: string,
  ca: string | undefined,
  log: () => Promise<string>,
): Promise<void> {
  const deadline = Date.now() + READY_MS;
  const answers = async (realm: string) => {
    const discovery = `${url}/realms/${encodeURIComponent(realm)}/.well-known/openid-configuration`;
    return (await call(discovery, "GET", { ca })).code === 200;
  };
  for (const realm of realms)
    while (!(await answers(realm).catch(() => false))) {
      const failure = running.ended()
        ? "ended while starting"
        : Date.now() > deadline && `did not serve realm ${realm} within ${READY_MS / 1000} s`;
      if (failure)
        throw new Error(`Keycloak ${failure}. It logged:\n${(await log()).slice(-8000) || running.log()}`);
      await sleep(250);
    }
}
