import { type Resource, readYaml } from "@ashlar/core";
import type { RealmInput } from "../keycloak/intent.ts";
import { realm } from "../keycloak/realm.ts";
import { authenticationConfiguration } from "../oidc/api-server.ts";
import type { OidcInput } from "../oidc/intent.ts";
import { type IdentityOptions, identityModel } from "./model.ts";

export const PLATFORM: RealmInput = {
  name: "platform",
  roles: { operator: { includes: ["developer"] }, developer: {}, reader: {} },
  groups: { operator: { roles: ["operator"] }, developer: { roles: ["developer"] } },
  clients: {
    kubernetes: {
      logins: [{ host: "k8s.strix.kr" }],
      kubelogin: true,
      groupsClaim: "groups",
      roles: { operator: ["operator"], developer: ["developer"] },
    },
    wiki: {
      redirectUris: ["https://wiki.strix.kr/doku.php"],
      fullScope: true,
      roles: { editor: ["reader"] },
    },
  },
};
export const ISSUER = "https://iam.k8s.strix.kr/realms/platform";
export const OIDC: OidcInput = {
  issuer: ISSUER,
  clientId: "kubernetes",
  usernameClaim: "preferred_username",
};
export const OBJECTS = `
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: operator }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "oidc:operator" }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: developer, namespace: dev }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: admin }
subjects: [{ apiGroup: rbac.authorization.k8s.io, kind: Group, name: "oidc:developer" }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: hosts, namespace: default }
spec:
  rules: [{ host: iam.k8s.strix.kr }, { host: k8s.strix.kr }, { host: wiki.strix.kr }]
`;

export const json = (intent: RealmInput) => JSON.parse(realm(intent).documents[0]?.text ?? "null");

export function modelOf(
  change: {
    realm?: unknown;
    oidc?: Partial<OidcInput>;
    objects?: string;
    rest?: Partial<IdentityOptions>;
  } = {},
) {
  const { resources, locate } = readYaml(change.objects ?? OBJECTS, { file: "platform.yaml" });
  return identityModel({
    realms: [{ realm: change.realm ?? json(PLATFORM), file: "realms/platform.json" }],
    authentication: authenticationConfiguration({ ...OIDC, ...change.oidc }),
    resources: resources as readonly Resource[],
    locate,
    ...change.rest,
  });
}
