import { keyOf } from "../docker-config/keyring.ts";

/** What is wrong with a part of an intent, and what to write. */
export interface LoginProblem {
  readonly message: string;
  readonly hint: string;
}

/** Why no image would ever be pulled with a credential for this server. */
export function serverProblem(server: string): LoginProblem | undefined {
  const hint = "write the registry as images name it, with its port: registry.example.com:5000";
  if (server === "") return { message: "there is no server", hint };
  const shown = JSON.stringify(server.slice(0, 100));
  const key = keyOf(server);
  if (key === undefined || key === "" || /[\s@?#]/.test(server) || /^\//.test(key))
    return { message: `${shown} is no registry that kubelet can read`, hint };
  if (/^[^/]+\/v[12]$/.test(key))
    return { message: `kubelet takes the end of ${shown} for the path of images`, hint: `write ${server}/` };
  return undefined;
}

/** Why a user name cannot be written into a Docker configuration. The name itself is not in the text. */
export function usernameProblem(username: string): LoginProblem | undefined {
  if (username === "")
    return { message: "the user name is empty", hint: "write the name of the account that pulls" };
  if (username.includes(":"))
    return {
      message: "the user name holds a colon, where what reads the Secret ends it: another user would log in",
      hint: "use an account whose name has no colon",
    };
  if (!username.isWellFormed())
    return { message: "the user name holds half of a character", hint: "remove it" };
  return undefined;
}
