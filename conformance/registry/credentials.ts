import { randomFrom } from "../policies/random.ts";

/** What `kubectl create secret docker-registry` is given. */
export interface Login {
  readonly server?: string;
  readonly username: string;
  readonly password: string;
  readonly email?: string;
}

const PIECES = [
  ..."abcXYZ019", " ", "  ", "\t", "\n", "\r\n", "\u0001", "\b", "\f", "\u001f", "\u007f", "\u0080", "<", ">", "&", "'", '"', "\\", "/",
  "=", "+", ",", ";", "%", "$", "$(id)", "`", "{", "}", "--", "-", "@", "#", "é", "ß", "✓", "日本", "🎉", "\u2028", "\u2029", "\ufeff",
  "\ufffd", "\uffff", "\u{10ffff}", "\u0300", "\\u003c", "\\n", "%00", "&lt;",
]; // biome-ignore format: a line each would be a page
const SERVERS = [
  undefined,
  "registry.k8s.strix.kr",
  "registry.example.test:5000",
  "https://registry.example.test/v2/",
  "https://index.docker.io/v1/",
  "*.example.test",
  "example.test/team/a&b",
  "[::1]:5000",
  "exämple.test",
];

/** Logins that kubectl takes: no argument holds a NUL, nothing is empty, no user name has a colon. */
export function hostileLogins(count: number): Login[] {
  const random = randomFrom(7);
  const text = () => Array.from({ length: 1 + random.below(12) }, () => random.pick(PIECES)).join("");
  return Array.from({ length: count }, (): Login => {
    const server = random.pick(SERVERS);
    const colon = random.chance(0.3) ? ":" : "";
    return {
      ...(server !== undefined && { server }),
      username: text(),
      password: `${text()}${colon}${random.chance(0.5) ? text() : ""}`,
      ...(random.chance(0.5) && { email: random.chance(0.1) ? "" : text() }),
    };
  });
}
