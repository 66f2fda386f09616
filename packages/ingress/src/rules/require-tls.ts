import { type Finding, findingAbout, formatRef, type Rule, refOf } from "@ashlar/core";
import { isWildcard } from "../routes/hosts.ts";
import { tlsSource } from "../routes/ingress-tables.ts";
import { resolveUrl } from "../routes/resolve.ts";
import { CERT_MANAGER } from "../routes/route-set.ts";
import { modelOf, partialObjects } from "./model-of.ts";

const CODE = "ingress/require-tls";

/** A host without TLS, where the set has an issuer of certificates, or a login stands before the host. */
export const requireTls: Rule = {
  code: CODE,
  check(inventory) {
    const model = modelOf(inventory);
    const isPartial = partialObjects(inventory);
    const kinds = ["ClusterIssuer", "Issuer"];
    const hasIssuer = kinds.some((kind) => model.set.all(CERT_MANAGER, kind).length > 0);
    return model.ingresses.flatMap((tables) =>
      [...tables.hosts.values()].flatMap(({ host, paths, fallbacks }): Finding[] => {
        if (host === "" || tlsSource(tables, host) !== undefined) return [];
        const choices = [
          ...paths.exact.values(),
          ...paths.elements.at.values(),
          ...paths.characters.at.values(),
        ];
        const route = [...choices.flat(), ...fallbacks][0]?.route;
        // Challenges of ACME come over http, from an Ingress that cert-manager makes.
        if (route === undefined || isPartial(route.ingress) || route.urlPath.startsWith(ACME)) return [];
        const login = isWildcard(host) ? undefined : resolveUrl(model, `http://${host}${route.urlPath}`).auth;
        if (!hasIssuer && login === undefined) return [];
        const effect = login === undefined ? "requests and answers" : "the cookies of its login";
        return [
          findingAbout(route.ingress, inventory.locate, {
            code: CODE,
            severity: "warning",
            message: `${formatRef(refOf(route.ingress))}: host "${host}" has no TLS: ${effect} go over the net in plain text`,
            hint: `add spec.tls with hosts: [${host}] and a secretName${hasIssuer ? ", and the annotation cert-manager.io/cluster-issuer or cert-manager.io/issuer" : ""}`,
            path: "spec",
          }),
        ];
      }),
    );
  },
};

const ACME = "/.well-known/acme-challenge";
