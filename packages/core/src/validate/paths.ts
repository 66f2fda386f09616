import { quoted, type Report } from "./report.ts";

/** Reports a path that climbs up with `..`. */
export function checkPathWithin(path: string, at: string, report: Report, where = at): void {
  if (path.split("/").includes(".."))
    report(at, `${quoted(path)} must not contain ".."`, "write the path without ..", { where });
}

/** Reports a path that leaves its folder: absolute, or with `..` in it. */
export function checkRelativePath(path: string, at: string, report: Report, where = at): void {
  if (path.startsWith("/"))
    report(at, `${quoted(path)} must be a relative path`, "remove the / at the front", { where });
  checkPathWithin(path, at, report, where);
}

/** Reports a file's path in a volume that leaves it, or begins like the kubelet's own files. */
export function checkVolumePath(path: string, at: string, report: Report): void {
  checkRelativePath(path, at, report);
  if (path.startsWith("..") && !path.startsWith("../") && path !== "..")
    report(at, `${quoted(path)} must not start with ".."`, "write a name without dots at the front");
}
