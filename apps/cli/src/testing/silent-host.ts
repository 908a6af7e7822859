import type { Host } from '../host.ts';

const silent = { isTerminal: false, columns: undefined, write: async () => {} };

/** Of a command line whose commands are looked at and not run. */
export const silentHost: Host = {
  stdout: silent,
  stderr: silent,
  environment: {},
  signal: new AbortController().signal,
  stdinIsTerminal: false,
  outliveReaders: () => {},
  trust: () => {},
  readStdin: async () => new Uint8Array(0),
  ask: async () => '',
};
