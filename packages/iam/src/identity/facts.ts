import type { Finding, PathSegment, Place, Related, Severity } from "@ashlar/core";
import { formatPath, type Resource, refOf } from "@ashlar/core";
import type { IdentityModel } from "./model.ts";
import type { RealmFacts } from "./read-realm.ts";

/** A finding about the API server's authentication, with its other place. */
export function aboutAuthentication(
  code: string,
  severity: Severity,
  path: string,
  message: string,
  hint: string,
  related: readonly Related[] = [],
): Finding {
  return { code, severity, message, hint, path, ...(related.length > 0 && { related }) };
}

/** A finding about a field of a realm's file. */
export function aboutRealm(
  realm: RealmFacts,
  code: string,
  severity: Severity,
  path: readonly PathSegment[],
  message: string,
  hint: string,
  related: readonly Related[] = [],
): Finding {
  const at = placeIn(realm, path);
  return {
    code,
    severity,
    message,
    hint,
    path: formatPath(path),
    ...(at && { at }),
    ...(related.length > 0 && { related }),
  };
}

/** A place in a realm's file, as the other side of a finding. */
export function realmPlace(realm: RealmFacts, path: readonly PathSegment[], message: string): Related {
  const at = placeIn(realm, path);
  const file = realm.source.file === undefined ? `realm ${realm.name}` : realm.source.file;
  return { message: `${file}: ${message}`, path: formatPath(path), ...(at && { at }) };
}

/** A place in an object of the set. */
export function objectPlace(
  { options }: IdentityModel,
  resource: Resource,
  path: string,
  message: string,
): Related {
  const at = options.locate?.(resource, path);
  return { message, subject: refOf(resource), path, ...(at && { at }) };
}

/** A place in the API server's configuration. */
export function authenticationPlace(path: string, message: string): Related {
  return { message: `AuthenticationConfiguration: ${message}`, path };
}

function placeIn({ source }: RealmFacts, path: readonly PathSegment[]): Place | undefined {
  return source.locate?.(formatPath(path));
}
