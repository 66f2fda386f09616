import { type Fields, fieldsOf, isUnset, mapItems, Refusal, without } from "./refusal.ts";

const ZONE = "topology.kubernetes.io/zone";
const HOSTNAME = "kubernetes.io/hostname";

/**
 * EndpointSlice of discovery.k8s.io/v1beta1 as v1: of an endpoint's topology the zone has a field of its own and the
 * hostname is the node's name. v1 keeps nothing else of it, so that is refused.
 */
export function raiseEndpointSlice(object: Fields): Fields {
  const raised = { ...object, apiVersion: "discovery.k8s.io/v1" };
  return mapItems(raised, "endpoints", "endpoints", raiseEndpoint);
}

function raiseEndpoint(endpoint: Fields, path: string): Fields {
  const topology = fieldsOf(endpoint.topology, `${path}.topology`);
  const others = Object.keys(topology).filter((key) => key !== ZONE && key !== HOSTNAME);
  if (others.length > 0)
    throw new Refusal(
      `${path}.topology has ${others.join(", ")}, which v1 cannot hold: remove what is not needed`,
    );
  const { [ZONE]: zone, [HOSTNAME]: hostname } = topology;
  const { nodeName } = endpoint;
  if (!isUnset(hostname) && !isUnset(nodeName) && hostname !== nodeName)
    throw new Refusal(
      `${path} has a hostname that is not its nodeName, and v1 has one of them: decide which it is`,
    );
  return {
    ...without(endpoint, "topology"),
    ...(isUnset(nodeName) && !isUnset(hostname) && { nodeName: hostname }),
    ...(!isUnset(zone) && { zone }),
  };
}
