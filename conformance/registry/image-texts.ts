import { type Random, randomFrom } from "../policies/random.ts";

const HEX = "0123456789abcdef";
const HOSTS = (
  "docker.io index.docker.io localhost localhost:5000 registry.k8s.strix.kr registry.example.test:5000 Registry REG:80 " +
  "127.0.0.1 127.0.0.1:5000 [::1] [::1]:5000 [fe80::1%25en0]:80 [1.2.3.4] -a.test a-.test a..test a.test. .test a_b.test " +
  "a.test: a.test:x a.test:99999 a:b a.test:1:2 ex%61mple.test exämple.test Docker.io registry-1.docker.io"
).split(" ");
const PARTS =
  "a b api library library- team_x team__x team___x a--b a.b a..b -a a- .a a. A aA _a a_ 0 00 a@b a:b é a%20b a\\b x".split(
    " ",
  );
const TAGS = "1 latest 1.2 v1.2-rc_3 _x .x -x a.b. A/b é 1+1"
  .split(" ")
  .concat("", " ", "x".repeat(128), "x".repeat(129));
const ALGORITHMS = "sha256 sha384 sha512 sha1 SHA256 sha256+b64 sha_256 md5 multihash 1a".split(" ");

/** Texts that are images, almost images, and nothing of the kind; all different. */
export function imageTexts(count: number): string[] {
  const random = randomFrom(20261123);
  const texts = new Set<string>([
    "",
    " ",
    "/",
    ":",
    "@",
    "a/",
    "/a",
    "a//b",
    hex(random, 64),
    hex(random, 63),
  ]);
  for (const length of [255, 256, 247, 248])
    for (const before of ["", "docker.io/", "a.test/", "x/"]) texts.add(before + "a".repeat(length));
  while (texts.size < count) {
    const text = oneText(random);
    texts.add(random.chance(0.12) ? spoiled(text, random) : text);
  }
  return [...texts];
}

function oneText(random: Random): string {
  const odd = random.chance(0.35);
  const part = () => random.pick(odd ? PARTS : PARTS.slice(0, 9));
  const parts = Array.from({ length: 1 + random.below(3) }, part);
  const host = random.chance(0.6) ? `${random.pick(odd ? HOSTS : HOSTS.slice(0, 12))}/` : "";
  const tag = random.chance(0.5) ? `:${random.pick(odd ? TAGS : TAGS.slice(0, 4))}` : "";
  return `${host}${parts.join("/")}${tag}${random.chance(0.3) ? `@${digest(random, odd)}` : ""}`;
}

function digest(random: Random, odd: boolean): string {
  const algorithm = odd ? random.pick(ALGORITHMS) : random.pick(["sha256", "sha512"]);
  const right = { sha384: 96, sha512: 128 }[algorithm] ?? 64;
  const digits = hex(random, odd && random.chance(0.4) ? random.pick([31, 32, 40, 63, 65, 96, 128]) : right);
  return `${algorithm}:${odd && random.chance(0.2) ? digits.toUpperCase() : digits}`;
}

function hex(random: Random, length: number): string {
  return Array.from({ length }, () => HEX[random.below(16)]).join("");
}

function spoiled(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const odd = random.pick([
    " ",
    "\n",
    "\t",
    "A",
    ":",
    "@",
    "/",
    "%",
    "[",
    "]",
    "\u0000",
    "\u00a0",
    "İ",
    "🎉",
    "#",
    "?",
  ]);
  return text.slice(0, at) + odd + text.slice(at + random.below(2));
}
