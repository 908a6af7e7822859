import { writeSync } from 'node:fs';
import { enableCompileCache } from 'node:module';

// Sources run unbuilt: from the second start on, what was compiled for the first is taken from a cache.
enableCompileCache();
const { serve } = await import('./serve.ts');

// Written before the process may end: what is printed last is what matters most.
process.exitCode = await serve({
  args: process.argv.slice(2),
  environment: process.env,
  program: 'npm start --',
  print: (text) => void writeSync(1, text),
  complain: (text) => void writeSync(2, text),
});
