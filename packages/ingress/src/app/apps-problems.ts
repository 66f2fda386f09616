import type { IntentProblem } from "@ashlar/core";
import { suggest } from "@ashlar/core";
import { type ProxyPlaces, proxyProblems, settingsProblems } from "../auth-proxy/proxy-problems.ts";
import { type CompiledApp, compileApps } from "./compile.ts";
import { edgeProblems, exposureProblems, sharingProblems } from "./edge-problems.ts";
import type { AppsIntent } from "./intent.ts";
import { shown, unknownWord } from "./words.ts";

const PLACES: ProxyPlaces = {
  groups: "login",
  pods: ["bypass"],
  apiServer: ["bypass"],
  podsHint: "give the labels of its pods in services",
};

/** All that is wrong with an intent whose shape is right. */
export function appsProblems(intent: AppsIntent): IntentProblem[] {
  const compiled = compileApps(intent);
  const read = new Set(compiled.map(({ name }) => name));
  const unread = Object.entries(intent.apps).filter(([name]) => !read.has(name));
  const under = (prefix: readonly PropertyKey[], found: readonly IntentProblem[]) =>
    found.map((problem) => ({ ...problem, path: [...prefix, ...problem.path] }));
  return [
    ...edgeProblems(intent),
    ...(intent.auth ? under(["auth"], settingsProblems(intent.auth)) : []),
    ...serviceProblems(intent),
    ...unread.map(([name, { to }]) => ({
      path: ["apps", name, "to"],
      message: `${shown(to)} is no Service`,
      hint: "write SERVICE.NAMESPACE:PORT, with https:// before it where that speaks TLS",
    })),
    ...compiled.flatMap((one) => under(["apps", one.name], appProblems(one, intent))),
    ...sharingProblems(
      compiled.map(({ exposure }) => exposure),
      intent,
    ).flatMap(({ index, problem }) => under(["apps", compiled[index]!.name], [problem])),
    ...aroundProblems(compiled).flatMap(({ name, problem }) => under(["apps", name], [problem])),
  ];
}

function appProblems(
  { name, app, target, exposure, proxy }: CompiledApp,
  intent: AppsIntent,
): IntentProblem[] {
  const problems = [
    ...exposureProblems(exposure, intent),
    ...unknownWord(["to"], "namespace", target.namespace, intent.namespaces),
    ...portProblems(target.namespace, target.service, target.port, intent),
  ];
  if (app.login === false) return [...problems, ...withoutLogin(app)];
  const words = app.login === "any" ? [] : app.login;
  problems.push(...words.flatMap((group, i) => unknownWord(["login", i], "group", group, intent.groups)));
  if (proxy === undefined)
    problems.push({
      path: ["login"],
      message: `${name} demands a login, and nobody says where users log in`,
      hint: "write auth: { issuer, clientId, trustedProxies, apiServer } beside apps",
    });
  else problems.push(...proxyProblems(proxy, PLACES));
  if (app.path !== "/")
    problems.push({
      path: ["path"],
      message: "a login is for a whole host: its proxy has pages of its own there",
      hint: "leave path out, or give it a host",
    });
  if (app.tls === false)
    problems.push({
      path: ["tls"],
      message: "logins over http can be read by others",
      hint: "leave tls out",
    });
  if (!app.redirect)
    problems.push({
      path: ["redirect"],
      message: "logins over http can be read by others",
      hint: "leave redirect out",
    });
  return problems;
}

/** Fields that mean something behind a login only. */
function withoutLogin(app: CompiledApp["app"]): IntentProblem[] {
  const set = (["passToken", "bypass", "clientId", "clientSecret"] as const).filter(
    (key) => app[key] !== undefined && app[key] !== false,
  );
  return set.map((key) => ({
    path: [key],
    message: `${key} is of a login, and the app has none`,
    hint: "write login, or leave it out",
  }));
}

function portProblems(
  namespace: string,
  service: string,
  port: number,
  { services }: AppsIntent,
): IntentProblem[] {
  const key = `${namespace}/${service}`;
  const ports = Object.hasOwn(services, key) ? services[key]?.ports : undefined;
  if (ports === undefined || ports.includes(port)) return [];
  return [
    {
      path: ["to"],
      message: `Service ${key} has no port ${port}`,
      hint: suggest(
        `${port}`,
        ports.map((known) => `${known}`),
      ),
    },
  ];
}

function serviceProblems({ services }: AppsIntent): IntentProblem[] {
  return Object.keys(services)
    .filter((key) => !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\/[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(key))
    .map((key) => ({
      path: ["services", key],
      message: `${shown(key)} is no Service`,
      hint: "write NAMESPACE/SERVICE",
    }));
}

/** A Service behind a login whose pods another app serves without one: the policy would cut that app off. */
function aroundProblems(compiled: readonly CompiledApp[]): { name: string; problem: IntentProblem }[] {
  const guarded = new Map(
    compiled
      .filter(({ proxy }) => proxy !== undefined && !proxy.bypass)
      .map(({ target, name }) => [`${target.namespace}/${target.service}`, name]),
  );
  return compiled.flatMap(({ name, target, proxy }) => {
    const other = guarded.get(`${target.namespace}/${target.service}`);
    if (proxy !== undefined || other === undefined) return [];
    const message = `${target.namespace}/${target.service} stands behind the login of ${other}, which admits nobody else`;
    return [
      {
        name,
        problem: { path: ["login"], message, hint: `give it a login too, or write bypass: true in ${other}` },
      },
    ];
  });
}
