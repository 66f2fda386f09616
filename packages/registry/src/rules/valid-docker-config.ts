import { type Finding, findingAbout, formatRef, type Inventory, type Rule } from "@ashlar/core";
import type { DockerCredential } from "../docker-config/read-docker-config.ts";
import { serverProblem } from "../pull-secret/login-problems.ts";
import type { KnownSecret, SecretContent } from "../pulls/model.ts";
import { setPulls } from "./set-pulls.ts";

const CODE = "registry/valid-docker-config";
const WRITE = "write it with pullSecret, or with kubectl create secret docker-registry";

/** A Secret for pulling images from which kubelet reads nothing, or something else than was meant. No value of it is printed. */
export const validDockerConfig: Rule = {
  code: CODE,
  check: (inventory) =>
    setPulls(inventory).secrets.flatMap((secret) =>
      problemsOf(secret.content).map((problem) => finding(inventory, secret, problem)),
    ),
};

type Problem = Pick<Finding, "severity" | "message" | "hint">;

function problemsOf(content: SecretContent): Problem[] {
  if (content.state === "broken") {
    // What is no JSON the server refuses: core/valid-value.
    if (content.reason === "it is no JSON") return [];
    const where = content.server === undefined ? "" : `, for ${shown(content.server)}`;
    return [
      {
        severity: "error",
        message: `kubelet cannot read it, and pulls nothing for a pod that names it: ${content.reason}${where}`,
        hint: WRITE,
      },
    ];
  }
  if (content.state !== "read") return [];
  if (content.credentials.length === 0)
    return [
      {
        severity: "warning",
        message: 'kubelet reads no login from it: there is nothing below "auths"',
        hint: 'write {"auths":{"registry.example.com":{"auth":"…"}}}; pullSecret makes it',
      },
    ];
  return content.credentials.flatMap(credentialProblems);
}

function credentialProblems({ server, username, password, contradicts }: DockerCredential): Problem[] {
  const problems: Problem[] = [];
  const add = (message: string, hint: string) => problems.push({ severity: "warning", message, hint });
  const wrong = serverProblem(server);
  if (wrong !== undefined) add(`its login is for no image: ${wrong.message}`, wrong.hint);
  if (username === "" && password === "")
    add(
      `there is neither auth nor username and password for ${shown(server)} (a login kept by credsStore is not in the file)`,
      WRITE,
    );
  else if (username === "" || password === "")
    add(`the ${username === "" ? "user name" : "password"} for ${shown(server)} is empty`, WRITE);
  if (contradicts)
    add(
      `auth for ${shown(server)} is of another user than username says, and auth wins`,
      "make both of one account; a user name with a colon cannot be written",
    );
  else if (username.includes(":"))
    add(
      `the user name for ${shown(server)} holds a colon: the registry takes what stands before it for the user`,
      "use an account whose name has no colon",
    );
  return problems;
}

function finding({ locate }: Inventory, { ref, resource }: KnownSecret, problem: Problem): Finding {
  const key = `.${String(resource.type).slice("kubernetes.io/".length)}`;
  const field = [resource.stringData, resource.data].findIndex(
    (keys) => typeof keys === "object" && keys !== null && key in keys,
  );
  return findingAbout(resource, locate, {
    ...problem,
    code: CODE,
    message: `${formatRef(ref)}: ${problem.message}`,
    path: `${field === 0 ? "stringData" : "data"}[${key}]`,
  });
}

function shown(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 99)}…` : text);
}
