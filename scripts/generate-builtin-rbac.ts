// Writes packages/iam/src/rbac/data/builtin-*.ts from a real kube-apiserver with its kube-controller-manager, new and empty
// (conformance/components/control-plane.ts builds and starts them).
//   node scripts/generate-builtin-rbac.ts [--check]     --check: says whether the data is what the server has, writes nothing
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { builtinRbacModule } from "../conformance/access/builtin-rbac.ts";
import { startControlPlane } from "../conformance/components/control-plane.ts";

const VERSION = "1.36.3";
const target = fileURLToPath(new URL(`../packages/iam/src/rbac/data/builtin-${VERSION}.ts`, import.meta.url));

async function generate(): Promise<string> {
  const server = await startControlPlane({ controllers: true });
  try {
    return await builtinRbacModule(server);
  } finally {
    await server.stop();
  }
}

const text = await generate();
if (!text.includes(` ${VERSION}: do not edit.`))
  throw new Error(`the control plane is not of Kubernetes ${VERSION}: change VERSION here`);
if (process.argv.includes("--check")) {
  const same = readFileSync(target, "utf8") === text;
  console.log(
    same
      ? "the built-in RBAC objects are what the server has"
      : "the built-in RBAC objects differ: run scripts/generate-builtin-rbac.ts",
  );
  process.exitCode = same ? 0 : 1;
} else {
  writeFileSync(target, text);
  console.log(`${(text.length / 1024).toFixed(1)} KB, ${text.split("\n").length} lines`);
}
