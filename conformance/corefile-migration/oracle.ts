import { askProgram } from "../components/coredns.ts";

export interface MigrationCase {
  readonly text: string;
  readonly from: string;
  readonly to: string;
}

/** What Kubernetes' corefile-migration makes of a Corefile. */
export interface MigrationAnswer {
  readonly text: string;
  /** Empty: it gave a text. */
  readonly error: string;
  readonly panic: boolean;
}

/** Answers come in the order of the cases. */
export async function migrateWithTheirs(cases: readonly MigrationCase[]): Promise<MigrationAnswer[]> {
  return (await askProgram("corefile-migration", [], cases)) as MigrationAnswer[];
}

/** The releases between which it migrates, oldest first. */
export async function theirVersions(): Promise<readonly string[]> {
  const [answer] = (await askProgram("corefile-migration", [], [{}])) as [{ versions: readonly string[] }];
  return answer.versions;
}
