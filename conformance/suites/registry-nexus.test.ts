import { seal } from "@ashlar/core";
import { nexus } from "@ashlar/registry";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Keycloak, startKeycloak } from "../components/keycloak.ts";

let keycloak: Keycloak;
beforeAll(async () => {
  keycloak = await startKeycloak();
}, 420_000);
afterAll(() => keycloak?.stop());

test("keycloak.json is the one that Keycloak itself gives out for the client, but for one field", async () => {
  const secret = 'a secret <&> "quoted" ✓';
  const made = await keycloak.admin.send("POST", "/realms/master/clients", {
    clientId: "nexus",
    protocol: "openid-connect",
    publicClient: false,
    secret,
    redirectUris: ["https://registry.k8s.strix.kr/*"],
  });
  expect(made.code).toBe(201);
  const id = made.location?.split("/").at(-1);
  // Adapters take client roles for a client that has some.
  await keycloak.admin.send("POST", `/realms/master/clients/${id}/roles`, { name: "reader" });
  const theirs = await keycloak.admin.get(
    `/realms/master/clients/${id}/installation/providers/keycloak-oidc-keycloak-json`,
  );
  const { sealed = [] } = nexus({
    issuer: `${keycloak.url}/realms/master`,
    clientSecret: { from: "env", name: "NEXUS_CLIENT_SECRET" },
  });
  const data = seal(sealed[0]!, { clientSecret: secret }).data as Record<string, string>;
  const ours = JSON.parse(Buffer.from(data["keycloak.json"]!, "base64").toString()) as unknown;
  // It has the adapter check audiences of bearer tokens, which nobody sends to Nexus; adapters of Nexus' time may not know the field.
  expect({ ...(ours as object), "verify-token-audience": true }).toEqual(theirs);
});
