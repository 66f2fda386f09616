import type { Finding } from "@ashlar/core";
import { isOn, suggestName, textsAt } from "../keycloak/check/report.ts";
import { KUBELOGIN_URIS } from "../keycloak/client.ts";
import { kubectlClient } from "./explain-login.ts";
import { aboutRealm, objectPlace } from "./facts.ts";
import { servedHosts } from "./hosts.ts";
import type { IdentityModel } from "./model.ts";
import type { ClientFacts, RealmFacts } from "./read-realm.ts";

/** Where logins come back to, against what clients allow and what Ingresses serve. */
export function redirectFindings(model: IdentityModel): Finding[] {
  const { options, authenticator } = model;
  const id = kubectlClient(model);
  const kubectl = options.kubectl === false ? undefined : options.kubectl;
  const uses = [
    ...(id === undefined || authenticator === undefined
      ? []
      : [
          {
            realm: authenticator.realm,
            client: id,
            uri: kubectl?.redirectUri ?? (KUBELOGIN_URIS[0] as string),
            who: "kubectl",
          },
        ]),
    ...(options.logins ?? []).map(({ realm = authenticator?.realm ?? "", client, redirectUri }) => ({
      realm,
      client,
      uri: redirectUri,
      who: "an app",
    })),
  ];
  const unregistered = uses.flatMap(({ realm: name, client: clientId, uri, who }): Finding[] => {
    const realm = model.realms.get(name);
    const client = realm?.clients.get(clientId);
    if (realm === undefined || client === undefined || accepts(client, uri)) return [];
    const allowed = textsAt(client.item.redirectUris, []).map(({ text }) => text);
    return [
      aboutRealm(
        realm,
        "iam/no-unregistered-redirect",
        "error",
        [...client.at, "redirectUris"],
        `${who} logs in through ${clientId} and comes back to ${JSON.stringify(uri)}, which the client does not allow: Keycloak answers 400`,
        allowed.length === 0
          ? `add ${JSON.stringify(uri)}`
          : `add ${JSON.stringify(uri)}; it has ${suggestName(uri, allowed)}`,
        hostPlaces(model, uri),
      ),
    ];
  });
  return [...unregistered, ...[...model.realms.values()].flatMap((realm) => unserved(model, realm))];
}

/** As Keycloak compares: letter by letter, or by what stands before a last `*` (query and fragment apart). */
function accepts({ item }: ClientFacts, uri: string): boolean {
  const root = typeof item.rootUrl === "string" ? item.rootUrl.replace(/\/$/, "") : "";
  return textsAt(item.redirectUris, []).some(({ text }) => {
    const allowed = text.startsWith("/") ? root + text : text;
    if (!allowed.endsWith("*") || allowed.includes("?")) return allowed === uri;
    const before = allowed.slice(0, -1);
    const bare = uri.replace(/[?#].*$/s, "");
    return bare.startsWith(before) || bare === before.replace(/\/$/, "");
  });
}

function unserved(model: IdentityModel, realm: RealmFacts): Finding[] {
  const hosts = servedHosts(model);
  if (hosts.size === 0) return [];
  return [...realm.clients.values()].flatMap((client) =>
    !isOn(client.item.enabled, true)
      ? []
      : textsAt(client.item.redirectUris, [...client.at, "redirectUris"]).flatMap(
          ({ text, at }): Finding[] => {
            const host = /^https?:\/\/([^/?#:]+|\[[^\]]*\])/i.exec(text)?.[1]?.toLowerCase();
            if (host === undefined || hosts.has(host) || /^(localhost|127\..*|\[::1\])$/.test(host))
              return [];
            const [first] = hosts.values();
            return [
              aboutRealm(
                realm,
                "iam/no-unserved-redirect",
                "warning",
                at,
                `logins through ${client.id} may come back to ${JSON.stringify(host)}, which no Ingress of the set serves: who gets that name gets the codes`,
                suggestName(host, hosts.keys()),
                first ? [objectPlace(model, first, "spec.rules", "the hosts that are served")] : [],
              ),
            ];
          },
        ),
  );
}

function hostPlaces(model: IdentityModel, uri: string) {
  const host = /^https?:\/\/([^/?#:]+)/i.exec(uri)?.[1]?.toLowerCase() ?? "";
  const ingress = servedHosts(model).get(host);
  return ingress ? [objectPlace(model, ingress, "spec.rules", `serves ${host}`)] : [];
}
