/** The tap that holds every stanza of the platform tests against the schemas of Remote Access. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  element,
  Jid,
  namespaces,
  type SessionHandler,
  Stanza,
  type XmlElement,
  type XmppSession,
} from '@yaolian/xmpp';
import { SchemaTap } from './support/schema-tap.ts';

const data = 'urn:yaolian:ra:1:data';
const right = element('read', data, { path: '/3/0' });
const wrong = element('read', data, { road: '/3/0' });

/** A session under a tap, and what it is told. */
function open() {
  const told: XmlElement[] = [];
  const session: XmppSession = {
    jid: Jid.parse('ann@home.example/x')!,
    isActive: true,
    isConnected: true,
    deliver: (given) => {
      told.push(given instanceof Stanza ? given.element : given);
      return true;
    },
    end: () => {},
  };
  const heard: XmlElement[] = [];
  const handler: SessionHandler = {
    onBound: () => {},
    onStanza: (_, stanza) => void heard.push(stanza.element),
    onEnded: () => {},
  };
  const tap = new SchemaTap();
  const between = tap.between(handler);
  between.onBound(session, []);
  const say = (payload: XmlElement) =>
    between.onStanza(session, new Stanza(element('iq', namespaces.client, { type: 'get', id: '1' }, payload)));
  return { tap, session, say, told, heard };
}

test('what the server says is of its schema, wherever it stands in a stanza, or the test fails', () => {
  const { tap, session, told } = open();
  const message = (payload: XmlElement) => element('message', namespaces.client, {}, payload);
  session.deliver(message(right));
  tap.check();
  session.deliver(message(element('forwarded', 'urn:xmpp:forward:0', {}, message(wrong))));
  assert.throws(() => tap.check(), /ann@home\.example\/x is told: <read\/> has no path/);
  assert.equal(told.length, 2, 'and it is told all the same');
  assert.ok(tap.seen.has(`{${data}}read`));
});

test('what a client says wrong is refused, or the test fails', () => {
  const { tap, session, say, heard } = open();
  say(right);
  tap.check();
  say(wrong);
  assert.throws(() => tap.check(), /says, and is not refused: <read\/> has no path/);
  const error = element('error', namespaces.client, { type: 'modify' });
  session.deliver(element('iq', namespaces.client, { type: 'error', id: '1' }, wrong, error));
  tap.check();
  assert.equal(heard.length, 2);
});

test('a namespace of ours that there is not is wrong', () => {
  const { tap, session } = open();
  session.deliver(element('message', namespaces.client, {}, element('read', 'urn:yaolian:ra:9:data')));
  assert.throws(() => tap.check(), /there is no namespace urn:yaolian:ra:9:data/);
});
