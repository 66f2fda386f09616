import type { Resource } from "@ashlar/core";
import { type Fields, fieldsOf, listOf, textOf, textsOf } from "./fields.ts";
import { allowsRoutes, type GatewayEdge, type Listener, takesHttpRoutes } from "./gateway-listeners.ts";
import { intersection, ruleHost } from "./hosts.ts";
import { GATEWAY, type RouteSet } from "./route-set.ts";

/** A listener that takes an HTTPRoute, for the hosts that both have. */
export interface Attachment {
  readonly edge: GatewayEdge;
  readonly listener: Listener;
  readonly hosts: readonly SharedHost[];
  /** Whether it is certain that the listener takes it. */
  readonly isSure: boolean;
}

/** A host of the listener and the route in common, and the one of the route that it comes from; empty: every host. */
export interface SharedHost {
  readonly host: string;
  readonly original: string;
}

/** Why a parent does not take a route, as the condition of the Gateway API is called. */
export type RefusedParent = "NoMatchingParent" | "NotAllowedByListeners" | "NoMatchingListenerHostname";

/** What becomes of one entry of `parentRefs`. */
export interface ParentVerdict {
  /** Field path: `spec.parentRefs[0]`. */
  readonly path: string;
  /** `Gateway infra/public`. */
  readonly parent: string;
  readonly attachments: readonly Attachment[];
  /** Absent: it is attached, or the parent is not in the set. */
  readonly refused?: RefusedParent;
  /** The Gateway or ListenerSet is in the set. */
  readonly isKnown: boolean;
}

/** Asks each parent of an HTTPRoute whether it takes it. Parents that are no Gateway (a mesh) are left out. */
export function routeParents(set: RouteSet, route: Resource, edges: readonly GatewayEdge[]): ParentVerdict[] {
  const spec = fieldsOf(route.spec);
  const namespace = set.namespaceOf(route);
  const hostnames = textsOf(spec.hostnames).map(ruleHost);
  const originals = hostnames.length > 0 ? hostnames : [""];
  return listOf(spec.parentRefs).flatMap((value, i): ParentVerdict[] => {
    const ref = fieldsOf(value);
    const kind = textOf(ref.kind) || "Gateway";
    if ((ref.group ?? GATEWAY) !== GATEWAY || (kind !== "Gateway" && kind !== "ListenerSet")) return [];
    const parentNamespace = textOf(ref.namespace) || namespace;
    const path = `spec.parentRefs[${i}]`;
    const parent = `${kind} ${parentNamespace}/${textOf(ref.name)}`;
    const object = set.find(GATEWAY, kind, parentNamespace, textOf(ref.name));
    if (object === undefined) return [{ path, parent, attachments: [], isKnown: false }];
    return [{ path, parent, isKnown: true, ...attach(set, ref, object, namespace, originals, edges) }];
  });
}

function attach(
  set: RouteSet,
  ref: Fields,
  parent: Resource,
  namespace: string,
  originals: readonly string[],
  edges: readonly GatewayEdge[],
): { readonly attachments: readonly Attachment[]; readonly refused?: RefusedParent } {
  const named = edges.flatMap((edge) =>
    edge.listeners
      .filter((listener) => isNamed(listener, ref, parent))
      .map((listener) => ({ edge, listener })),
  );
  if (named.length === 0) return { attachments: [], refused: "NoMatchingParent" };
  const allowed = named
    .filter(({ listener }) => takesHttpRoutes(listener))
    .map((one) => ({ ...one, allows: allowsRoutes(set, one.listener, namespace) }))
    .filter(({ allows }) => allows !== false);
  if (allowed.length === 0) return { attachments: [], refused: "NotAllowedByListeners" };
  const attachments = allowed.flatMap(({ edge, listener, allows }): Attachment[] => {
    const hosts = originals.flatMap((original) => {
      const host = intersection(listener.hostname, original);
      return host === undefined ? [] : [{ host, original }];
    });
    return hosts.length === 0 ? [] : [{ edge, listener, hosts, isSure: allows === true }];
  });
  return attachments.length === 0 ? { attachments, refused: "NoMatchingListenerHostname" } : { attachments };
}

function isNamed(listener: Listener, { sectionName, port }: Fields, parent: Resource): boolean {
  if (listener.owner !== parent) return false;
  if (textOf(sectionName) !== "" && sectionName !== listener.name) return false;
  return typeof port !== "number" || port === listener.port;
}
