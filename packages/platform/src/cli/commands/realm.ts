import type { Command } from "../command.ts";
import { FORMAT } from "../command.ts";
import { printJson } from "../output.ts";
import { planRealms, REALM_OPTIONS, secretOfEnvironment, withLive } from "../realms.ts";

const INPUT = `The input is a platform file with realms, or realms as JSON. Only what the files say is compared: what Keycloak adds
by itself, what others made, and users are left alone. Secrets in the files are \${NAME}, filled from the environment;
none is printed.`;

export const realmDiffCommand: Command = {
  name: "realm diff",
  usage: "ashlar realm diff [PLATFORM | REALM.json...] --client-id ID --client-secret-env NAME [options]",
  summary: "compare realms with a running Keycloak",
  details: `${INPUT}

  ashlar realm diff platform.ts --client-id ashlar --client-secret-env KEYCLOAK_SECRET

Exit code: 0 no difference, 1 differences, 2 could not compare.`,
  options: [...REALM_OPTIONS, FORMAT],
  run: (args, io) =>
    withLive(async (live) => {
      const { plans } = await planRealms(args, io, live);
      if (args.get("format") === "json") printJson(io, plans);
      else for (const plan of plans) io.out(`${live.formatRealmPlan(plan)}\n`);
      return plans.some(({ changes }) => changes.length > 0) ? 1 : 0;
    }),
};

export const realmApplyCommand: Command = {
  name: "realm apply",
  usage:
    "ashlar realm apply [PLATFORM | REALM.json...] --client-id ID --client-secret-env NAME [--yes] [options]",
  summary: "make a running Keycloak's realms what the files say",
  details: `${INPUT}

Without --yes it prints what it would do, as realm diff does, and changes nothing. A run that was cut off can be
repeated; a realm that somebody changed in between is refused.

Exit code: 0 done or nothing to do, 1 changes are left to make, 2 could not.`,
  options: [...REALM_OPTIONS, { name: "yes", help: "make the changes" }],
  run: (args, io) =>
    withLive(async (live) => {
      const { connection, plans } = await planRealms(args, io, live);
      for (const plan of plans) io.out(`${live.formatRealmPlan(plan)}\n`);
      if (!args.has("yes")) return plans.some(({ changes }) => changes.length > 0) ? 1 : 0;
      for (const plan of plans)
        await live.applyRealm(connection, plan, {
          secret: secretOfEnvironment,
          onEvent: ({ phase, number, of }) => {
            if (phase === "done") io.err(`realm ${plan.realm}: ${number} of ${of} done\n`);
          },
        });
      return 0;
    }),
};
