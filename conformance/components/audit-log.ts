import { readFile } from "node:fs/promises";

/** A rule of an audit policy (audit.k8s.io/v1). The first that matches a request says how much is logged of it. */
export interface AuditRule {
  readonly level: "None" | "Metadata" | "Request" | "RequestResponse";
  readonly users?: readonly string[];
  readonly userGroups?: readonly string[];
  readonly verbs?: readonly string[];
  readonly resources?: readonly { readonly group: string; readonly resources?: readonly string[] }[];
  readonly namespaces?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** An event of an audit log, as far as tests look. */
export interface AuditEvent {
  readonly level: AuditRule["level"];
  readonly stage: string;
  readonly verb: string;
  readonly requestURI: string;
  readonly userAgent?: string;
  readonly user: { readonly username: string };
  readonly objectRef?: {
    readonly resource?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly subresource?: string;
  };
  readonly responseStatus?: { readonly code?: number };
  readonly requestObject?: unknown;
  readonly responseObject?: unknown;
}

/** What the documentation of Kubernetes advises: everything with its bodies, but nothing of what Secrets hold. */
export const AUDIT_ALL_BUT_SECRETS: readonly AuditRule[] = [
  { level: "Metadata", resources: [{ group: "", resources: ["secrets"] }] },
  { level: "RequestResponse" },
];

export function auditPolicy(rules: readonly AuditRule[]): string {
  return JSON.stringify({
    apiVersion: "audit.k8s.io/v1",
    kind: "Policy",
    omitStages: ["RequestReceived"],
    rules,
  });
}

/** The events of an audit log so far, in order. The server writes an event before it ends the answer. */
export async function auditEvents(file: string): Promise<readonly AuditEvent[]> {
  const lines = (await readFile(file, "utf8")).split("\n");
  return lines.slice(0, -1).map((line) => JSON.parse(line) as AuditEvent);
}
