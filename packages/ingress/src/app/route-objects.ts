import type { Resource, Step } from "@ashlar/core";
import type { EdgeIntent } from "./edge-fields.ts";
import type { Exposure } from "./exposure.ts";
import { gatewayObjects } from "./gateway-objects.ts";
import { ingressObjects } from "./ingress-objects.ts";

/** The objects that make the edge send requests to the exposures' Services. */
export function routeObjects(exposures: readonly Exposure[], edge: EdgeIntent): Resource[] {
  return edge.routes === "gateway" ? gatewayObjects(exposures, edge) : ingressObjects(exposures, edge);
}

/** A Gateway that is made takes a while; its status says what is wrong with it. */
export function routeSteps(exposures: readonly Exposure[], { routes, gateway }: EdgeIntent): Step[] {
  if (routes === "ingress" || gateway?.class === undefined || exposures.length === 0) return [];
  const { name, namespace } = gateway;
  return [
    {
      title: `Wait for Gateway ${namespace}/${name}`,
      argv: [
        "kubectl",
        "wait",
        `gateway.gateway.networking.k8s.io/${name}`,
        `--namespace=${namespace}`,
        "--for=condition=Programmed",
        "--timeout=120s",
      ],
      why: `A load balancer is made for class ${gateway.class}; names of hosts point to its address, which is in status.addresses.`,
      when: "After the objects are applied. It changes nothing.",
      verify:
        "It ends without an error. Else the conditions of the Gateway and of its HTTPRoutes say what is missing.",
    },
  ];
}
