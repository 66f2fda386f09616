import { type Fields, fieldsOf, has, listOf, numberOf, textOf } from "./fields.ts";
import { checkVolumePath } from "./paths.ts";
import { missing, quoted, type Report } from "./report.ts";
import { checkDownwardFile, checkKeyToPath, checkMode } from "./volume-file.ts";

const SOURCES = [
  "secret",
  "configMap",
  "downwardAPI",
  "serviceAccountToken",
  "clusterTrustBundle",
  "podCertificate",
];
const SHORTEST_TOKEN = 600;
const LONGEST_TOKEN = 2 ** 32;

/** Reports what the API server refuses in a `projected` volume. */
export function checkProjection(projection: Fields, path: string, report: Report): void {
  checkMode(projection, "defaultMode", path, report);
  const paths = new Set<string>();
  const note = (file: string, where: string) => {
    if (file === "") return;
    if (paths.has(file))
      report(path, `two sources write the file ${quoted(file)}`, "give each file its own path", { where });
    paths.add(file);
  };
  listOf(projection, "sources").forEach((source, i) => {
    const at = `${path}.sources[${i}]`;
    for (const kind of ["secret", "configMap"]) {
      const from = fieldsOf(source, kind);
      if (!from) continue;
      if (textOf(from, "name") === "") missing(report, `${at}.${kind}.name`, "write the object's name");
      listOf(from, "items").forEach((item, j) => {
        checkKeyToPath(item, `${at}.${kind}.items[${j}]`, report);
        note(textOf(item, "path"), `${at}.${kind}.items[${j}].path`);
      });
    }
    for (const file of listOf(fieldsOf(source, "downwardAPI") ?? {}, "items")) {
      checkDownwardFile(file, `${at}.downwardAPI`, report);
      note(textOf(file, "path"), `${at}.downwardAPI`);
    }
    const token = fieldsOf(source, "serviceAccountToken");
    if (token) checkToken(token, path, `${at}.serviceAccountToken`, report);
    const given = SOURCES.filter((kind) => has(source, kind));
    if (given.length > 1)
      report(at, `each source takes one of ${given.join(" and ")}`, "write each into an entry of its own");
  });
}

/** The server names a wrong path as if it were one of the projection itself. */
function checkToken(token: Fields, projection: string, path: string, report: Report): void {
  const seconds = numberOf(token, "expirationSeconds") ?? 3600;
  if (seconds < SHORTEST_TOKEN || seconds > LONGEST_TOKEN)
    report(
      `${path}.expirationSeconds`,
      `a token lives ${SHORTEST_TOKEN} to ${LONGEST_TOKEN} seconds, not ${seconds}`,
      "write 600 or more",
    );
  const file = textOf(token, "path");
  const at = `${projection}.path`;
  if (file === "") missing(report, at, "write the token's path in the volume", path);
  else checkVolumePath(file, at, (p, message, hint) => report(p, message, hint, { where: `${path}.path` }));
}
