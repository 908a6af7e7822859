/** GB/T 29265.205 §9: what is asked of a device is written down before anybody is told what came of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { success } from '@yaolian/kernel';
import { element, Jid, namespaces } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { Admission } from './admission.ts';
import { answerForTerminal } from './device-requests.ts';
import type { RaAudit } from './ports.ts';
import type { RaServices } from './request.ts';

const path = '/3303/0/5700';

/** A lamp that its owner may ask all, beside an audit that takes some turns to write a line. */
function home() {
  const happened: string[] = [];
  const audit: RaAudit = {
    async record({ action, subject, outcome }) {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      happened.push([action, subject, outcome].filter(Boolean).join(' '));
    },
  };
  const permissions = { decide: async () => ({ allowed: true }) } as unknown as RaServices['permissions'];
  const accounts: RaServices['accounts'] = { kindOf: async () => 'device' };
  return { happened, audit, permissions, accounts };
}

for (const [kind, type, answer] of [
  ['read', 'get', { kind: 'values', values: [], time: '2026-01-01T00:00:00Z' }],
  ['observe', 'set', { kind: 'values', values: [], time: '2026-01-01T00:00:00Z' }],
  ['write', 'set', { kind: 'done' }],
  ['execute', 'set', { kind: 'done' }],
] as const) {
  test(`a terminal's answer to ${kind} waits for its line`, async () => {
    const { happened, ...services } = home();
    const terminals = { ask: async () => success(answer) };
    const payload = element(kind, raNamespaces.data, { path });
    const request = { account: 'ann', kind: 'user', resource: 'phone', type, payload } as const;
    const signal = new AbortController().signal;
    const told = await answerForTerminal({ ...services, terminals } as unknown as RaServices, 'lamp', request, signal);
    assert.ok(told.ok);
    assert.deepEqual(happened, [`${kind} ${path} done`]);
  });
}

test('values that are observed are told no sooner than the line of who observes is written', async () => {
  const { happened, ...services } = home();
  let noted: Promise<unknown> | undefined;
  const terminals: Pick<RaServices['terminals'], 'ask'> = {
    ask: async (_device, _request, by) => {
      noted = by.noted.then(() => happened.push('a value'));
      return success({ kind: 'values', values: [], time: '2026-01-01T00:00:00Z' });
    },
  };
  const payload = element('observe', raNamespaces.data, { path });
  const request = { account: 'ann', kind: 'user', resource: 'phone', type: 'set', payload } as const;
  const signal = new AbortController().signal;
  await answerForTerminal({ ...services, terminals } as unknown as RaServices, 'lamp', request, signal);
  await noted;
  assert.deepEqual(happened, [`observe ${path} done`, 'a value']);
});

test('a device that speaks for itself hears nothing before its line is written; bytes of channels have none', async () => {
  const { happened, ...services } = home();
  const admission = new Admission({ ...services, areAssociated: async () => true });
  const [ann, lamp] = [Jid.parse('ann@home.example/phone')!, Jid.parse('lamp@home.example/it')!];
  const read = element('read', raNamespaces.data, { path });
  const iq = (type: string, payload: typeof read) => element('iq', namespaces.client, { type, id: '1' }, payload);
  assert.equal(await admission.admits(ann, lamp, iq('get', read)), undefined);
  assert.deepEqual(happened.splice(0), [`read ${path} relayed`]);
  const body = element('message', namespaces.client, {}, element('body', namespaces.client, {}, 'on'));
  assert.equal(await admission.admits(ann, lamp, body), undefined);
  assert.deepEqual(happened.splice(0), ['message relayed']);
  const bytes = element('data', 'http://jabber.org/protocol/ibb', { seq: '0', sid: 'a' }, 'AA==');
  assert.equal(await admission.admits(ann, lamp, iq('set', bytes)), undefined);
  assert.deepEqual(happened, []);
});
