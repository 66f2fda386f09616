import { spawn } from "node:child_process";
import type { Resource } from "@ashlar/core";
import { goProgram } from "../components/go.ts";

/** Attributes of a request, of a resource or (with `path`) of anything else, and exactly who asks. */
export interface Ask {
  readonly user: string;
  readonly groups: readonly string[];
  readonly verb: string;
  readonly group?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly path?: string;
}

/** May this user grant these rules in this namespace ("" for the cluster)? */
export interface EscalationAsk {
  readonly user: string;
  readonly groups: readonly string[];
  readonly namespace: string;
  readonly rules: readonly unknown[];
}

export interface AuthorizerQuestion {
  readonly resources: readonly Resource[];
  /**
   * Where it reads from: `listers` of informers, as in the API server, in no order; the `static` lists of upstream's tests;
   * by default slices and maps in the order of `resources`, which name missing roles as the listers do.
   */
  readonly store?: "listers" | "static";
  readonly requests?: readonly Ask[];
  /** When positive: asks the requests round and round for so long, and tells the count and the processor time alone. */
  readonly seconds?: number;
  readonly escalations?: readonly EscalationAsk[];
  /** `target` is path and query. */
  readonly http?: readonly { readonly method: string; readonly target: string }[];
}

export interface AuthorizerAnswer {
  readonly verdicts: readonly { readonly allowed: boolean; readonly reason: string; readonly err?: string }[];
  /** What the API server refuses with; empty where the user may. */
  readonly escalations: readonly string[];
  readonly http: readonly { readonly attributes: Omit<Ask, "user" | "groups">; readonly err?: string }[];
  readonly checks: number;
  /** Processor time of the checks. */
  readonly seconds: number;
}

/** Asks Kubernetes' own RBAC authorizer (the Go module, in one process); answers come in the order of the questions. */
export async function askAuthorizer(
  questions: readonly AuthorizerQuestion[],
): Promise<readonly AuthorizerAnswer[]> {
  const child = spawn(await goProgram("rbac"), { stdio: ["pipe", "pipe", "inherit"] });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on("error", () => undefined); // it ended early: the exit code tells
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  child.stdin.end(questions.map(lineOf).join("\n"));
  const code = await ended;
  if (code !== 0) throw new Error(`the RBAC authorizer ended with ${code}`);
  const answers = Buffer.concat(chunks).toString("utf8").trimEnd().split("\n");
  if (answers.length !== questions.length)
    throw new Error(`the RBAC authorizer answered ${answers.length} of ${questions.length} questions`);
  return answers.map((line) => ({
    verdicts: [],
    escalations: [],
    http: [],
    checks: 0,
    seconds: 0,
    ...JSON.parse(line),
  }));
}

function lineOf({ resources, ...asked }: AuthorizerQuestion): string {
  const of = (kind: string) => resources.filter((resource) => resource.kind === kind);
  return JSON.stringify({
    roles: of("Role"),
    clusterRoles: of("ClusterRole"),
    roleBindings: of("RoleBinding"),
    clusterRoleBindings: of("ClusterRoleBinding"),
    ...asked,
  });
}
