import type { Resource } from "@ashlar/core";
import type { IIngress } from "kubernetes-models/networking.k8s.io/v1";
import { annotationsOf } from "./annotations.ts";
import { certificateAnnotation, certificateFor } from "./certificate.ts";
import type { EdgeIntent } from "./edge-fields.ts";
import { type Exposure, firstOfSecrets, secretOf } from "./exposure.ts";

/** An Ingress for each exposure, in the namespace of its Service, and Certificates where they are asked for. */
export function ingressObjects(exposures: readonly Exposure[], edge: EdgeIntent): Resource[] {
  const asking = firstOfSecrets(exposures, ({ target }) => target.namespace);
  return exposures.flatMap((exposure) => {
    const secret = secretOf(exposure);
    const asks = secret !== undefined && asking.has(exposure);
    const { namespace } = exposure.target;
    return [
      ingressOf(exposure, edge, asks),
      ...(asks && edge.certificates === "explicit" && edge.issuer !== undefined
        ? [certificateFor(secret, namespace, [exposure.host], edge.issuer)]
        : []),
    ];
  });
}

function ingressOf(exposure: Exposure, edge: EdgeIntent, asks: boolean): Resource {
  const { name, host, path, target } = exposure;
  const secret = secretOf(exposure);
  const annotations = { ...(asks && certificateAnnotation(edge)), ...annotationsOf(exposure, edge) };
  const spec: IIngress["spec"] = {
    ingressClassName: edge.ingressClass,
    ...(secret !== undefined && { tls: [{ hosts: [host], secretName: secret }] }),
    rules: [
      {
        host,
        http: {
          paths: [
            {
              path,
              pathType: "Prefix",
              backend: { service: { name: target.service, port: { number: target.port } } },
            },
          ],
        },
      },
    ],
  };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: {
      name,
      namespace: target.namespace,
      ...(Object.keys(annotations).length > 0 && { annotations }),
    },
    spec,
  };
}
