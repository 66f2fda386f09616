import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import {
  applyRealm,
  connectKeycloak,
  formatRealmPlan,
  type KeycloakConnection,
  type KeycloakConnectionOptions,
  LiveError,
  type PlanRealmOptions,
  planRealm,
  type RealmChange,
  type RealmPlan,
} from "@ashlar/iam/live";
import { type Keycloak, startKeycloak } from "../components/keycloak.ts";
import { settled } from "./apply-realm.ts";
import { type FaultyProxy, faultyProxy, type SeenRequest } from "./faulty-proxy.ts";

/** A text that is recognised wherever it appears. */
export const canary = () => `canary-${randomBytes(12).toString("hex")}`;

export const CLIENT_ID = "ashlar apply";

/** A real Keycloak, a proxy before it, and a connection through that, with a record of all that was given out. */
export interface Applying {
  readonly keycloak: Keycloak;
  readonly proxy: FaultyProxy;
  readonly connection: KeycloakConnection;
  readonly clientSecret: string;
  /** Another connection of the same client. */
  readonly connect: (
    url: string,
    options?: Partial<KeycloakConnectionOptions>,
  ) => Promise<KeycloakConnection>;
  /** A value for every placeholder, always the same. */
  readonly secret: (name: string) => Promise<string>;
  readonly plan: (wanted: unknown, options?: PlanRealmOptions) => Promise<RealmPlan>;
  readonly apply: (plan: RealmPlan, signal?: AbortSignal) => Promise<readonly RealmChange[]>;
  /** Everything of a realm but users, ids and secrets, as Keycloak exports it. */
  readonly exported: (realm: string) => Promise<unknown>;
  /** The LiveError that something has to end with. */
  readonly failure: (of: Promise<unknown>) => Promise<LiveError>;
  /** What came to the proxy since its last `set` and changes something. */
  readonly writes: () => SeenRequest[];
  /** Secrets and tokens that are in a plan, event or error. */
  readonly leaked: () => string[];
  readonly stop: () => Promise<void>;
}

export async function startApplying(): Promise<Applying> {
  const keycloak = await startKeycloak();
  const clientSecret = canary();
  await makeClient(keycloak, clientSecret);
  const proxy = await faultyProxy(keycloak.url);
  const secrets = new Map<string, string>();
  const told: string[] = [];
  const connect: Applying["connect"] = (url, options) =>
    connectKeycloak({
      url,
      clientId: CLIENT_ID,
      clientSecret: async () => clientSecret,
      timeoutMs: 20_000,
      ...options,
    });
  const connection = await connect(proxy.url);
  const secret = async (name: string) => {
    const value = secrets.get(name) ?? canary();
    secrets.set(name, value);
    return value;
  };
  return {
    keycloak,
    proxy,
    connection,
    clientSecret,
    connect,
    secret,
    plan: async (wanted, options) => {
      const made = await planRealm(connection, wanted, options);
      told.push(JSON.stringify(made), formatRealmPlan(made));
      return made;
    },
    apply: (plan, signal) =>
      applyRealm(connection, plan, {
        secret,
        onEvent: (event) => told.push(JSON.stringify(event)),
        ...(signal && { signal }),
      }),
    exported: async (realm) => {
      const path = `/realms/${realm}/partial-export?exportClients=true&exportGroupsAndRoles=true`;
      return settled((await keycloak.admin.send("POST", path)).body);
    },
    failure: async (of) => {
      const error = await of.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      told.push(inspect(error, { depth: 9 }));
      if (!(error instanceof LiveError)) throw new Error(`no LiveError: ${inspect(error)}`);
      told.push(error.message, error.hint);
      return error;
    },
    writes: () => proxy.seen.filter((request) => request.writes),
    leaked: () => {
      const text = told.join("\n");
      return [clientSecret, ...secrets.values(), ...proxy.tokens].filter((hidden) => text.includes(hidden));
    },
    stop: async () => {
      await proxy.close();
      await keycloak.stop();
    },
  };
}

/** A client of master that may do everything, as the one that a pipeline has. */
async function makeClient({ admin }: Keycloak, secret: string): Promise<void> {
  const client = { clientId: CLIENT_ID, secret, serviceAccountsEnabled: true, standardFlowEnabled: false };
  const { location = "" } = await admin.send("POST", "/realms/master/clients", client);
  const account = `/realms/master/clients/${location.split("/").at(-1)}/service-account-user`;
  const { id } = await admin.get<{ readonly id: string }>(account);
  const role = await admin.get("/realms/master/roles/admin");
  const { code } = await admin.send("POST", `/realms/master/users/${id}/role-mappings/realm`, [role]);
  if (code !== 204) throw new Error(`the client got no admin role: ${code}`);
}
