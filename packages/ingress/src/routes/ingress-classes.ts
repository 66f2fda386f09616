import type { Resource } from "@ashlar/core";
import { type Controller, controllerNamed } from "./controllers.ts";
import { fieldsOf, textOf } from "./fields.ts";
import { annotationOf, NETWORKING, type RouteSet } from "./route-set.ts";

/** What takes the Ingresses of one class: one edge, with one address. */
export interface IngressEdge {
  readonly kind: "ingress";
  /** The class; empty: Ingresses that name none, where no class is the default one. */
  readonly className: string;
  readonly controller: Controller | undefined;
  /** The IngressClass, where it is in the set. */
  readonly resource?: Resource;
  /** Why it is not known whether a controller takes these Ingresses; absent: one does. */
  readonly doubt?: string;
}

export interface ClassOptions {
  /** The controller of classes that the set does not tell. */
  readonly controller?: string;
  /** The class of Ingresses that name none; it is taken as there. */
  readonly ingressClass?: string;
}

const LEGACY = "kubernetes.io/ingress.class";
const DEFAULT = "ingressclass.kubernetes.io/is-default-class";

/** Gives the edge of each Ingress: by `spec.ingressClassName`, else the old annotation, else the default class. */
export function ingressEdges(set: RouteSet, options: ClassOptions): (ingress: Resource) => IngressEdge {
  const byDefault = options.ingressClass ?? defaultClass(set);
  const edges = new Map<string, IngressEdge>();
  return (ingress) => {
    const said = textOf(fieldsOf(ingress.spec).ingressClassName) || annotationOf(ingress, LEGACY);
    const className = said || byDefault || "";
    let edge = edges.get(className);
    if (edge === undefined) {
      edge = edgeOf(set, options, className);
      edges.set(className, edge);
    }
    return edge;
  };
}

/**
 * The class that the API server writes into Ingresses that name none: of several default ones the newest, then the first by name
 * (plugin/pkg/admission/network/defaultingressclass). Without times, several are none: who is newer is not known.
 */
function defaultClass(set: RouteSet): string | undefined {
  const defaults = set.all(NETWORKING, "IngressClass").filter((c) => annotationOf(c, DEFAULT) === "true");
  if (defaults.length <= 1) return defaults[0] && nameOf(defaults[0]);
  const times = defaults.map((c) => textOf(fieldsOf(c.metadata).creationTimestamp));
  if (times.includes("")) return undefined;
  const newest = [...times].sort().at(-1);
  return defaults
    .filter((_, i) => times[i] === newest)
    .map(nameOf)
    .sort()[0];
}

function edgeOf(set: RouteSet, options: ClassOptions, className: string): IngressEdge {
  const resource = className === "" ? undefined : set.find(NETWORKING, "IngressClass", "", className);
  const id = textOf(fieldsOf(resource?.spec).controller);
  const told = options.controller === undefined ? undefined : controllerNamed(options.controller);
  // A class whose own controller is not known is not another one's.
  const controller = id === "" ? (told ?? byClassName(className)) : controllerNamed(id);
  const edge = { kind: "ingress", className, controller, ...(resource && { resource }) } as const;
  if (resource !== undefined || (className !== "" && className === options.ingressClass)) return edge;
  if (className !== "") return { ...edge, doubt: `IngressClass ${className} is not in the set` };
  return { ...edge, doubt: "it names no class, and the set does not say which class is the default one" };
}

/** Where nothing else tells, the names that the projects' charts give their classes. */
function byClassName(className: string): Controller | undefined {
  if (className === "nginx") return controllerNamed("ingress-nginx");
  return className === "traefik" ? controllerNamed("traefik") : undefined;
}

function nameOf(resource: Resource): string {
  return textOf(fieldsOf(resource.metadata).name);
}
