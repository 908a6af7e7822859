/** What tells of npm, and of who started this process. */
export interface StartedBy {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The process id of the parent, as it is now. */
  readonly parent: () => number;
}

/**
 * Whether npm started this process and waits for it: `npx yaolian serve`, `npm start`. npm passes SIGTERM on to the shell that it starts programs
 * in, and the shell ends without telling the program.
 */
function isUnderNpm({ environment }: StartedBy): boolean {
  const script = environment['npm_lifecycle_script'];
  // A script that leaves it in the background (`yaolian serve &`) lets it go on purpose.
  return script !== undefined && !/(^|[^&>])&(?![&>\d])/.test(script);
}

/** Settles when the shell of npm is gone; never where npm did not start this process. Keeps no process alive. */
export function shellOfNpmEnds(startedBy: StartedBy): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (!isUnderNpm(startedBy)) return promise;
  const parent = startedBy.parent();
  const timer = setInterval(() => {
    if (startedBy.parent() === parent) return;
    clearInterval(timer);
    resolve();
  }, 1000);
  timer.unref();
  return promise;
}
