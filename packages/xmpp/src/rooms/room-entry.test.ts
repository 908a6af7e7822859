/** XEP-0045 §7.1, §7.2, §7.6, §7.7, §7.14: coming in, changing nicks, leaving. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { saslCrypto as crypto } from '@yaolian/node-runtime';
import { configure, digest, enterRoom, RoomWorld, say } from '../testing/room-world.ts';
import { xml } from '../xml/literal.ts';

describe('XEP-0045 §7.2: entering a room', () => {
  test('§10.1: a room that is not there is made, locked until its owner has set it up', async () => {
    const world = await RoomWorld.open({ crypto });
    const [juliet, romeo] = await world.available('juliet@example.com/a', 'romeo@example.com/b');
    await enterRoom(juliet!, 'garden', 'Juliet');
    assert.deepEqual(digest(juliet!.take()), [
      'p Juliet owner/moderator (juliet@example.com/a) 110 201',
      'subject garden: ',
    ]);
    await enterRoom(romeo!, 'garden', 'Romeo');
    assert.deepEqual(digest(romeo!.take()), ['p Romeo error item-not-found']);
    await configure(juliet!, 'garden');
    assert.deepEqual(digest(juliet!.take()), ['iq result']);
    await enterRoom(romeo!, 'garden', 'Romeo');
    assert.deepEqual(digest(romeo!.take()), [
      'p Juliet owner/moderator',
      'p Romeo none/participant (romeo@example.com/b) 110',
      'subject garden: ',
    ]);
    assert.deepEqual(digest(juliet!.take()), ['p Romeo none/participant (romeo@example.com/b)']);
    await say(romeo!, 'garden', 'hello');
    assert.deepEqual(digest(juliet!.take()), ['m Romeo: hello']);
    assert.deepEqual(digest(romeo!.take()), ['m Romeo: hello']);
    await romeo!.send(
      xml`<presence type='unavailable' to='garden@rooms.example.com/Romeo'><status>bye</status></presence>`,
    );
    assert.deepEqual(digest(romeo!.take()), ['gone Romeo none/none (romeo@example.com/b) 110']);
    const [gone] = juliet!.take();
    assert.match(gone!, /type='unavailable'.*<status>bye<\/status>/);
    await juliet!.leave();
    assert.equal(world.service.rooms.length, 0);
  });
});
