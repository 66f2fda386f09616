/**
 * Where our migration and Kubernetes' corefile-migration v1.0.36 give different files, by class, and why ours is the better one. Every
 * class is seen in the suite; a difference outside of its class fails.
 */
export const DIFFERENCES: Readonly<Record<string, string>> = {
  least_conn:
    "theirs turns policy least_conn into force_tcp; ours takes it away, with a warning (forward then picks at random)",
  "policy first":
    "theirs keeps policy first, with which forward does not start; sequential is its newer name",
  force_tcp:
    "theirs drops protocol dns force_tcp (it looks for force_tcp as the first argument); ours keeps it as force_tcp",
  grpc: "theirs drops protocol grpc and asks port 443 in plain DNS; ours writes the plugin grpc",
  "max_fails 0": "theirs drops max_fails 0; it means in forward what it meant in proxy, never down",
  https_google: "theirs drops the protocol, so that queries leave in plain text; ours refuses",
  "too many": "theirs keeps more than 15 upstreams, with which forward does not start; ours refuses",
  "adjacent stubs":
    "theirs leaves every second stub domain in the block (two forwards in one block before 1.10), or panics at the end of a block; ours moves all",
  keys: "theirs fails for stub domains of a block that is not for the root; ours moves them to a block of their own, below these keys",
  "kept together":
    "theirs gives the stub domain a block of its own, past hosts, or takes the cluster's zone from kubernetes; ours keeps the lines in one block (longest zone first) since 1.10.0 and refuses before",
  alone: "theirs splits off the only forward of a block; nothing asks for that, and ours leaves it",
  "transfer zones": "theirs serves zone transfers of the first zone of kubernetes only; ours of all",
  "kubernetes without zones":
    "theirs panics at 1.8.0 for a kubernetes without zones; the block's zones are meant, for its transfer too",
  federation:
    "theirs keeps a plugin with which CoreDNS does not start since 1.7.0; ours refuses, unless told to drop it",
  reverse: "theirs keeps a plugin with which CoreDNS does not start since 1.2.0; ours refuses",
  file: "theirs knows no file, auto and secondary: upstream, no_reload, the period of directory and transfer stay, with which CoreDNS does not start; ours writes today's words",
  header:
    "theirs keeps rules without a selector, with which CoreDNS does not start since 1.12.4; ours makes them rules for answers, as they were",
  quotes: 'theirs drops the quotes of words without inner blanks, so that "a#b" becomes a',
  "empty block": "theirs prints an empty block without braces, which merges with the next; ours leaves it",
  snippet:
    "theirs takes a snippet for a server block and adds loop to it; ours adds it to the block that imports the snippet",
  "ignored in 1.4.0":
    "theirs keeps upstream until 1.5.0; its addresses mean nothing since 1.4.0, and ours says so and takes it away",
};
