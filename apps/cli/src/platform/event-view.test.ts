import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { EventData, EventType, JsonEvent } from '@yaolian/contract';
import { unpainted } from '../output/paint.ts';
import { describeEvent } from './event-view.ts';

const time = new Date(2026, 0, 31, 8, 15, 30).toISOString();

function line<T extends EventType>(type: T, data: EventData<T>): string {
  return describeEvent({ id: 'x-1', type, time, device: 'dev', data } as unknown as JsonEvent, unpainted);
}

const address = '192.0.2.7:56830';

describe('describeEvent', () => {
  for (const [shown, expected] of [
    [
      line('device.registered', { address, lifetime: 60, lwm2mVersion: '1.1', binding: 'U', replaced: true }),
      'device.registered     dev  from 192.0.2.7:56830, lifetime 60 s, LwM2M 1.1 U, again',
    ],
    [
      line('device.updated', { address, addressChanged: true, lifetime: 60, linksChanged: true }),
      'device.updated        dev  from 192.0.2.7:56830 (a new address), lifetime 60 s, other objects',
    ],
    [line('device.expired', {}), 'device.expired        dev'],
    [
      line('device.refused', { address, request: 'register', coapCode: '4.03', reason: 'not\non the list' }),
      'device.refused        dev  register from 192.0.2.7:56830: 4.03, not\\non the list',
    ],
    [
      line('operation.completed', { operation: 'read', path: '/3/0', coapCode: '2.05', duration: 12 }),
      'operation.completed   dev  read /3/0: 2.05 Content, 12 ms',
    ],
    [
      line('operation.completed', { operation: 'read', path: '/3/0', error: 'LWM2M_TIMEOUT', duration: 30_000 }),
      'operation.completed   dev  read /3/0: LWM2M_TIMEOUT, 30000 ms',
    ],
    [
      line('observation.notified', {
        path: '/3303/0',
        node: {
          kind: 'object-instance',
          path: '/3303/0',
          id: 0,
          resources: [
            { kind: 'resource', path: '/3303/0/5700', id: 5700, type: 'float', value: 21.5, units: 'Cel' },
            { kind: 'multiple-resource', path: '/3303/0/1', id: 1, type: 'opaque', values: { '0': 'Cgs=' } },
          ],
        },
      }),
      'observation.notified  dev  /3303/0  5700=21.5 Cel 1/0=0x0a0b',
    ],
    [
      line('bootstrap.failed', { address, reason: 'it did not answer', notes: ['Delete: 4.00'] }),
      'bootstrap.failed      dev  from 192.0.2.7:56830: it did not answer; Delete: 4.00',
    ],
    [
      line('stream.gap', { reason: 'the platform has restarted since' }),
      'stream.gap            dev  the platform has restarted since',
    ],
  ] as const) {
    it(expected.replaceAll(/ +/g, ' '), () => assert.equal(shown, `08:15:30  ${expected}`));
  }
});
