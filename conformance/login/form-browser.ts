import { type IncomingMessage, request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";

/** A page as a browser without JavaScript has it. */
export interface Page {
  readonly url: string;
  readonly code: number;
  readonly text: string;
}

/** Opens pages and sends forms: keeps cookies, follows redirects, and runs no script. */
export interface FormBrowser {
  readonly open: (url: string) => Promise<Page>;
  /** Sends the page's only form with the hidden fields that it has, and these. */
  readonly submit: (page: Page, fields: Readonly<Record<string, string>>) => Promise<Page>;
}

const MOST_REDIRECTS = 12;

/**
 * @param ca PEM of the authority of the pages' servers, for https
 * @param stopsAt redirects to these are not followed: the page has their URL, and no text
 */
export function formBrowser(ca?: string, stopsAt?: (url: string) => boolean): FormBrowser {
  const jar = new Map<string, string>();
  const fetchPage = async (first: string, form?: URLSearchParams): Promise<Page> => {
    let url = first;
    let body = form?.toString();
    for (let step = 0; step < MOST_REDIRECTS; step++) {
      const { hostname } = new URL(url);
      const cookies = [...jar].filter(([key]) => key.startsWith(`${hostname} `)).map(([, pair]) => pair);
      const { response, text } = await send(url, body, cookies.join("; "), ca);
      for (const line of response.headers["set-cookie"] ?? []) {
        const [pair = ""] = line.split(";");
        jar.set(`${hostname} ${pair.split("=")[0]}`, pair);
      }
      const { location } = response.headers;
      if (location === undefined) return { url, code: response.statusCode ?? 0, text };
      url = new URL(location, url).href;
      if (stopsAt?.(url)) return { url, code: response.statusCode ?? 0, text: "" };
      body = undefined;
    }
    throw new Error(`more than ${MOST_REDIRECTS} redirects from ${new URL(first).origin}`);
  };
  return {
    open: (url) => fetchPage(url),
    submit: (page, fields) => {
      const form = /<form[^>]*\saction="([^"]+)"[^>]*>([\s\S]*?)<\/form>/.exec(page.text);
      if (!form)
        throw new Error(`there is no form on ${page.url} (${page.code}):\n${page.text.slice(0, 2000)}`);
      const hidden = [...form[2]!.matchAll(/<input[^>]*>/g)]
        .map(([tag]) => tag)
        .filter((tag) => /type="hidden"/.test(tag))
        .map((tag): [string, string] => [attribute(tag, "name"), attribute(tag, "value")]);
      const all = new URLSearchParams([...hidden, ...Object.entries(fields)]);
      return fetchPage(new URL(unescaped(form[1]!), page.url).href, all);
    },
  };
}

/** Logs in on the page that `url` leads to, and gives the page after it. */
export async function logIn(
  browser: FormBrowser,
  url: string,
  username: string,
  password: string,
): Promise<Page> {
  return browser.submit(await browser.open(url), { username, password });
}

function send(url: string, body: string | undefined, cookie: string, ca: string | undefined) {
  const request = url.startsWith("https:") ? tlsRequest : plainRequest;
  const headers = {
    ...(cookie && { cookie }),
    ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
  };
  return new Promise<{ response: IncomingMessage; text: string }>((resolve, reject) => {
    request(url, { method: body === undefined ? "GET" : "POST", headers, ca }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.once("error", reject).once("end", () => resolve({ response, text }));
    })
      .once("error", reject)
      .end(body);
  });
}

function attribute(tag: string, name: string): string {
  return unescaped(new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { amp: "&", quot: '"', lt: "<", gt: ">", "#39": "'" };
  return text.replaceAll(/&(amp|quot|lt|gt|#39);/g, (_, name: string) => named[name]!);
}
