/** So many tasks run at once. */
const MOST = 16;

/** Runs tasks side by side and gives each result as it comes. The first failure ends it. */
export async function* merged<T>(tasks: readonly (() => Promise<T>)[]): AsyncGenerator<T> {
  const results: T[] = [];
  let open = tasks.length;
  let failure: { readonly error: unknown } | undefined;
  let wake = () => {};
  let begun = 0;
  const begin = () => {
    const task = failure === undefined ? tasks[begun++] : undefined;
    task?.()
      .then((result) => results.push(result))
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => {
        open--;
        begin();
        wake();
      });
  };
  for (let i = 0; i < MOST; i++) begin();
  for (;;) {
    for (let next = results.shift(); next !== undefined; next = results.shift()) yield next;
    if (failure) throw failure.error;
    if (open === 0 && results.length === 0) return;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (results.length > 0 || failure !== undefined || open === 0) resolve();
    });
  }
}
