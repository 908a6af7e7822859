#!/usr/bin/env node
import module from 'node:module';
import { nodeObjection } from './node-version.ts';

// Before anything that an old Node cannot even load.
const objection = nodeObjection(process.version);
if (objection !== undefined) {
  console.error(objection);
  process.exit(2);
}
// What was compiled once starts in half the time: tab completion runs this at every key press. Imports come after it.
module.enableCompileCache();
const { ExitCode } = await import('./errors.ts');
const { nodeHost } = await import('./node-host.ts');
const { run } = await import('./run.ts');

const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one does not wait for what the first one started.
    if (interruption.signal.aborted) process.exit(ExitCode.Interrupted);
    interruption.abort();
  });
}
// `yaolian devices list | head`: who reads no more needs no complaint.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? ExitCode.Ok : ExitCode.Refused);
});
// The timers of the protocols keep no process alive: a command that waits for a server to come back does, until it is done.
const alive = setInterval(() => {}, 2 ** 31 - 1);
process.exitCode = await run(process.argv.slice(2), nodeHost(interruption.signal));
clearInterval(alive);
