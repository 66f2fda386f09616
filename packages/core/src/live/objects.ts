import type { Resource, ResourceRef } from "../resource.ts";
import { type Fields, fieldsOf, listOf, textOf } from "../rules/references/json-values.ts";
import type { ApiAnswer, Cluster } from "./cluster.ts";
import { type ApiType, pathOf } from "./discovery.ts";
import { LiveError } from "./live-error.ts";

/** The name under which Ashlar owns the fields of objects that have one platform; see `objectManager` and `patchManager` for others. */
export const FIELD_MANAGER = "ashlar";

/** Objects per page of a list. */
const PAGE = "500";

/** The object; `undefined` when it is not there. */
export async function getObject(
  cluster: Cluster,
  type: ApiType,
  ref: Pick<ResourceRef, "namespace" | "name">,
): Promise<Resource | undefined> {
  const path = pathOf(type, ref);
  const answer = await cluster.request({ method: "GET", path });
  if (answer.status === 200) return answer.body as unknown as Resource;
  if (answer.status === 404) return undefined;
  throw requestFailure(answer, "get", type, ref);
}

export interface ListOptions {
  /** Default: all of them. */
  readonly namespace?: string | undefined;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Names, labels and annotations without what the objects hold. */
  readonly metadataOnly?: boolean;
}

const METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
const METADATA_OF_ONE = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";

/**
 * Every object of a kind, page by page; in all namespaces when none is named. A list that expires half-way is read again.
 *
 * @throws {LiveError} `forbidden` when the caller may not
 */
export async function listObjects(
  cluster: Cluster,
  type: ApiType,
  { namespace, labelSelector, fieldSelector, metadataOnly = false }: ListOptions = {},
): Promise<Resource[]> {
  const path = pathOf(type, { namespace });
  for (let attempt = 1; ; attempt++) {
    const found = new Map<string, Resource>();
    let next = "";
    let answer: ApiAnswer;
    do {
      const query = {
        limit: PAGE,
        ...(next !== "" && { continue: next }),
        ...(labelSelector !== undefined && { labelSelector }),
        ...(fieldSelector !== undefined && { fieldSelector }),
      };
      answer = await cluster.request({
        method: "GET",
        path,
        query,
        ...(metadataOnly && { accept: METADATA }),
      });
      if (answer.status !== 200) break;
      const apiVersion = type.group === "" ? type.version : `${type.group}/${type.version}`;
      // Items of a list name neither their kind nor its version.
      for (const item of listOf(answer.body.items)) {
        const whole = { ...fieldsOf(item), apiVersion, kind: type.kind } as Resource;
        const resource = metadataOnly ? withoutLastApplied(whole) : whole;
        found.set(`${resource.metadata.namespace ?? ""}/${resource.metadata.name}`, resource);
      }
      next = textOf(fieldsOf(answer.body.metadata).continue);
    } while (next !== "");
    if (answer.status === 200) return [...found.values()];
    // 410: etcd has forgotten the revision that the list began with.
    if (answer.status !== 410 || attempt === 5) throw requestFailure(answer, "list", type, { namespace });
  }
}

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** `kubectl apply` repeats all that an object holds in an annotation, the values of Secrets with it. */
function withoutLastApplied(object: Resource): Resource {
  const { [LAST_APPLIED]: all, ...annotations } = object.metadata.annotations ?? {};
  return all === undefined ? object : { ...object, metadata: { ...object.metadata, annotations } };
}

export interface ApplyOptions {
  /** Asks what would be, and stores nothing. */
  readonly dryRun?: boolean;
  /** Takes fields that others own. */
  readonly force?: boolean;
  /** Default: `FIELD_MANAGER`. */
  readonly manager?: string;
}

/** Server-side apply. The answer may be a refusal or a conflict. */
export async function applyObject(
  cluster: Cluster,
  type: ApiType,
  object: Resource,
  { dryRun = false, force = false, manager = FIELD_MANAGER }: ApplyOptions = {},
): Promise<ApiAnswer> {
  const { namespace, name } = object.metadata;
  const send = () =>
    cluster.request({
      method: "PATCH",
      path: pathOf(type, { namespace, name }),
      query: {
        fieldManager: manager,
        fieldValidation: "Strict",
        force: String(force),
        ...(dryRun && { dryRun: "All" }),
      },
      body: object,
      contentType: "application/apply-patch+yaml",
      // What was stored is not looked at: its name is enough.
      ...(!dryRun && { accept: METADATA_OF_ONE }),
    });
  let answer = await send();
  // Somebody else wrote the object, or made it, between the server's own reading and writing.
  const tries = object.metadata.resourceVersion === undefined ? 5 : 0;
  for (let again = 0; again < tries && isLostRace(answer); again++) answer = await send();
  return answer;
}

/** A resourceVersion that no object has: applying with it makes an object, and changes none. */
export const ABSENT = "1";

