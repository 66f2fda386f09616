import { type Dispenser, nextArg, remainingArgs } from "../dispenser.ts";
import { refuse } from "../refusal.ts";
import { args, durationOrSeconds, each, following, oneOf, options, type Setup } from "./arguments.ts";

/** route53, azure and clouddns: zones in their own forms, and credentials, which are not tried. */
function cloud(parts: number, usage: string, own: Record<string, (c: Dispenser) => void>): Setup {
  return (c, context) =>
    each(c, () => {
      const seen = new Set<string>();
      for (const zone of remainingArgs(c)) {
        const split = zone.text.split(":");
        const fields = [...split.slice(0, parts - 1), split.slice(parts - 1).join(":")];
        if (split.length < parts || fields.includes(""))
          refuse(c, `"${zone.text}" is not a zone of ${c.plugin}`, `write ${usage}`, zone);
        if (seen.has(zone.text))
          refuse(c, `the zone "${zone.text}" stands twice`, "keep one of the two", zone);
        seen.add(zone.text);
      }
      options(c, context, {
        ...Object.fromEntries(Object.entries(own).map(([name, read]) => [name, () => read(c)])),
        fallthrough: () => remainingArgs(c),
        refresh: () => {
          const token = following(c, "refresh DURATION");
          if (durationOrSeconds(c, token) <= 0)
            refuse(c, `"${token.text}" is not a duration above 0`, 'write "30" or "1m"', token);
        },
      });
    });
}

const value = (c: Dispenser) => {
  following(c, "the option with a value");
};

export const route53 = cloud(2, "ZONE:HOSTED_ZONE_ID", {
  aws_access_key: (c) => args(c, "aws_access_key ID SECRET", 2),
  aws_endpoint: value,
  upstream: remainingArgs,
  credentials: (c) => {
    value(c);
    nextArg(c);
  },
});

const AZURE_CLOUDS =
  "AZURECLOUD AZUREPUBLICCLOUD AZURECHINACLOUD AZUREGERMANCLOUD AZUREUSGOVERNMENT AZUREUSGOVERNMENTCLOUD AZURESTACKCLOUD".split(
    " ",
  );

export const azure = cloud(2, "RESOURCE_GROUP:ZONE", {
  subscription: value,
  tenant: value,
  client: value,
  secret: value,
  environment: (c) => {
    const name = following(c, "environment NAME");
    oneOf(c, { ...name, text: name.text.toUpperCase() }, AZURE_CLOUDS);
  },
  access: (c) => oneOf(c, following(c, "access public|private"), ["public", "private"]),
});

export const clouddns = cloud(3, "ZONE:PROJECT:HOSTED_ZONE", {
  upstream: remainingArgs,
  credentials: value,
  endpoint: value,
});
