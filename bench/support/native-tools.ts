import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const here = import.meta.dirname;
const builtTools = join(here, '../../node_modules/.cache/yaolian-bench');

/** What each links to. */
const libraries = {
  'udp-load': [],
  'udp-echo': [],
  'udp-flood': [],
  'xmpp-load': ['-lssl', '-lcrypto'],
} as const;

/**
 * The path of a C tool of this folder, built when it is not or its source is newer.
 * @throws Error that says what to install when there is no C compiler
 */
export function nativeTool(name: keyof typeof libraries): string {
  const source = join(here, `${name}.c`);
  const built = join(builtTools, name);
  if (modifiedAt(built) >= modifiedAt(source)) return built;
  mkdirSync(builtTools, { recursive: true });
  try {
    execFileSync('cc', ['-O2', '-w', '-o', built, source, ...libraries[name]], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch (error) {
    throw new Error(
      `benches need a C compiler as "cc" (Debian: apt-get install gcc libc6-dev libssl-dev) to build ${source}`,
      {
        cause: error,
      },
    );
  }
  return built;
}

function modifiedAt(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
