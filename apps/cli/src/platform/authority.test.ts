import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSamplePlatform } from '../testing/sample-platform.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** A process of its own: what is trusted is trusted by the whole process. */
async function runProcess(words: readonly string[], environment: Readonly<Record<string, string>>, stdin = '') {
  const child = spawn(process.execPath, [main, ...words], { env: environment });
  child.stdin.end(stdin);
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      printed[name] += text;
    });
  }
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, ...printed };
}

test('a certificate that the platform made for itself is believed where it is given, by later commands too', async () => {
  const place = await startSamplePlatform({
    'http.tls-host': '127.0.0.1',
    'http.tls-port': 0,
    'ra.domain': 'home.example',
    'xmpp.host': '127.0.0.1',
    'xmpp.port': 0,
    'xmpp.tls-port': 0,
  });
  try {
    const port = new URL(place.platform.listening.find(({ url }) => url.startsWith('https:'))!.url).port;
    const url = `https://localhost:${port}`;
    const environment = { HOME: place.folder, XDG_CONFIG_HOME: place.folder };
    const stdin = place.platform.adminPassword!;
    const login = (...words: string[]) => runProcess(['login', url, '--password-stdin', ...words], environment, stdin);

    const distrusted = await login();
    assert.equal(distrusted.exitCode, 3);
    assert.equal(
      distrusted.stderr,
      `yaolian: the certificate of ${url} is not trusted: self-signed certificate; give it with "yaolian login URL --ca FILE" or YAOLIAN_CA\n`,
    );
    const register = ['ra', 'register', 'ann', '--url', url, '--password-stdin'];
    const unregistered = await runProcess(register, environment, 'a good password');
    assert.equal(unregistered.exitCode, 3);
    assert.match(unregistered.stderr, /its certificate is not trusted \(self-signed certificate\); give it with --ca/);

    const none = join(place.folder, 'none.pem');
    await writeFile(none, 'none');
    const noPem = await login('--ca', none);
    assert.deepEqual([noPem.exitCode, noPem.stderr], [2, `yaolian: the file ${none} holds no certificates in PEM\n`]);

    const ca = join(place.folder, 'data', 'tls', 'certificate.pem');
    const trusted = await login('--ca', ca);
    assert.equal(trusted.exitCode, 0, trusted.stderr);
    assert.equal((await runProcess(['devices', 'list'], environment)).stdout, 'No devices.\n');
    const registered = await runProcess(register, environment, 'a good password');
    assert.equal(registered.exitCode, 0, registered.stderr);
    assert.match((await runProcess(['logout'], environment)).stdout, /^Logged out of https/);
  } finally {
    await place.close();
  }
});
