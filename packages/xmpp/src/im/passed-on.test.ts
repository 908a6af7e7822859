import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { XmppSession } from '../server/ports.ts';
import { xml } from '../xml/literal.ts';
import { BoundClient } from './client-table.ts';
import { PassedOnRequests } from './passed-on.ts';

it('requests that a session has to answer are remembered without what they ask', () => {
  const client = new BoundClient({ jid: { local: 'lamp' } } as unknown as XmppSession);
  const requests = new PassedOnRequests();
  const iq = (id: string) =>
    xml`<iq type='get' from='ann@x/a' to='lamp@x' id='${id}'><query xmlns='urn:x'>long</query></iq>`;
  assert.ok(requests.add(client, iq('1')) && requests.add(client, iq('2')));
  assert.equal(requests.isAnswer(client, xml`<iq type='result' to='ann@x/a' id='1'/>`), true);
  assert.equal(requests.isAnswer(client, xml`<iq type='result' to='ann@x/a' id='1'/>`), false);
  const left = requests.ended(client);
  assert.deepEqual(
    left.map(({ attributes, children }) => [attributes['id'], attributes['from'], children.length]),
    [['2', 'ann@x/a', 0]],
  );
});
