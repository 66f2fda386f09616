import { defineBlock } from "@ashlar/core";
import { buildRealm } from "./build.ts";
import { realmIntent } from "./intent.ts";

/**
 * A Keycloak realm as a file: roles, groups that carry them, clients with the redirect URIs of what logs in through them,
 * the mapper of the groups claim, password and OTP policies. Secrets are `${NAME}` placeholders that the import fills from
 * its environment. There are no users in it.
 *
 * A new realm is `realms/NAME.json`, the form of `--import-realm` and `kc.sh import`. `master` exists in every Keycloak
 * and is never replaced: for it there is `realms/master.json`, the body of a partial import, the settings beside it, and a
 * script that sends it.
 *
 * @throws {IntentError} with every finding
 * @example
 * realm({
 *   name: "platform",
 *   roles: { developer: {} },
 *   groups: { developer: { roles: ["developer"] } },
 *   clients: {
 *     kubernetes: {
 *       logins: [{ host: "k8s.strix.kr" }], kubelogin: true, groupsClaim: "groups",
 *       roles: { developer: ["developer"] },
 *     },
 *   },
 * })
 */
export const realm = defineBlock({ name: "iam/realm", intent: realmIntent, build: buildRealm });
