import { createSocket } from "node:dgram";

/** A resource record as it was sent, in the text of a zone file; names in lower case. */
export interface WireRecord {
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  readonly data: string;
}

/** A reply; `undefined` rcode: none came in time. */
export interface WireReply {
  readonly rcode?: string;
  readonly answer: readonly WireRecord[];
  readonly additional: readonly WireRecord[];
}

const TYPES: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  DNAME: 39,
  OPT: 41,
  HTTPS: 65,
  ANY: 255,
};
const NAMES = new Map(Object.entries(TYPES).map(([name, code]) => [code, name]));
const RCODES = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];

export interface DnsClient {
  readonly ask: (name: string, type: string, timeoutMs?: number) => Promise<WireReply>;
  readonly close: () => void;
}

/** Asks a server on 127.0.0.1 over UDP, with room for 4096 octets (EDNS0). A name with a label of 64 octets cannot be sent. */
export function dnsClient(port: number): DnsClient {
  const socket = createSocket("udp4");
  const waiting = new Map<number, (message: Buffer) => void>();
  socket.on("message", (message) => waiting.get(message.readUInt16BE(0))?.(message));
  let next = 1;
  return {
    ask: (name, type, timeoutMs = 5000) =>
      new Promise((resolve) => {
        const id = next++ & 0xffff;
        const end = (reply: WireReply) => {
          clearTimeout(timer);
          waiting.delete(id);
          resolve(reply);
        };
        const timer = setTimeout(() => end({ answer: [], additional: [] }), timeoutMs);
        waiting.set(id, (message) => end(readReply(message)));
        socket.send(question(id, name, type), port, "127.0.0.1");
      }),
    close: () => socket.close(),
  };
}

function question(id: number, name: string, type: string): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(id, 0);
  head.writeUInt16BE(0x0100, 2); // recursion desired
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(1, 10);
  const labels = name
    .replace(/\.$/, "")
    .split(".")
    .filter((label) => label !== "");
  const coded = labels.map((label) =>
    Buffer.concat([Buffer.from([label.length]), Buffer.from(label, "latin1")]),
  );
  const end = Buffer.alloc(5);
  end.writeUInt16BE(TYPES[type]!, 1);
  end.writeUInt16BE(1, 3);
  const opt = Buffer.from([0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0]);
  return Buffer.concat([head, ...coded, end, opt]);
}

function readReply(message: Buffer): WireReply {
  let at = 12;
  const count = (offset: number) => message.readUInt16BE(offset);
  for (let i = 0; i < count(4); i++) at = readName(message, at).end + 4;
  const section = (records: number) =>
    Array.from({ length: records }, () => {
      const { name, end } = readName(message, at);
      const type = NAMES.get(message.readUInt16BE(end)) ?? `TYPE${message.readUInt16BE(end)}`;
      const size = message.readUInt16BE(end + 8);
      at = end + 10 + size;
      return { name, type, ttl: message.readUInt32BE(end + 4), data: dataOf(message, type, end + 10, size) };
    });
  const answer = section(count(6));
  section(count(8));
  const additional = section(count(10)).filter((record) => record.type !== "OPT");
  const rcode = message.readUInt16BE(2) & 15;
  return { rcode: RCODES[rcode] ?? String(rcode), answer, additional };
}

function dataOf(message: Buffer, type: string, at: number, size: number): string {
  const name = (offset: number) => readName(message, offset).name;
  const short = (offset: number) => message.readUInt16BE(at + offset);
  switch (type) {
    case "A":
      return [...message.subarray(at, at + 4)].join(".");
    case "AAAA": {
      const groups = Array.from({ length: 8 }, (_, i) => short(2 * i).toString(16));
      return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
    }
    case "CNAME":
    case "NS":
    case "PTR":
    case "DNAME":
      return name(at);
    case "MX":
      return `${short(0)} ${name(at + 2)}`;
    case "SRV":
      return `${short(0)} ${short(2)} ${short(4)} ${name(at + 6)}`;
    case "SOA": {
      const mbox = readName(message, readName(message, at).end);
      const numbers = Array.from({ length: 5 }, (_, i) => message.readUInt32BE(mbox.end + 4 * i));
      return [name(at), mbox.name, ...numbers].join(" ");
    }
    case "TXT":
    case "HINFO": {
      const words: string[] = [];
      for (let i = at; i < at + size; i += 1 + message[i]!)
        words.push(`"${message.toString("latin1", i + 1, i + 1 + message[i]!)}"`);
      return words.join(" ");
    }
    default:
      return message.toString("hex", at, at + size);
  }
}

/** Reads a name, with the jumps of compression; `end` is behind it. */
function readName(message: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let end: number | undefined;
  for (let at = start, jumps = 0; jumps < 50; ) {
    const length = message[at]!;
    if (length >= 192) {
      end ??= at + 2;
      at = message.readUInt16BE(at) & 0x3fff;
      jumps++;
    } else if (length === 0) return { name: `${labels.join(".")}.`, end: end ?? at + 1 };
    else {
      labels.push(message.toString("latin1", at + 1, at + 1 + length).toLowerCase());
      at += 1 + length;
    }
  }
  throw new Error("a name jumps in a circle");
}
