import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type XmlElement, xml } from '@yaolian/xmpp';
import { decodeDataPush, decodeFirmwarePush } from './pushes.ts';
import { Refused } from './refused.ts';

const domain = 'home.example';
const device = `lamp@${domain}`;
const pushed = (payload: XmlElement) =>
  xml`<message xmlns='jabber:client' type='headline' from='home.example'>${payload}</message>`;

const values = xml`<values xmlns='urn:yaolian:ra:1:data' time='2026-01-01T00:00:00Z'><value path='/3303/0/5700' type='float'>22.5</value></values>`;
const answer = {
  kind: 'values',
  time: '2026-01-01T00:00:00Z',
  values: [{ path: '/3303/0/5700', type: 'float', text: '22.5', name: undefined, unit: undefined }],
};

test('§11.5: new values, and what came of requests that waited', () => {
  assert.deepEqual(decodeDataPush(pushed(values.with({ device })), domain), { kind: 'values', device, answer });
  const late = (content?: XmlElement) =>
    decodeDataPush(
      pushed(xml`<result xmlns='urn:yaolian:ra:1:data' device='lamp@home.example' id='7'>${content}</result>`),
      domain,
    );
  assert.deepEqual(late(), { kind: 'late', device, id: '7', outcome: { kind: 'done' } });
  assert.deepEqual(late(values), { kind: 'late', device, id: '7', outcome: answer });
  const refused = late(xml`<refused xmlns='urn:yaolian:ra:1:data' condition='not-acceptable'>no</refused>`);
  assert.ok(refused?.kind === 'late' && refused.outcome instanceof Refused);
  assert.deepEqual([refused.outcome.condition, refused.outcome.text], ['not-acceptable', 'no']);
});

test('§11.5: why no more values come', () => {
  const ended = (attributes: Readonly<Record<string, string>>) =>
    decodeDataPush(
      pushed(xml`<ended xmlns='urn:yaolian:ra:1:data' device='lamp@home.example'/>`.with(attributes)),
      domain,
    );
  const path = '/3303/0/5700';
  assert.deepEqual(ended({ path, reason: 'expired' }), { kind: 'ended', device, path, reason: 'expired' });
  assert.equal(ended({ reason: 'expired' }), undefined);
  // A reason of tomorrow ends it all the same.
  assert.deepEqual(ended({ path, reason: 'eclipse' }), { kind: 'ended', device, path, reason: 'cancelled' });
});

test('steps of an update of firmware, from the domain alone', () => {
  const step = xml`<update xmlns='urn:yaolian:ra:1:firmware' device='lamp@home.example' id='7' phase='failed' to='2.0' failure='integrity'/>`;
  const told = { device, id: '7', phase: 'failed', to: '2.0', failure: 'integrity' };
  assert.deepEqual(decodeFirmwarePush(pushed(step), domain), told);
  assert.deepEqual(decodeFirmwarePush(pushed(step).with({ type: undefined }), domain), told, 'one that waited');
  for (const message of [
    pushed(step).with({ from: 'mallory@home.example/x' }),
    pushed(step.with({ device: undefined })),
    pushed(step.with({ phase: 'dreaming' })),
    pushed(values.with({ device })),
  ])
    assert.equal(decodeFirmwarePush(message, domain), undefined);
});

test('what is no push of the domain is none', () => {
  const good = pushed(values.with({ device }));
  for (const message of [
    good.with({ from: 'mallory@home.example/x' }),
    good.with({ from: undefined }),
    good.with({ type: 'chat' }),
    pushed(values),
    pushed(xml`<bound xmlns='urn:yaolian:ra:1:push' device='lamp@home.example'/>`),
    pushed(xml`<result xmlns='urn:yaolian:ra:1:data' device='lamp@home.example'/>`),
    pushed(xml`<other xmlns='urn:yaolian:ra:1:data' device='lamp@home.example'/>`),
  ]) {
    assert.equal(decodeDataPush(message, domain), undefined);
  }
});
