/** A field of a schedule: its bounds, and the words that stand for numbers. */
interface Bounds {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words?: readonly string[];
}

const MONTHS = ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FIELDS: readonly Bounds[] = [
  { name: "minute", least: 0, most: 59 },
  { name: "hour", least: 0, most: 23 },
  { name: "day of month", least: 1, most: 31 },
  { name: "month", least: 1, most: 12, words: MONTHS },
  { name: "day of week", least: 0, most: 6, words: WEEKDAYS },
];
const DESCRIPTORS = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"];
const DURATION = /^[-+]?(?:0|(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+)$/;

/**
 * What is wrong with a CronJob's schedule, as robfig/cron v3 reads it (ParseStandard); undefined when it is right.
 *
 * @example scheduleProblem("0 25 * * *") // "hour: 25 is above 23"
 */
export function scheduleProblem(schedule: string): string | undefined {
  if (schedule.startsWith("@")) return descriptorProblem(schedule);
  const fields = schedule
    .split(/[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/)
    .filter((f) => f !== "");
  if (fields.length !== FIELDS.length)
    return `expected 5 fields (minute hour day month weekday), not ${fields.length}`;
  for (const [i, field] of fields.entries())
    for (const range of field.split(",")) {
      const problem = range === "" ? undefined : rangeProblem(range, FIELDS[i]!);
      if (problem !== undefined) return `${FIELDS[i]!.name}: ${problem}`;
    }
  return undefined;
}

function descriptorProblem(text: string): string | undefined {
  if (DESCRIPTORS.includes(text)) return undefined;
  const every = "@every ";
  if (!text.startsWith(every)) return `expected ${DESCRIPTORS.join(", ")} or "@every DURATION"`;
  return DURATION.test(text.slice(every.length)) ? undefined : 'expected a duration like "@every 1h30m"';
}

function rangeProblem(range: string, bounds: Bounds): string | undefined {
  const [span = "", step, ...slashes] = range.split("/");
  const [low = "", high, ...hyphens] = span.split("-");
  if (slashes.length > 0) return "at most one slash";
  const isAll = low === "*" || low === "?";
  if (!isAll && hyphens.length > 0) return "at most one hyphen";
  const first = isAll ? bounds.least : numberOrWord(low, bounds.words);
  const last = isAll
    ? bounds.most
    : high === undefined
      ? step === undefined
        ? first
        : bounds.most
      : numberOrWord(high, bounds.words);
  const every = step === undefined ? 1 : whole(step);
  if (first === undefined || last === undefined || every === undefined)
    return `cannot read "${range.slice(0, 40)}"`;
  if (first < bounds.least) return `${first} is below ${bounds.least}`;
  if (last > bounds.most) return `${last} is above ${bounds.most}`;
  // Of one value and a step, the end is the field's.
  if (first > last) return `${first} is beyond ${last}`;
  return every === 0 ? "a step must be 1 or more" : undefined;
}

function numberOrWord(text: string, words: readonly string[] | undefined): number | undefined {
  const index = text === "" ? -1 : (words?.indexOf(text.toLowerCase()) ?? -1);
  return index >= 0 ? index : whole(text);
}

function whole(text: string): number | undefined {
  if (!/^[+-]?[0-9]{1,18}$/.test(text)) return undefined;
  const number = Number(text);
  return number < 0 ? undefined : number;
}
