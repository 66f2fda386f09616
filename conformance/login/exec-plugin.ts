/**
 * A credential plugin as a kubeconfig names it: `node exec-plugin.ts ISSUER CLIENT PORT CACHE_FOLDER CA_FILE`. Its person is
 * no person but a form sender, who logs in as `ASHLAR_TEST_USER` and leaves a line in `ASHLAR_TEST_LOGINS` for every login.
 */
import { appendFile, readFile } from "node:fs/promises";
import { execCredential, LiveError } from "@ashlar/iam/live";
import { formBrowser, logIn } from "./form-browser.ts";

const [issuer, clientId, port, cacheFolder, caFile] = process.argv.slice(2);
const { ASHLAR_TEST_USER: user, ASHLAR_TEST_PASSWORD: password, ASHLAR_TEST_LOGINS: logins } = process.env;
if (!issuer || !clientId || !cacheFolder || !caFile || !user || !password || !logins)
  throw new Error("usage: see the head of this file");

const certificateAuthority = await readFile(caFile, "utf8");
try {
  const credential = await execCredential({
    issuer,
    clientId,
    cacheFolder,
    certificateAuthority,
    listen: Number(port),
    timeoutSeconds: 60,
    openBrowser: async (url) => {
      await appendFile(logins, `${user}\n`);
      await logIn(formBrowser(certificateAuthority), url, user, password);
    },
  });
  console.log(JSON.stringify(credential));
} catch (error) {
  if (!(error instanceof LiveError)) throw error;
  console.error(`${error.code}: ${error.message}\n  ${error.hint}`);
  process.exitCode = 1;
}
