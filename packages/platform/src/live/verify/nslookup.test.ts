import { expect, test } from "vitest";
import { judgeLookup } from "./dns.ts";
import { readNslookup, searchedNames } from "./nslookup.ts";

const BIND = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\n";
const BUSYBOX = "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n";
const OLD = "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n";

test.each([
  [
    "bind",
    `${BIND}Name:\tweb.test\nAddress: 10.1.2.3\nName:\tweb.test\nAddress: fd00::17\n\n`,
    "answer",
    ["10.1.2.3", "fd00::17"],
    [],
  ],
  [
    "bind, an alias",
    `${BIND}Non-authoritative answer:\nmy.db.dev.svc.cluster.local\tcanonical name = DB.example.test.\nName:\tDB.example.test\nAddress: 192.0.2.7\n\n`,
    "answer",
    ["192.0.2.7"],
    ["db.example.test"],
  ],
  ["bind, no name", `${BIND}** server can't find gone.test: NXDOMAIN\n\n`, "nxdomain", [], []],
  ["bind, no address", `${BIND}*** Can't find text.test: No answer\n\n`, "nodata", [], []],
  [
    "bind, a failure",
    `;; Got SERVFAIL reply from 10.96.0.10\n${BIND}** server can't find x.test: SERVFAIL\n\n`,
    "failed",
    [],
    [],
  ],
  [
    "bind, silence",
    ";; communications error to 10.96.0.10#53: timed out\n;; no servers could be reached\n",
    "silent",
    [],
    [],
  ],
  ["busybox", `${BUSYBOX}Name:\tweb.test\nAddress: 10.1.2.3\n\n\n`, "answer", ["10.1.2.3"], []],
  [
    "busybox, no address of IPv6",
    `${BUSYBOX}Non-authoritative answer:\nName:\tweb.test\nAddress: 10.1.2.3\n\n*** Can't find web.test: No answer\n\n`,
    "answer",
    ["10.1.2.3"],
    [],
  ],
  [
    "busybox, no name",
    `${BUSYBOX}** server can't find gone.test: NXDOMAIN\n\n** server can't find gone.test: NXDOMAIN\n\n`,
    "nxdomain",
    [],
    [],
  ],
  ["busybox, no address", `${BUSYBOX}\n\n`, "nodata", [], []],
  [
    "busybox, silence",
    "nslookup: write to '10.96.0.10': Connection refused\n;; connection timed out; no servers could be reached\n",
    "silent",
    [],
    [],
  ],
  ["an old busybox", `${OLD}Name:      web.test\nAddress 1: 10.1.2.3 web.test\n`, "answer", ["10.1.2.3"], []],
  ["an old busybox, no name", `${OLD}nslookup: can't resolve 'gone.test'\n`, "nxdomain", [], []],
  ["words that are not known", "segmentation fault\n", "unreadable", [], []],
] as const)("%s", (_, output, status, addresses, aliases) => {
  expect(readNslookup(output)).toMatchObject({ status, addresses, aliases });
});

test("the address of the nameserver is no answer", () => {
  expect(readNslookup(BIND).addresses).toEqual([]);
  expect(readNslookup(`${BUSYBOX}Name:\tx\nAddress: 10.96.0.10\n`).addresses).toEqual(["10.96.0.10"]);
});

const POD =
  "nameserver 10.96.0.10\nsearch dev.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n";

test.each([
  [
    "my.db",
    POD,
    ["my.db.dev.svc.cluster.local.", "my.db.svc.cluster.local.", "my.db.cluster.local.", "my.db."],
  ],
  ["my.db.", POD, ["my.db."]],
  [
    "a.b.c.d.e.f",
    POD,
    [
      "a.b.c.d.e.f.",
      "a.b.c.d.e.f.dev.svc.cluster.local.",
      "a.b.c.d.e.f.svc.cluster.local.",
      "a.b.c.d.e.f.cluster.local.",
    ],
  ],
  ["my.db", "nameserver 8.8.8.8\n", ["my.db."]],
  ["db", "search a.test\nsearch b.test\n", ["db.b.test.", "db."]],
  ["db", "domain a.test\n", ["db.a.test.", "db."]],
  ["my.db", "search a.test\noptions edns0 ndots:1\n", ["my.db.", "my.db.a.test."]],
])("%s is searched for", (name, file, expected) => {
  expect(searchedNames(name, file)).toEqual(expected);
});

const seen = (body: string, header = BIND) => readNslookup(`${header}${body}`);
const ONE = seen("x\tcanonical name = db.test.\nName:\tdb.test\nAddress: 10.0.0.1\n");

test.each([
  [{ expect: "resolves" }, ONE, "held"],
  [{ expect: "to", target: "10.0.0.1" }, ONE, "held"],
  [{ expect: "to", target: "10.0.0.2" }, ONE, "broken"],
  [{ expect: "to", target: "DB.test" }, ONE, "held"],
  [{ expect: "to", target: "web.test" }, ONE, "broken"],
  [{ expect: "nothing" }, ONE, "broken"],
  [{ expect: "nothing" }, seen("** server can't find x: NXDOMAIN\n"), "held"],
  [{ expect: "nothing" }, seen("** server can't find x: SERVFAIL\n"), "unknown"],
  [{ expect: "resolves" }, seen("** server can't find x: SERVFAIL\n"), "broken"],
  [{ expect: "resolves" }, readNslookup(";; no servers could be reached\n"), "unknown"],
  [{ expect: "to", target: "fd00:0::1" }, seen("Name:\tx\nAddress: fd00::1\n"), "held"],
  // An old busybox shows addresses alone.
  [{ expect: "to", target: "db.test" }, seen("Name:      x\nAddress 1: 10.0.0.1 db.test\n", OLD), "unknown"],
] as const)("%o of %o is %s", (claim, lookup, outcome) => {
  expect(judgeLookup(claim, lookup, "nslookup").outcome).toBe(outcome);
});
