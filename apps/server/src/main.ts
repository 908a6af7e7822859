import { writeSync } from 'node:fs';
import { enableCompileCache, flushCompileCache } from 'node:module';

// Sources run unbuilt: from the second start on, what was compiled for the first is taken from a cache. Written soon, because
// a platform that is killed would never write it at its end.
enableCompileCache();
setTimeout(flushCompileCache, 10_000).unref();
const { serve } = await import('./serve.ts');

/** Before the process may end: what is printed last is what matters most. That nobody reads it, or the disk is full, keeps nothing else from being done. */
function say(stream: 1 | 2, text: string): void {
  try {
    writeSync(stream, text);
  } catch {
    // There is nowhere to say it.
  }
}

process.exitCode = await serve({
  args: process.argv.slice(2),
  environment: process.env,
  program: 'npm start --',
  print: (text) => say(1, text),
  complain: (text) => say(2, text),
});
