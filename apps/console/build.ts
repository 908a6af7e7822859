/** Builds the console into `dist`, unless it is up to date: `node apps/console/build.ts [--or-go-on]`. */
import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = import.meta.dirname;
const dist = join(folder, 'dist');
const stampFile = join(dist, '.stamp');
const inputs = [
  '{index,home}.html',
  'build.ts',
  'package.json',
  '{src,public}/**/*',
  '../../packages/{contract,kernel}/src/**/*.ts',
];

/** Changes with every file that the build reads. */
function stampNow(): string {
  const hash = createHash('sha256');
  for (const file of globSync(inputs, { cwd: folder }).toSorted()) {
    const { size, mtimeMs } = statSync(join(folder, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function stampThen(): string | undefined {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return undefined; // never built
  }
}

async function bundle(): Promise<void> {
  const { build } = await import('vite'); // now: it is not needed when there is nothing to do
  await build({
    root: folder,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: dist,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: { index: join(folder, 'index.html'), home: join(folder, 'home.html') } },
    },
  });
}

/** Beside each text that is worth it: what a browser with Brotli or gzip is sent. */
function compress(): void {
  for (const file of globSync('**/*.{html,js,css,svg}', { cwd: dist })) {
    const bytes = readFileSync(join(dist, file));
    if (bytes.length < 1024) continue;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(join(dist, `${file}.br`), brotliCompressSync(bytes, { params }));
    writeFileSync(join(dist, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

const stamp = stampNow();
if (stamp !== stampThen()) {
  try {
    await bundle();
    compress();
    writeFileSync(stampFile, stamp);
    console.log('The console is built.');
  } catch (error) {
    console.error('The console could not be built:', error);
    // The platform runs without it, and says so where the console would be.
    process.exitCode = process.argv.includes('--or-go-on') ? 0 : 1;
  }
}
