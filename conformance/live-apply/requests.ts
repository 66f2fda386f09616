import { type AuditEvent, auditEvents } from "../components/audit-log.ts";
import type { ControlPlane } from "../components/control-plane.ts";

/** What Ashlar asks of the server while something is done, by the server's audit log: `patch configmaps shop/words`. */
export async function asked(plane: ControlPlane, work: () => Promise<unknown>): Promise<string[]> {
  const before = (await auditEvents(plane.auditLog!)).length;
  await work();
  const events = (await auditEvents(plane.auditLog!)).slice(before);
  return events.filter(({ userAgent }) => userAgent === "ashlar").map(lineOf);
}

/** Of these, what asks for more than reading; dry runs too. */
export function writes(lines: readonly string[]): string[] {
  return lines.filter((line) => !/^(get|list|watch) /.test(line));
}

function lineOf({ verb, requestURI, objectRef }: AuditEvent): string {
  const { resource, namespace, name } = objectRef ?? {};
  if (resource === undefined) return `${verb} ${requestURI}`;
  const dry = requestURI.includes("dryRun=All") ? " (dry run)" : "";
  return `${verb} ${resource} ${[namespace, name].filter((part) => part !== undefined).join("/")}${dry}`;
}
