import { isPortName } from "../names.ts";
import { type Fields, numberOf, textOf } from "./fields.ts";
import { checkRange, quoted, type Report } from "./report.ts";

export const PROTOCOLS: readonly string[] = ["SCTP", "TCP", "UDP"];

/** Reports a number that is no port. */
export function checkPortNumber(port: number, path: string, report: Report): void {
  checkRange(port, 1, 65535, path, report);
}

/** Reports what cannot be the name of a container's port (IANA service name). */
export function checkPortName(name: string, path: string, report: Report): void {
  if (isPortName(name)) return;
  const isNumber = /^[0-9]{1,5}$/.test(name);
  report(
    path,
    `${quoted(name)} is not a port name: expected at most 15 of a-z, 0-9 and '-', with a letter, no "--", no '-' at an end`,
    isNumber ? `write ${name} without quotes: a string is the name of a port` : "write a name like http",
  );
}

/** Reports a field that is neither the number nor the name of a port; absent it is port 0. */
export function checkPortNumberOrName(object: Fields, field: string, path: string, report: Report): void {
  if (typeof object[field] === "string") checkPortName(textOf(object, field), `${path}.${field}`, report);
  else checkPortNumber(numberOf(object, field) ?? 0, `${path}.${field}`, report);
}
