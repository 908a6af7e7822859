/** Endpoints of ours with OSCORE, for tests with real peers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Code, createCoapEndpoint, ResourceTree } from '@yaolian/coap';
import { decodeHex, decodeUtf8, encodeHex, encodeUtf8 } from '@yaolian/kernel';
import { nodeClock, nodeRandom, nodeTimers, openUdpPort, oscoreCrypto } from '@yaolian/node-runtime';
import {
  createOscore,
  type OscoreCredentials,
  type OscoreOptions,
  type OscoreStateStore,
  requireOscore,
  VolatileOscoreStates,
} from '@yaolian/oscore';

const runtime = { clock: nodeClock, timers: nodeTimers, random: nodeRandom };

/** Ours; the peer has the mirror image of them. */
export const credentials: OscoreCredentials = {
  masterSecret: decodeHex('0102030405060708090a0b0c0d0e0f10')!,
  masterSalt: decodeHex('9e7ca92223786340')!,
  senderId: decodeHex('01')!,
  recipientId: decodeHex('02')!,
  name: 'peer',
};

/** An endpoint with OSCORE. @param at its port; 0: a free one */
export async function openEndpoint(t: TestContext, options: Partial<OscoreOptions> = {}, at = 0) {
  const port = await openUdpPort({ host: '127.0.0.1', port: at });
  const oscore = createOscore({ crypto: oscoreCrypto, store: new VolatileOscoreStates(), ...runtime, ...options });
  const endpoint = createCoapEndpoint({ port, ...runtime, protection: oscore });
  t.after(() => endpoint.close());
  return { endpoint, oscore, uri: `coap://127.0.0.1:${port.localAddress.port}` };
}

/** The same as a server with /time, /store, /count and /bump, open only to those who hold the context. */
export async function openServer(
  t: TestContext,
  own = credentials,
  store: OscoreStateStore = new VolatileOscoreStates(),
  at = 0,
) {
  const findCredentials: OscoreOptions['findCredentials'] = ({ kid }) =>
    encodeHex(kid) === encodeHex(own.recipientId) ? own : undefined;
  const opened = await openEndpoint(t, { store, findCredentials }, at);
  const tree = new ResourceTree();
  let stored = encodeUtf8('');
  let count = 0;
  tree.add('/time', {
    get: requireOscore(() => ({ code: Code.Content, contentFormat: 0, payload: encodeUtf8('noon') })),
  });
  tree.add('/store', {
    get: requireOscore(() => ({ code: Code.Content, contentFormat: 0, payload: stored })),
    put: requireOscore(({ payload }) => {
      stored = payload;
      return { code: Code.Changed };
    }),
  });
  const observed = tree.add('/count', {
    obs: true,
    get: () => ({ code: Code.Content, contentFormat: 0, payload: encodeUtf8(`count ${count}`) }),
  });
  const bump = () => {
    count++;
    observed.changed();
  };
  opened.endpoint.handle(tree.handle);
  return { ...opened, bump, stored: () => decodeUtf8(stored) };
}

/** A folder in which aiocoap has the other side of `credentials`. */
export function aiocoapContexts(t: TestContext, own = credentials, algorithm = 'AES-CCM-16-64-128'): string {
  const folder = mkdtempSync(join(tmpdir(), 'yaolian-oscore-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const { masterSecret, masterSalt, senderId, recipientId, idContext } = own;
  writeFileSync(
    join(folder, 'settings.json'),
    JSON.stringify({
      'sender-id_hex': encodeHex(recipientId),
      'recipient-id_hex': encodeHex(senderId),
      secret_hex: encodeHex(masterSecret),
      salt_hex: encodeHex(masterSalt ?? encodeUtf8('')),
      ...(idContext && { 'id-context_hex': encodeHex(idContext) }),
      algorithm,
    }),
  );
  return folder;
}
