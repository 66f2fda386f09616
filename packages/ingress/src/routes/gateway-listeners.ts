import { type LabelRequirement, meets, type Resource, requirementsOf } from "@ashlar/core";
import { type Fields, fieldsOf, listOf, own, textOf, textsOf } from "./fields.ts";
import { ruleHost } from "./hosts.ts";
import { GATEWAY, labelsOf, type RouteSet } from "./route-set.ts";

/** One Gateway: an edge with its own address. */
export interface GatewayEdge {
  readonly kind: "gateway";
  readonly gateway: Resource;
  readonly listeners: readonly Listener[];
  /** Why it is not known whether a controller takes the Gateway; absent: one does. */
  readonly doubt?: string;
}

/** A listener of a Gateway, or of a ListenerSet that belongs to it. */
export interface Listener {
  /** The Gateway or the ListenerSet. */
  readonly owner: Resource;
  readonly namespace: string;
  readonly name: string;
  /** In lower case; empty: every host. */
  readonly hostname: string;
  readonly port: number;
  readonly protocol: string;
  readonly tls: Fields;
  readonly allowedRoutes: Fields;
  /** Field path: `spec.listeners[0]`. */
  readonly path: string;
}

/** Reads the Gateways of a set, each with the listeners of its ListenerSets. */
export function gatewayEdges(set: RouteSet, gatewayClass: string | undefined): GatewayEdge[] {
  const sets = set.all(GATEWAY, "ListenerSet");
  return set.all(GATEWAY, "Gateway").map((gateway) => {
    const name = textOf(fieldsOf(gateway.metadata).name);
    const namespace = set.namespaceOf(gateway);
    const own = readListeners(set, gateway);
    const added = sets.filter((one) => {
      const parent = fieldsOf(fieldsOf(one.spec).parentRef);
      const parentNamespace = textOf(parent.namespace) || set.namespaceOf(one);
      return textOf(parent.name) === name && parentNamespace === namespace;
    });
    const { allowedListeners, gatewayClassName } = fieldsOf(gateway.spec);
    const namespaces = fieldsOf(fieldsOf(allowedListeners).namespaces);
    const from = { from: "None", ...namespaces };
    const taken = added.filter((one) => allowsNamespace(set, from, namespace, set.namespaceOf(one)) === true);
    const className = textOf(gatewayClassName);
    const isThere = className === gatewayClass || set.find(GATEWAY, "GatewayClass", "", className);
    return {
      kind: "gateway",
      gateway,
      listeners: [...own, ...taken.flatMap((one) => readListeners(set, one))],
      ...(!isThere && { doubt: `GatewayClass ${className} is not in the set` }),
    };
  });
}

/** Whether a listener takes routes of this namespace; `undefined`: the labels of the namespace are not known. */
export function allowsRoutes(set: RouteSet, listener: Listener, namespace: string): boolean | undefined {
  const namespaces = fieldsOf(listener.allowedRoutes.namespaces);
  return allowsNamespace(set, { from: "Same", ...namespaces }, listener.namespace, namespace);
}

/** Whether a listener takes HTTPRoutes: by its protocol, or as its `kinds` say. */
export function takesHttpRoutes(listener: Listener): boolean {
  if (listener.protocol !== "HTTP" && listener.protocol !== "HTTPS") return false;
  const kinds = listOf(listener.allowedRoutes.kinds).map(fieldsOf);
  return (
    kinds.length === 0 || kinds.some(({ group = GATEWAY, kind }) => group === GATEWAY && kind === "HTTPRoute")
  );
}

function allowsNamespace(
  set: RouteSet,
  { from, selector }: Fields,
  own: string,
  namespace: string,
): boolean | undefined {
  if (from === "All") return true;
  if (from === "Same") return own === namespace;
  return from === "Selector" ? selectsNamespace(set, fieldsOf(selector), namespace) : false;
}

const NAME_LABEL = "kubernetes.io/metadata.name";

function selectsNamespace(set: RouteSet, selector: Fields, namespace: string): boolean | undefined {
  const object = set.find("", "Namespace", "", namespace);
  const labels = Object.entries({ ...labelsOf(object?.metadata), [NAME_LABEL]: namespace });
  const texts = Object.fromEntries(labels.filter(([, value]) => typeof value === "string")) as Record<
    string,
    string
  >;
  let isOpen = false;
  for (const requirement of requirements(selector)) {
    const isKnown = object !== undefined || requirement.key === NAME_LABEL;
    if (isKnown && !meets(texts, requirement)) return false;
    isOpen ||= !isKnown;
  }
  return isOpen ? undefined : true;
}

function requirements(selector: Fields): ReturnType<typeof requirementsOf> {
  const labels = fieldsOf(selector.matchLabels);
  const matchLabels = Object.fromEntries(Object.keys(labels).map((key) => [key, textOf(own(labels, key))]));
  const matchExpressions = listOf(selector.matchExpressions).map((value): LabelRequirement => {
    const { key, operator, values } = fieldsOf(value);
    return { key: textOf(key), operator: textOf(operator), values: textsOf(values) };
  });
  return requirementsOf({ matchLabels, matchExpressions });
}

function readListeners(set: RouteSet, owner: Resource): Listener[] {
  return listOf(fieldsOf(owner.spec).listeners).flatMap((value, i) => {
    const { name, hostname, port, protocol, tls, allowedRoutes } = fieldsOf(value);
    if (typeof port !== "number") return [];
    return [
      {
        owner,
        namespace: set.namespaceOf(owner),
        name: textOf(name),
        hostname: ruleHost(hostname),
        port,
        protocol: textOf(protocol),
        tls: fieldsOf(tls),
        allowedRoutes: fieldsOf(allowedRoutes),
        path: `spec.listeners[${i}]`,
      },
    ];
  });
}
