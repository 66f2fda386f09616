/** What a client allows. */
export const ALLOWED_URIS: readonly string[] = [
  "http://localhost:8000",
  "https://a.example.test/cb",
  "https://b.example.test/*",
  "https://c.example.test/x?y=*",
  "https://d.example.test/a*b",
];

/** Where logins ask to come back to: what is allowed, and what looks like it. */
export const ASKED_URIS: readonly string[] = [
  ...ALLOWED_URIS,
  "http://localhost:8000/",
  "http://localhost:18000",
  "http://LOCALHOST:8000",
  "https://a.example.test/cb/",
  "https://a.example.test/cb?x=1",
  "https://A.example.test/cb",
  "https://a.example.test/CB",
  "https://b.example.test",
  "https://b.example.test/",
  "https://b.example.test/x/y?z=1",
  "https://b.example.test.evil.test/",
  "https://c.example.test/x?y=1",
  "https://d.example.test/axb",
  "http://127.0.0.1:8000",
];
