import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { cliErrors } from './errors.ts';
import type { Host, HostOutput } from './host.ts';

/** The process that runs the command. */
export function nodeHost(signal: AbortSignal): Host {
  return {
    stdout: outputOf(process.stdout),
    stderr: outputOf(process.stderr),
    environment: process.env,
    signal,
    stdinIsTerminal: process.stdin.isTTY === true,
    outliveReaders() {
      for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error').on('error', () => {});
    },
    trust(certificates) {
      setDefaultCACertificates([...getCACertificates('default'), certificates]);
    },
    async readStdin() {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
      return new Uint8Array(Buffer.concat(chunks));
    },
    async ask(prompt, { secret, signal: takenBack }) {
      // Readline echoes to its output: without one, nothing shows.
      const output = secret ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
      const terminal = createInterface({ input: process.stdin, output, terminal: true });
      try {
        process.stderr.write(secret ? prompt : '');
        return await terminal.question(secret ? '' : prompt, {
          signal: takenBack === undefined ? signal : AbortSignal.any([signal, takenBack]),
        });
      } catch (error) {
        // Ctrl-C: readline takes it for itself.
        if ((error as Error).name === 'AbortError') throw cliErrors.CLI_INTERRUPTED(error);
        throw error;
      } finally {
        terminal.close();
        if (secret) process.stderr.write('\n');
      }
    },
  };
}

function outputOf(stream: NodeJS.WriteStream): HostOutput {
  return {
    isTerminal: stream.isTTY === true,
    get columns() {
      return stream.isTTY ? stream.columns : undefined;
    },
    write(data) {
      return new Promise((resolve, reject) => {
        stream.write(data, (error) => (error ? reject(error) : resolve()));
      });
    },
  };
}