/** Whether somebody else wrote in between, so that it may be tried again. */
export function isLostRace({ status, body }: ApiAnswer): boolean {
  if (status !== 409) return false;
  const { reason } = body;
  return reason === "AlreadyExists" || (reason === "Conflict" && conflictsOf(body).length === 0);
}

/**
 * Deletes this very object, as it was read: one of the same name that is made after it stays. 404: it is gone.
 *
 * @param mayDelete asked when somebody has written it meanwhile
 * @returns `undefined` when it may no longer be deleted
 */
export async function deleteObject(
  cluster: Cluster,
  type: ApiType,
  object: Resource,
  mayDelete: (live: Resource) => boolean,
): Promise<ApiAnswer | undefined> {
  const { namespace, name, uid } = object.metadata;
  const send = ({ metadata: { resourceVersion } }: Resource) =>
    cluster.request({
      method: "DELETE",
      path: pathOf(type, { namespace, name }),
      body: {
        apiVersion: "v1",
        kind: "DeleteOptions",
        propagationPolicy: "Background",
        preconditions: { uid, resourceVersion },
      },
    });
  let answer = await send(object);
  for (let again = 0; again < 5 && answer.status === 409; again++) {
    // Another object has its name by now, or somebody wrote this one meanwhile.
    const live = await listedObject(cluster, type, { namespace, name });
    if (live?.metadata.uid !== uid) return { status: 404, body: {} };
    if (!mayDelete(live!)) return undefined;
    answer = await send(live!);
  }
  return answer;
}

/** The metadata of one object, by a list: who prunes may list. */
export async function listedObject(
  cluster: Cluster,
  type: ApiType,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name: string },
): Promise<Resource | undefined> {
  const fieldSelector = `metadata.name=${name}`;
  const [live] = await listObjects(cluster, type, { namespace, fieldSelector, metadataOnly: true });
  return live;
}

/** A field that another manager owns with another value. */
export interface FieldConflict {
  /** `spec.replicas` */
  readonly path: string;
  /** `kubectl-client-side-apply`, `helm`, … */
  readonly manager: string;
}

/** The conflicts that a Status tells, field by field. */
export function conflictsOf(status: Fields): FieldConflict[] {
  return listOf(fieldsOf(status.details).causes)
    .map(fieldsOf)
    .filter(({ reason }) => reason === "FieldManagerConflict")
    .map(({ field, message }) => ({
      path: textOf(field).replace(/^\./, ""),
      manager: /conflict with "([^"]*)"/.exec(textOf(message))?.[1] ?? "somebody else",
    }));
}

/** Why the server did not do it. */
export interface Refusal {
  /** The Status' reason: `Invalid`, `Forbidden`, `NotFound`, … */
  readonly reason: string;
  readonly message: string;
}

/** Why nothing is to be done with an object that is on its way out; `undefined` when it is not. */
export function beingDeleted({ metadata: { deletionTimestamp, finalizers } }: Resource): Refusal | undefined {
  if (deletionTimestamp === undefined) return undefined;
  const held = listOf(finalizers).map(textOf).join(", ");
  return {
    reason: "BeingDeleted",
    message: `it is being deleted${held === "" ? "" : `, and held by its finalizers: ${held}`}`,
  };
}

/**
 * The server's words.
 *
 * @param secrets texts that must not appear, should the server repeat them; when there are any, admission's own words do not
 *   either, which may hold a value in another form
 */
export function refusalOf({ status, body }: ApiAnswer, secrets: readonly string[] = []): Refusal {
  const reason = textOf(body.reason) || String(status);
  const told = textOf(body.message) || `the server answered ${status}`;
  if (secrets.length === 0) return { reason, message: told };
  // The longest first: one may be part of another.
  const hidden = secrets.filter(({ length }) => length >= 4).sort((a, b) => b.length - a.length);
  const message = hidden.reduce((text, secret) => text.replaceAll(secret, "…"), told);
  return { reason, message: message.replace(ADMISSION, "$1 (its words may hold a value)").replace(GOT, "") };
}

/** "admission webhook "x" denied the request: …", "ValidatingAdmissionPolicy 'x' with binding 'y' denied request: …" */
const ADMISSION = /(\bdenied (?:the )?request)\b.*$/s;
/** "expected string, got &value.valueUnstructured{Value:…}" */
const GOT = /, got .*$/s;

/** The LiveError for an answer that ends what was to be done. */
function requestFailure(
  answer: ApiAnswer,
  verb: "get" | "list",
  { resource, group, namespaced }: ApiType,
  { namespace, name }: { readonly namespace?: string | undefined; readonly name?: string },
): LiveError {
  const { message } = refusalOf(answer);
  const what = `${group === "" ? resource : `${resource}.${group}`}${name === undefined ? "" : `/${name}`}`;
  const where = namespaced ? (namespace === undefined ? " -A" : ` -n ${namespace}`) : "";
  if (answer.status === 403)
    return new LiveError("forbidden", message, `kubectl auth can-i ${verb} ${what}${where} tells the same`);
  return new LiveError(
    "server-error",
    `${verb} ${what}${where}: ${message}`,
    "see the log of the API server",
  );
}
