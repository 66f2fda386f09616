import type { realm } from "@ashlar/iam";

/** What no realm of the platform uses, in one realm. */
export const EVERYTHING_REALM: Parameters<typeof realm>[0] = {
  name: "everything",
  displayName: 'quotes " and \\ and 한글 <b>&amp;',
  roles: {
    operator: { description: "Runs it", includes: ["developer"] },
    developer: {},
    'odd "role" \\ 한글': { clientRoles: { "realm-management": ["view-users"], "wiki app": ["reader"] } },
  },
  groups: {
    operator: { roles: ["operator"] },
    "odd group's": { roles: ['odd "role" \\ 한글'], clientRoles: { "wiki app": ["writer"] } },
  },
  clients: {
    cli: {
      access: "public",
      kubelogin: true,
      deviceLogin: true,
      groupsClaim: "groups",
      roles: { developer: ["developer"] },
    },
    "wiki app": {
      name: "Wiki",
      secret: `\${WIKI_CLIENT_SECRET}`,
      redirectUris: ["https://wiki.strix.kr/doku.php?id=start"],
      webOrigins: ["https://wiki.strix.kr", "+"],
      fullScope: true,
      pkce: false,
      directAccessGrants: true,
      accessTokenFor: ["cli"],
      roles: { reader: [], writer: [] },
    },
  },
  defaultClients: "disabled",
  otp: { required: true, algorithm: "HmacSHA256", digits: 8, periodSeconds: 60 },
  password: {
    length: 14,
    digits: 1,
    upperCase: 1,
    lowerCase: 1,
    specialChars: 1,
    history: 3,
    expireDays: 90,
  },
  lifetimes: { accessTokenSeconds: 240, sessionIdleMinutes: 60, sessionMaxHours: 12 },
  loginTheme: "keycloak.v2",
};
