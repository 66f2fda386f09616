/** Where logins of the client `app` come back to. */
export const URI = "https://app.example.test/callback";
export const app = (rest: object = {}) => ({
  clientId: "app",
  redirectUris: [URI],
  attributes: { "pkce.code.challenge.method": "S256" },
  ...rest,
});
export const withClient = (rest: object) => ({ realm: "p", clients: [app(rest)] });
export const mapper = (rest: object = {}) => ({
  name: "groups",
  protocol: "openid-connect",
  protocolMapper: "oidc-usermodel-client-role-mapper",
  config: { "usermodel.clientRoleMapping.clientId": "app", "claim.name": "groups" },
  ...rest,
});
