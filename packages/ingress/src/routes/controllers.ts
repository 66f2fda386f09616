/** Controllers whose ways are known. */
export type ControllerName =
  | "ingress-nginx"
  | "traefik"
  | "haproxy"
  | "contour"
  | "aws-load-balancer"
  | "gce";

/** What the Ingress API leaves to the controller, as far as it decides who answers. */
export interface Controller {
  readonly name: ControllerName;
  /** `spec.controller` of its IngressClass. */
  readonly id: string;
  /** How it reads pathType ImplementationSpecific; absent: a way of its own, which is not modelled. */
  readonly implementationSpecific?: "characters";
  /** Whether it reads nginx.ingress.kubernetes.io annotations; absent: only where it is told to. */
  readonly nginxAnnotations?: boolean;
  /**
   * Whether a host whose routes do not match the path is answered by the routes of a wildcard or of no host; absent: not known.
   * ingress-nginx makes one server of each host, so it does not.
   */
  readonly hostFallsThrough?: boolean;
}

/**
 * Source: ingress-nginx 1.15 (internal/ingress/controller: template.go buildLocation, controller.go createServers; rootfs
 * nginx.tmpl), Traefik 3.7 (pkg/provider/kubernetes/ingress: `PathPrefix` for what is not Exact; routers by length of rule), and
 * the `spec.controller` that each project's documentation gives for its IngressClass.
 */
const CONTROLLERS: readonly Controller[] = [
  {
    name: "ingress-nginx",
    id: "k8s.io/ingress-nginx",
    implementationSpecific: "characters",
    nginxAnnotations: true,
    hostFallsThrough: false,
  },
  {
    name: "traefik",
    id: "traefik.io/ingress-controller",
    implementationSpecific: "characters",
    hostFallsThrough: true,
  },
  { name: "haproxy", id: "haproxy.org/ingress-controller/haproxy", nginxAnnotations: false },
  { name: "contour", id: "projectcontour.io/ingress-controller", nginxAnnotations: false },
  { name: "aws-load-balancer", id: "ingress.k8s.aws/alb", nginxAnnotations: false },
  { name: "gce", id: "k8s.io/ingress-gce", nginxAnnotations: false },
];

/** The controller of that name, or of that `spec.controller` of an IngressClass. */
export function controllerNamed(name: string): Controller | undefined {
  return CONTROLLERS.find((controller) => controller.name === name || controller.id === name);
}
