#!/usr/bin/env node
import node from "node:module";

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 19)) {
  const hint = "install a newer one, for instance by npm install --save-dev node@24";
  process.stderr.write(`ashlar: this is Node ${process.versions.node}, and 22.19 is needed\n  → ${hint}\n`);
  process.exit(2);
}
node.enableCompileCache();
await import("../dist/cli.js");
