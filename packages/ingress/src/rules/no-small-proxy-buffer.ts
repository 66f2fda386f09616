import { type Finding, findingAbout, formatRef, type Rule, refOf } from "@ashlar/core";
import { isWildcard } from "../routes/hosts.ts";
import { NGINX } from "../routes/ingress-routes.ts";
import { nginxConfigs, nginxSetting } from "../routes/nginx.ts";
import { resolveUrl } from "../routes/resolve.ts";
import { annotationOf } from "../routes/route-set.ts";
import { modelOf, partialObjects } from "./model-of.ts";

const CODE = "ingress/no-small-proxy-buffer";
const KEY = "proxy-buffer-size";
/** Where the value is no size, nothing is said. */
const ENOUGH = 8 * 1024;

/** ingress-nginx before an auth proxy, with buffers too small for the headers that set its cookies. */
export const noSmallProxyBuffer: Rule = {
  code: CODE,
  check(inventory) {
    const model = modelOf(inventory);
    const isPartial = partialObjects(inventory);
    const configs = nginxConfigs(model.set);
    return model.ingresses.flatMap(({ edge, hosts }) => {
      if (edge.controller?.name !== "ingress-nginx") return [];
      const told = nginxSetting(model.set, KEY);
      // A ConfigMap that is not in the set may say it.
      if (told === "" && !inventory.whole && (configs.length === 0 || configs.some(isPartial))) return [];
      return [...hosts.values()].flatMap(({ host, paths }): Finding[] => {
        if (host === "" || isWildcard(host)) return [];
        const routes = [
          ...paths.exact.values(),
          ...paths.elements.at.values(),
          ...paths.characters.at.values(),
        ].flat();
        const found = routes.find(({ route }) => {
          const size = bytes(annotationOf(route.ingress, `${NGINX}${KEY}`) || told || "4k");
          if (size === undefined || size >= ENOUGH || isPartial(route.ingress)) return false;
          return resolveUrl(model, `https://${host}${route.urlPath}`).auth?.kind === "proxy";
        });
        if (found === undefined) return [];
        const { ingress } = found.route;
        const own = annotationOf(ingress, `${NGINX}${KEY}`);
        const size = own || told || "4k, the default";
        return [
          findingAbout(ingress, inventory.locate, {
            code: CODE,
            severity: "warning",
            message: `${formatRef(refOf(ingress))}: ${KEY} is ${size}, and an auth proxy answers for host "${host}": the headers that set its session cookies do not fit, and the login ends in 502`,
            hint: `write the annotation ${NGINX}${KEY}: 64k, or ${KEY} in the controller's ConfigMap`,
            path: own === "" ? "metadata.annotations" : `metadata.annotations[${NGINX}${KEY}]`,
          }),
        ];
      });
    });
  },
};

function bytes(text: string): number | undefined {
  const match = /^([0-9]{1,9})([kKmM]?)$/.exec(text);
  if (match === null) return undefined;
  const unit = { "": 1, k: 1024, m: 1024 * 1024 }[match[2]!.toLowerCase() as "" | "k" | "m"];
  return Number(match[1]) * unit;
}
