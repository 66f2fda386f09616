/** `npm run bench [-- NAME…]`: runs the benches and writes docs/benchmarks.md; exit code 1 when a target is missed. */
import { execFileSync } from "node:child_process";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { benchAccess } from "./access.ts";
import { corefileSection } from "./corefile.ts";
import { benchDns } from "./dns.ts";
import { benchLive } from "./live.ts";
import { benchMistakes } from "./mistakes/run.ts";
import { benchNetwork } from "./network.ts";
import { benchRoutes } from "./routes.ts";
import { count, type Section } from "./section.ts";
import { benchStart } from "./start.ts";
import { benchYaml } from "./yaml.ts";

const BENCHES: Readonly<Record<string, () => Promise<Section>>> = {
  network: benchNetwork,
  yaml: benchYaml,
  access: benchAccess,
  corefile: corefileSection,
  dns: benchDns,
  routes: async () => benchRoutes(),
  live: benchLive,
  start: benchStart,
  mistakes: benchMistakes,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) throw new Error(`no bench is called ${unknown}: expected ${Object.keys(BENCHES)}`);

const load = loadavg()[0]!;
const sections: Section[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`bench ${name} …`);
  const section = await bench();
  console.log(`\n## ${section.title}\n\n${section.text}\n`);
  sections.push(section);
}
if (wanted.length === 0) await writeFile(new URL("../docs/benchmarks.md", import.meta.url), await document());

const failures = sections.flatMap((section) => section.failures);
for (const failure of failures) console.error(`missed: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

async function document(): Promise<string> {
  const processors = cpus();
  return [
    "# Benchmarks",
    "",
    "Written by `npm run bench`; do not edit. Peers run on the same machine in the same run: the ratios are what counts, the times",
    "are those of this machine.",
    "",
    `- Machine: ${processors.length} × ${processors[0]?.model.trim()}, ${count(totalmem() / 2 ** 30)} GiB, ${platform()} ${arch()}; load average at the start ${load.toFixed(1)}`,
    `- Node ${process.versions.node}, ${goRelease()}${(await pinnedModules()).map((m) => `, ${m}`).join("")}`,
    `- Measured on ${new Date().toISOString().slice(0, 10)}`,
    "",
    ...sections.flatMap(({ title, text }) => [`## ${title}`, "", text, ""]),
  ].join("\n");
}

function goRelease(): string {
  return execFileSync("go", ["env", "GOVERSION"], { encoding: "utf8" }).trim().replace("go", "Go ");
}

/** The peers that are Go modules, as bench/go pins them: `github.com/mattfenwick/cyclonus v0.5.6`. */
async function pinnedModules(): Promise<readonly string[]> {
  const modules = await readdir(new URL("go/", import.meta.url));
  const files = modules.map((name) => readFile(new URL(`go/${name}/go.mod`, import.meta.url), "utf8"));
  const texts = await Promise.all(files);
  return texts.map((text, i) => {
    const line = text.split("\n").find((l) => l.includes(modules[i]!) && / v\d/.test(l));
    return line?.replace("require", "").trim() ?? modules[i]!;
  });
}
