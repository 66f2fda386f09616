import type { Place, ResourceRef } from "@ashlar/core";

/**
 * `served`: a workload answers, and no login stands before it. `login`: the same behind a login. `redirect`: the edge sends the
 * client elsewhere. `not-found`: no route is for this URL (404, or no listener at that port). `broken`: a route is for it, and it
 * cannot work. `unknown`: a fact is missing, or the specifications leave it open.
 */
export type UrlOutcome = "served" | "redirect" | "login" | "not-found" | "broken" | "unknown";

/** What a step of the walk is about. */
export type UrlStepKind =
  | "host"
  | "route"
  | "tls"
  | "issuer"
  | "proxy"
  | "login"
  | "service"
  | "port"
  | "workload";

/** One step from the host to the workload. */
export interface UrlStep {
  readonly what: UrlStepKind;
  readonly text: string;
  readonly ref?: ResourceRef;
  readonly at?: Place;
}

/** A Service that answers, or that an auth proxy passes requests on to. */
export interface UrlBackend {
  readonly service: ResourceRef;
  /** The port that the route names. */
  readonly port?: number | string;
  /** The port of the pods; absent: not known. */
  readonly targetPort?: number | string;
  /** Pods and workloads behind the Service. */
  readonly pods: readonly ResourceRef[];
  /** The host outside of the cluster that an ExternalName stands for. */
  readonly externalName?: string;
  /** Share of the requests of this route, from 0 to 1, where it has several backends. */
  readonly share?: number;
}

/** The certificate that the edge shows for an https URL. */
export interface UrlTls {
  /** `NAMESPACE/NAME` of the Secret. */
  readonly secret: string;
  /** What makes it: `ClusterIssuer letsencrypt`. */
  readonly issuer?: string;
  /** The Secret is in the set, or its issuer is. */
  readonly found: boolean;
}

/** The login that stands before the backend. */
export interface UrlLogin {
  /**
   * `proxy`: a reverse proxy that is recognised (oauth2-proxy, gogatekeeper and what it descends from); `external`: the edge asks
   * another URL (auth-url, ExternalAuth, forwardAuth); `basic`: HTTP basic or digest; `certificate`: a client certificate.
   */
  readonly kind: "proxy" | "external" | "basic" | "certificate";
  /** Who passes, of those who can log in: any of these groups or roles. Absent: everybody who can log in. */
  readonly groups?: readonly string[];
}

/** The exact point at which the walk stops. */
export interface UrlBreak {
  readonly text: string;
  readonly ref?: ResourceRef;
  readonly at?: Place;
}

/** Which object's which field is the route. */
export interface UrlRoute {
  readonly ref: ResourceRef;
  /** `spec.rules[0].http.paths[1]` of an Ingress, `spec.rules[0]` of an HTTPRoute. */
  readonly path: string;
}

/** Who answers a URL, and the way there. */
export interface UrlVerdict {
  readonly outcome: UrlOutcome;
  /** One sentence. */
  readonly text: string;
  readonly steps: readonly UrlStep[];
  readonly route?: UrlRoute;
  /** The last Service on the way: behind an auth proxy, what that passes requests on to. */
  readonly backend?: UrlBackend;
  /** Every Service on the way in order: the auth proxy's, then the one behind; of a weighted route, the others too. */
  readonly backends: readonly UrlBackend[];
  readonly tls?: UrlTls;
  readonly auth?: UrlLogin;
  /** The auth proxy answers by itself: its login and callback pages. */
  readonly isLoginPage?: true;
  /** Where `redirect` leads. */
  readonly location?: string;
  /** What the missing facts are about; empty: none is missing. */
  readonly missing: readonly UrlStepKind[];
  /** Why it is `unknown`, or where it breaks. */
  readonly break?: UrlBreak;
}
