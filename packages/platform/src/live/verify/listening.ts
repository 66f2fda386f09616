import { connect as connectHere } from "node:net";
import type { Asking } from "./asking.ts";
import type { InPods } from "./in-pod.ts";
import type { Target } from "./network-ways.ts";

/** What is known of who listens. */
export interface Listening {
  /** How it is known that something listens there; `undefined`: it is not. */
  readonly how: (target: Target) => Promise<string | undefined>;
  /** Somebody connected. */
  readonly saw: (target: Target, by: string) => void;
}

/**
 * Finds out whether something listens: by a readiness probe of the pod that succeeds, by a connection that somebody made, else by a
 * connection of the pod to its own address, which no policy keeps away. At an address outside of the cluster: by one of this program.
 */
export function listening({ options }: Asking, { connect }: InPods): Listening {
  const { timeoutSeconds = 3 } = options.probes ?? {};
  const seen = new Map<string, string>();
  const tried = new Map<string, Promise<string | undefined>>();
  const tryOnce = async (target: Target): Promise<string | undefined> => {
    if (target.pod === undefined)
      return (await opens(target, timeoutSeconds, options.signal)) ? "this program connected" : undefined;
    const own = await connect(target.pod, target);
    return own.what === "open" ? "the pod itself connected" : undefined;
  };
  return {
    saw: (target, by) => {
      seen.set(target.text, by);
    },
    how: async (target) => {
      if (target.pod?.open.includes(target.port)) return "its readiness probe succeeds";
      const known = seen.get(target.text);
      if (known !== undefined) return known;
      const control = tried.get(target.text) ?? tryOnce(target);
      tried.set(target.text, control);
      return (await control) ?? seen.get(target.text);
    },
  };
}

function opens({ ip, port }: Target, seconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectHere({ host: ip, port, timeout: seconds * 1000, ...(signal && { signal }) });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket
      .once("connect", () => end(true))
      .once("timeout", () => end(false))
      .once("error", () => end(false));
  });
}
