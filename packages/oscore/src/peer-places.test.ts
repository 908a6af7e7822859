import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds, socketAddress } from '@yaolian/kernel';
import { nodeRandom, oscoreCrypto } from '@yaolian/node-runtime';
import { clientCredentials, text } from '../test/world.ts';
import { completeCredentials } from './credentials.ts';
import { deriveKeys } from './key-derivation.ts';
import { OscorePeer } from './oscore-peer.ts';
import { PeerPlaces } from './peer-places.ts';
import { SecurityContext } from './security-context.ts';
import { VolatileOscoreStates } from './state-store.ts';

const [here, there] = [socketAddress('192.0.2.1', 5683), socketAddress('192.0.2.2', 5683)];

async function peerAt(name: string, transport = here): Promise<OscorePeer> {
  const credentials = completeCredentials({ ...clientCredentials, senderId: text(name) });
  const options = {
    store: new VolatileOscoreStates(),
    random: nodeRandom,
    replayWindow: 32,
    sequenceStep: 256,
    maximumSequence: 1000,
    echoLifetime: seconds(60),
  };
  const context = await SecurityContext.open(options, {
    credentials,
    keys: deriveKeys(oscoreCrypto, credentials),
    origin: undefined,
  });
  return new OscorePeer(context, transport);
}

test('peers are found where their last message was, alone or several behind one transport', async () => {
  const places = new PeerPlaces();
  const [a, b, c] = [await peerAt('a'), await peerAt('b'), await peerAt('c', there)];
  for (const peer of [a, b, c, a]) places.note(peer);
  assert.deepEqual(places.at(here.key), [a, b]);
  assert.deepEqual(places.at(there.key), [c]);
  b.transport = there;
  assert.deepEqual(places.at(here.key), [a], 'it left before it was heard');
  places.note(b);
  assert.deepEqual(places.at(there.key), [c, b]);
  for (const peer of [a, b, c]) places.delete(peer.context);
  places.delete(a.context);
  assert.deepEqual([...places.at(here.key), ...places.at(there.key)], []);
  assert.equal(places.get(a.context), undefined);
});

test('a peer whose context is ended is not taken in again; a second peer of a context neither', async () => {
  const places = new PeerPlaces();
  const peer = await peerAt('a');
  const twin = new OscorePeer(peer.context, there);
  places.note(peer);
  places.note(twin);
  assert.equal(places.get(peer.context), peer);
  assert.deepEqual(places.at(there.key), []);
  places.delete(peer.context);
  await peer.context.close();
  places.note(peer);
  assert.equal(places.get(peer.context), undefined);
  assert.deepEqual(places.at(here.key), []);
});
