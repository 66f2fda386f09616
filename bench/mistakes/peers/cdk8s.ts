import { join } from "node:path";
import { App, Chart, Include } from "cdk8s";
import { withFolder } from "./folder.ts";
import { lines, type Peer } from "./peer.ts";

/** Includes the files in a chart and writes the app's YAML: what cdk8s says of manifests at run time. */
export const cdk8s: Peer = {
  name: "cdk8s 2.70, Include and synth",
  complaints: (sets) =>
    Promise.all(
      sets.map((files) =>
        withFolder(files, async (folder) => {
          try {
            const app = new App({ outdir: join(folder, "dist") });
            const chart = new Chart(app, "set");
            for (const name of files.keys()) new Include(chart, name, { url: join(folder, name) });
            app.synthYaml();
            return [];
          } catch (error) {
            return lines((error as Error).message);
          }
        }),
      ),
    ),
};
