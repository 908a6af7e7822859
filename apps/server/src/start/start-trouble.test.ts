import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runtimeErrors } from '@yaolian/node-runtime';
import { fileTrouble, namingFlag } from './start-trouble.ts';

test('a port that cannot be opened names its flag; what the flag does not help is as it was', () => {
  const taken = namingFlag(runtimeErrors.TCP_ADDRESS_IN_USE('[::]:5223'), 'xmpp.tls-port') as Error;
  assert.equal(
    taken.message,
    'TCP [::]:5223 is in use; stop the other process or choose another port (--xmpp-tls-port)',
  );
  assert.equal((taken as { code?: unknown }).code, 'TCP_ADDRESS_IN_USE');
  const elsewhere = runtimeErrors.UDP_ADDRESS_UNAVAILABLE('192.0.2.1:5683');
  assert.equal(namingFlag(elsewhere, 'coap.port'), elsewhere);
});

test('a file that cannot be read is told in words', async () => {
  const troubleOf = async (file: string) => readFile(file).catch((error: unknown) => fileTrouble(file, error));
  assert.equal(await troubleOf('/nowhere/certificate.pem'), 'there is no file /nowhere/certificate.pem');
  assert.equal(await troubleOf('/'), '/ is a folder; name the file in it');
});
