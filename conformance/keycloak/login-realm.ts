import { realm } from "@ashlar/iam";

const USERS = { dev1: "developer", op1: "operator" } as const;

/** The people of the realm. */
export type LoginUser = keyof typeof USERS;

/**
 * A realm as our builder writes it, with what no realm file of ours holds: users (`DEV1_PASSWORD` and `OP1_PASSWORD` are their
 * passwords' placeholders), and a second public client that asks for consent. Group → realm role → role of the client
 * `kubernetes` → claim `groups`. `CONFIDENTIAL_CLIENT_SECRET` is the placeholder of the third client's secret.
 *
 * @param port that the browser comes back to
 */
export function loginRealm(name: string, port: number): unknown {
  const kubernetes = {
    access: "public",
    redirectUris: [`http://localhost:${port}/`],
    kubelogin: true,
    deviceLogin: true,
    groupsClaim: "groups",
  } as const;
  const block = realm({
    name,
    roles: { developer: {}, operator: {} },
    groups: { developer: { roles: ["developer"] }, operator: { roles: ["operator"] } },
    clients: {
      kubernetes: { ...kubernetes, roles: { developer: ["developer"], operator: ["operator"] } },
      "asks-first": kubernetes,
      confidential: { redirectUris: kubernetes.redirectUris },
    },
    defaultClients: "disabled",
  });
  const written = block.documents.find((document) => document.path === `realms/${name}.json`);
  if (!written) throw new Error(`the builder wrote no realms/${name}.json`);
  const representation = JSON.parse(written.text) as {
    readonly clients: readonly { readonly clientId: string }[];
  };
  return {
    ...representation,
    clients: representation.clients.map((client) =>
      client.clientId === "asks-first" ? { ...client, consentRequired: true } : client,
    ),
    users: Object.entries(USERS).map(([username, group]) => ({
      username,
      email: `${username}@example.test`,
      emailVerified: true,
      firstName: username,
      lastName: "of the tests",
      enabled: true,
      groups: [`/${group}`],
      credentials: [{ type: "password", value: `\${${username.toUpperCase()}_PASSWORD}` }],
    })),
  };
}
