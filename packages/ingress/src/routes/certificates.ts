import type { Resource } from "@ashlar/core";
import { type Fields, fieldsOf, listOf, textOf, textsOf } from "./fields.ts";
import type { RoutesModel } from "./model.ts";
import { annotationOf, CERT_MANAGER, type RouteSet } from "./route-set.ts";
import { breaks, miss, step, type Trace, title } from "./trace.ts";

/** The Secret that an edge shows for a host. */
export interface TlsAsk {
  readonly namespace: string;
  readonly secret: string;
  /** The Ingress or the Gateway, whose annotations may ask cert-manager for it. */
  readonly from: Resource;
  readonly path: string;
}

interface Issuer {
  readonly kind: string;
  readonly name: string;
  /** Of an issuer of another group than cert-manager's own the object is not looked for. */
  readonly group: string;
}

/** Notes the certificate of an https URL: the Secret in the set, or what makes it. */
export function followTls(model: RoutesModel, trace: Trace, ask: TlsAsk): void {
  const { set, options } = model;
  const { namespace, secret: name, from, path } = ask;
  const secret = `${namespace}/${name}`;
  const object = set.find("", "Secret", namespace, name);
  const issuer = certificateIssuer(set, namespace, name) ?? annotatedIssuer(model, from);
  if (object !== undefined) {
    const text = `certificate in ${title(set, object)}`;
    if (!hasPair(object)) {
      trace.tls = { secret, found: false };
      breaks(trace, "tls", `${title(set, object)} holds no tls.crt and tls.key`, object, "data");
      return;
    }
    step(trace, "tls", text, object);
    trace.tls = { secret, found: true, ...(typeof issuer === "object" && { issuer: issuerText(issuer) }) };
    return;
  }
  if (issuer === undefined) {
    trace.tls = { secret, found: false };
    const text = `Secret ${secret} is not in the set, and nothing in it makes it`;
    if (options.whole) breaks(trace, "tls", text, from, path);
    else miss(trace, "tls", text, from, path);
    return;
  }
  step(trace, "tls", `certificate in Secret ${secret}, made by cert-manager`, from, path);
  if (issuer === "default") {
    trace.tls = { secret, found: false };
    miss(
      trace,
      "issuer",
      "the default issuer of cert-manager is not in the set",
      from,
      "metadata.annotations",
    );
    return;
  }
  const where = issuer.kind === "ClusterIssuer" ? "" : namespace;
  const made = set.find(issuer.group, issuer.kind, where, issuer.name);
  trace.tls = { secret, issuer: issuerText(issuer), found: made !== undefined };
  if (made !== undefined) step(trace, "issuer", title(set, made), made);
  else {
    const text = `${issuerText(issuer)} is not in the set`;
    if (options.whole && issuer.group === CERT_MANAGER) breaks(trace, "issuer", text, from);
    else miss(trace, "issuer", text, from);
  }
}

const CLUSTER_ISSUER = "cert-manager.io/cluster-issuer";
const ISSUER = "cert-manager.io/issuer";
const TLS_ACME = "kubernetes.io/tls-acme";

/** The issuer of the Certificate that makes a Secret. */
function certificateIssuer(set: RouteSet, namespace: string, secret: string): Issuer | undefined {
  const certificate = set
    .all(CERT_MANAGER, "Certificate")
    .find((one) => set.namespaceOf(one) === namespace && fieldsOf(one.spec).secretName === secret);
  return certificate && issuerOf(fieldsOf(fieldsOf(certificate.spec).issuerRef));
}

function issuerOf(ref: Fields): Issuer {
  return {
    kind: textOf(ref.kind) || "Issuer",
    name: textOf(ref.name),
    group: textOf(ref.group) || CERT_MANAGER,
  };
}

/** What the annotations ask for, as cert-manager's shim reads them (pkg/controller/certificate-shim/sync.go, issuerForIngressLike). */
function annotatedIssuer(model: RoutesModel, resource: Resource): Issuer | "default" | undefined {
  const name = annotationOf(resource, ISSUER);
  const cluster = annotationOf(resource, CLUSTER_ISSUER);
  if (name !== "" || cluster !== "")
    return {
      name: cluster || name,
      kind:
        cluster === "" ? annotationOf(resource, "cert-manager.io/issuer-kind") || "Issuer" : "ClusterIssuer",
      group: annotationOf(resource, "cert-manager.io/issuer-group") || CERT_MANAGER,
    };
  if (resource.kind !== "Ingress" || annotationOf(resource, TLS_ACME) !== "true") return undefined;
  return model.defaultIssuer() ?? "default";
}

/** The default issuer of cert-manager: as it is told, else by the flags of its controller in the set. */
export function defaultIssuer(set: RouteSet, told: string | undefined): Issuer | undefined {
  if (told !== undefined) {
    const [kind, name] = told.includes("/") ? told.split("/") : ["ClusterIssuer", told];
    return { kind: kind!, name: name!, group: CERT_MANAGER };
  }
  for (const deployment of set.all("apps", "Deployment")) {
    const { containers } = fieldsOf(fieldsOf(fieldsOf(deployment.spec).template).spec);
    for (const container of listOf(containers).map(fieldsOf)) {
      if (!textOf(container.image).includes("cert-manager-controller")) continue;
      const flag = (name: string) =>
        textsOf(container.args)
          .find((arg) => arg.startsWith(`--${name}=`))
          ?.slice(name.length + 3);
      const name = flag("default-issuer-name");
      if (name === undefined) continue;
      const kind = flag("default-issuer-kind") ?? "Issuer";
      return { kind, name, group: flag("default-issuer-group") ?? CERT_MANAGER };
    }
  }
  return undefined;
}

function hasPair(secret: Resource): boolean {
  const { data, stringData } = secret;
  // A Secret that is there by name alone, such as a stub, tells nothing of its keys.
  if (data === undefined && stringData === undefined) return true;
  const has = (key: string) => textOf(fieldsOf(data)[key]) !== "" || textOf(fieldsOf(stringData)[key]) !== "";
  return has("tls.crt") && has("tls.key");
}

function issuerText({ kind, name }: Issuer): string {
  return `${kind} ${name}`;
}
