import { parsePath } from "@ashlar/core";
import { startControlPlane } from "../../conformance/components/control-plane.ts";
import { type Section, table } from "../section.ts";
import { MISTAKES } from "./all.ts";
import type { Mistake } from "./mistake.ts";
import { findingsOf, verdictOn } from "./ours.ts";
import { apiServer } from "./peers/api-server.ts";
import { cdk8s } from "./peers/cdk8s.ts";
import { helm } from "./peers/helm.ts";
import { kubeconform } from "./peers/kubeconform.ts";
import { kubernetesModels } from "./peers/kubernetes-models.ts";
import { kustomize } from "./peers/kustomize.ts";
import type { Peer } from "./peers/peer.ts";
import { editedSet, RIGHT_FILES, RIGHT_YAML, rightObjects } from "./right-set.ts";

/** A checker and the mistakes that it notices, by id. */
interface Column {
  readonly name: string;
  readonly noticed: ReadonlySet<string>;
  /** How much it complains about in the right set. */
  readonly falseAlarms: number;
}

/** Single edits of a right set: who notices them. Ours has to name object, path and remedy; peers only something of it. */
export async function benchMistakes(): Promise<Section> {
  const verdicts = MISTAKES.map(verdictOn);
  const missed = verdicts.filter(({ found }) => found === undefined).map(({ mistake }) => mistake);
  const falseAlarms = findingsOf(RIGHT_FILES);
  const ours: Column = {
    name: "**ashlar check**",
    noticed: idsOf(verdicts.filter(({ found }) => found).map(({ mistake }) => mistake)),
    falseAlarms: falseAlarms.length,
  };
  const peers = await peerColumns();
  const columns = [ours, ...peers];
  const alone = [...ours.noticed].filter((id) => !peers.some(({ noticed }) => noticed.has(id)));
  const kinds = [...new Set(MISTAKES.map(({ kind }) => kind))];
  return {
    title: "Planted mistakes",
    text: [
      `${MISTAKES.length} sets, each with one edit of a right set of ${rightObjects().length} objects (bench/mistakes), in ${kinds.length} kinds. The right set is accepted by the`,
      "real API server object by object. Ours has noticed a mistake when a finding names object and path (in text that no reader takes:",
      "the line) and a remedy. A peer has noticed it when what it says differs from what it says of the right set, and holds the",
      "object's name, its kind or a word of the path; no peer is asked for a remedy. kubeconform gets schemas of the API server's own OpenAPI;",
      "the API server sees single objects, which is all that it can, in a cluster that has the namespaces of the right set.",
      "",
      table(
        ["checker", "noticed", "", "complaints about the right set"],
        columns.map(({ name, noticed, falseAlarms }) => [
          name,
          String(noticed.size),
          percent(noticed.size),
          String(falseAlarms),
        ]),
      ),
      "",
      `${alone.length} of them are noticed by ours alone.`,
      "",
      table(
        ["kind of mistake", "edits", ...columns.map(({ name }) => name.replaceAll("*", "").split(",")[0]!)],
        kinds.map((kind) => row(kind, columns)),
      ),
      ...(missed.length === 0
        ? []
        : ["", "Not noticed by ours:", "", ...missed.map(({ id, what }) => `- \`${id}\`: ${what}.`)]),
    ].join("\n"),
    failures: [
      ...missed.map(({ id, what }) => `mistakes: ${id} is not found: ${what}`),
      ...falseAlarms.map(
        ({ code, message }) => `mistakes: false alarm in the right set: ${code}: ${message}`,
      ),
    ],
  };
}

async function peerColumns(): Promise<readonly Column[]> {
  const server = await startControlPlane();
  try {
    const columns: Column[] = [];
    for (const peer of [apiServer(server), kubeconform(server), kubernetesModels, helm, kustomize, cdk8s]) {
      console.log(`  asking ${peer.name} …`);
      columns.push(await columnOf(peer));
    }
    return columns;
  } finally {
    await server.stop();
  }
}

/** The mistakes of which a peer says something that it does not say of the right set in the same files. */
async function columnOf(peer: Peer): Promise<Column> {
  const sets = MISTAKES.map((mistake) => editedSet(mistake).files);
  const rightAsOne = new Map([["set.yaml", RIGHT_YAML]]);
  const [asFiles, asOne, ...said] = await peer.complaints([RIGHT_FILES, rightAsOne, ...sets]);
  const usual = new Set([...asFiles!, ...asOne!]);
  const noticed = MISTAKES.filter((mistake, i) => {
    const news = said[i]!.filter((line) => !usual.has(line));
    return news.length > 0 && namesSomething(mistake, news.join("\n"));
  });
  return { name: peer.name, noticed: idsOf(noticed), falseAlarms: asFiles!.length };
}

/** Whether a text holds a word that tells what is wrong. Text that cannot be read has no object: any word will do. */
function namesSomething({ expected }: Mistake, said: string): boolean {
  const words = expected.flatMap(({ subject, path }) => [
    ...subject.split("/").slice(-2),
    ...parsePath(path).filter((segment) => typeof segment === "string" && segment !== "spec"),
  ]);
  return expected.length === 0 || words.some((word) => said.includes(String(word)));
}

function idsOf(mistakes: readonly Mistake[]): ReadonlySet<string> {
  return new Set(mistakes.map(({ id }) => id));
}

function row(kind: string, columns: readonly Column[]): readonly string[] {
  const ids = MISTAKES.filter((mistake) => mistake.kind === kind).map(({ id }) => id);
  const counts = columns.map(({ noticed }) => String(ids.filter((id) => noticed.has(id)).length));
  return [kind, String(ids.length), ...counts];
}

function percent(noticed: number): string {
  return `${Math.round((noticed / MISTAKES.length) * 100)} %`;
}
