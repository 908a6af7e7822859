import assert from 'node:assert/strict';
import { test } from 'node:test';
import { minutes, seconds } from '@yaolian/kernel';
import { certificate, credential } from '../test/certificates.ts';
import { clientPsk, serverAddress, serverPsk, World } from '../test/world.ts';
import type { CipherSuiteName } from './cipher-suites.ts';

const authorities = [certificate('ca')];
const server = { ...serverPsk, own: [credential('server')], trust: { authorities } };
const client = { ...clientPsk, own: [credential('client')], trust: { authorities }, serverName: 'server.example' };

const suites: readonly CipherSuiteName[] = [
  'TLS_PSK_WITH_AES_128_CCM_8',
  'TLS_ECDHE_PSK_WITH_AES_128_CBC_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
];

/** Handshakes of ten that must come about within ten minutes, the waits doubling up to 60 s. */
const table: readonly (readonly [loss: number, reordering: number, duplication: number, mtu: number, least: number])[] =
  [
    [0, 0, 0, 1232, 10],
    [0, 0, 0, 300, 10],
    [0, 0.5, 0.5, 300, 10],
    [0.1, 0, 0, 1232, 10],
    [0.2, 0.2, 0.2, 1232, 10],
    [0.2, 0.2, 0.2, 300, 9],
    [0.5, 0, 0, 1232, 9],
    [0.5, 0.3, 0.3, 1232, 8],
  ];

for (const cipherSuite of suites) {
  for (const [loss, reordering, duplication, mtu, least] of table) {
    test(`${cipherSuite}: loss ${loss}, reordering ${reordering}, duplication ${duplication}, MTU ${mtu}`, async () => {
      let done = 0;
      for (let seed = 1; seed <= 10; seed++) {
        const bounds = { handshakeTimeout: minutes(10) };
        const retransmission = { maximumTimeout: seconds(16) };
        const common = { cipherSuites: [cipherSuite], mtu, bounds, retransmission };
        const world = new World({
          seed,
          conditions: { loss, reordering, duplication, mtu },
          server: { ...common, credentials: server },
          client: { ...common, credentials: client },
        });
        const connected = world.client.connect(serverAddress).then(
          () => true,
          () => false,
        );
        if (await world.time.until(connected, minutes(11))) done++;
      }
      assert.ok(done >= least, `${done} of 10`);
    });
  }
}
