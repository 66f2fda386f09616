import type { ControlPlane } from "./control-plane.ts";

/** A namespace that is being deleted and does not go. */
export interface TerminatingNamespace {
  /** Lets it go, when controllers run: they delete what is in it, then the namespace. */
  readonly release: () => Promise<void>;
}

/**
 * Makes a namespace that stays in `Terminating`: a finalizer in its spec belongs to a controller that does not exist.
 *
 * @param plane any; with controllers, what is in the namespace goes
 */
export async function terminatingNamespace(
  plane: Pick<ControlPlane, "create" | "send">,
  name: string,
): Promise<TerminatingNamespace> {
  const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  const made = await plane.create({ ...namespace, spec: { finalizers: ["ashlar.test/hold"] } });
  if (!made.accepted) throw new Error(`namespace ${name} cannot be made: ${made.status.message}`);
  const path = `/api/v1/namespaces/${name}`;
  await expectDone(plane.send("DELETE", path));
  return {
    release: async () => {
      const finalizers = ["kubernetes"]; // that of the namespace controller, which takes it away by itself
      const { code, body } = await plane.send("GET", path);
      if (code === 404) return;
      const { finalizers: left = [] } = (body as { spec: { finalizers?: readonly string[] } }).spec;
      const spec = { finalizers: left.filter((finalizer) => finalizers.includes(finalizer)) };
      await expectDone(plane.send("PUT", `${path}/finalize`, { ...namespace, spec }));
    },
  };
}

async function expectDone(answer: ReturnType<ControlPlane["send"]>): Promise<void> {
  const { code, body } = await answer;
  if (code >= 300) throw new Error(`${code}: ${JSON.stringify(body)}`);
}
