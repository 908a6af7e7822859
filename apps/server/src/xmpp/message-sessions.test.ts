import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Jid, type XmppSession } from '@yaolian/xmpp';
import { AccountNames } from './account-names.ts';
import { listSessions, sessionAddress } from './message-sessions.ts';

const names = new AccountNames(['home.example', 'im.example']);

function session(jid: string, isConnected = true): XmppSession {
  const deliver = () => true;
  return { jid: Jid.parse(jid)!, isActive: true, isConnected, deliver, end() {} };
}

test('a page has the first addresses after the one before, whatever the order that sessions came in', () => {
  const jids = Array.from({ length: 50 }, (_, i) => `u${(i * 37) % 50}@home.example/r`);
  const sessions = jids.map((jid) => session(jid));
  const ordered = jids.toSorted();
  const found: string[] = [];
  for (;;) {
    const page = listSessions({ sessions, names, clientOf: () => undefined }, { after: found.at(-1), limit: 7 });
    found.push(...page.map(({ jid }) => jid));
    if (page.length < 7) break;
  }
  assert.deepEqual(found, ordered);
});

test('accounts are named as elsewhere: with the domain where it is not the first', () => {
  const sessions = [session('ann@home.example/a'), session('ann@im.example/a', false)];
  const found = listSessions({ sessions, names, clientOf: () => undefined }, { limit: 10 });
  assert.deepEqual(
    found.map(({ account, presence }) => [account, presence]),
    [
      ['ann', 'unavailable'],
      ['ann@im.example', 'unavailable'],
    ],
  );
});

test('the address of a session has an account and a resource', () => {
  assert.equal(sessionAddress('Ann@Home.example/A')?.toString(), 'ann@home.example/A');
  for (const none of ['ann@home.example', 'home.example/a', '', '@/', 'a@/b'])
    assert.equal(sessionAddress(none), undefined);
});
