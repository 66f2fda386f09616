/** A worker: how long the matrix takes where no code is compiled yet. Gets a size, answers with seconds. */
import { parentPort, workerData } from "node:worker_threads";
import { type ClusterSize, makeCluster } from "./cluster.ts";
import { matrixOf } from "./matrix-of.ts";
import { timeOnce } from "./section.ts";

const cluster = makeCluster(workerData as ClusterSize);
parentPort?.postMessage(timeOnce(() => matrixOf(cluster)));
