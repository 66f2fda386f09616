import { livesIn, parseCorefile, pluginEntry } from "@ashlar/dns";

/** Whether a release takes all words of a file, by the table of plugins. */
export function takes(release: string, text: string): boolean {
  return parseCorefile(text).value.items.every(
    (item) =>
      item.kind === "import" ||
      item.body.every((one) => {
        if (one.kind === "import") return true;
        const entry = pluginEntry(one.name.text);
        if (!entry || !livesIn(entry, release)) return false;
        return (one.block?.body ?? []).every((option) => {
          const life = entry.options.find(
            ({ name }) => option.kind === "directive" && name === option.name.text,
          );
          return !life || livesIn(life, release);
        });
      }),
  );
}
