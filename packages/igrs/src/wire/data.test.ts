import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialiseXml, xml } from '@yaolian/xmpp';
import {
  type DataAnswer,
  type DataRequest,
  decodeDataAnswer,
  decodeDataRequest,
  encodeDataAnswer,
  encodeDataRequest,
  featureOfPath,
} from './data.ts';

test('requests are read as they were written, by type of iq', () => {
  const requests: readonly DataRequest[] = [
    { kind: 'read', path: '/3303/0/5700' },
    { kind: 'write', path: '/3303/0/5750', text: ' a <b> ' },
    { kind: 'execute', path: '/3/0/4', arguments: "0='x'" },
    { kind: 'observe', path: '/3303/0/5700' },
    { kind: 'cancel', path: '/3303/0/5700' },
  ];
  for (const request of requests) {
    const type = request.kind === 'read' ? 'get' : 'set';
    assert.deepEqual(decodeDataRequest(encodeDataRequest(request), type), request);
    assert.equal(decodeDataRequest(encodeDataRequest(request), type === 'get' ? 'set' : 'get'), undefined);
  }
});

test('what is no request is none', () => {
  for (const [payload, type] of [
    [xml`<read xmlns='urn:yaolian:ra:1:data'/>`, 'get'],
    [xml`<read xmlns='urn:yaolian:ra:1:data' path='3303'/>`, 'get'],
    [xml`<read xmlns='urn:yaolian:ra:1:data' path='/1/2/3/4/5'/>`, 'get'],
    [xml`<read xmlns='urn:other' path='/3'/>`, 'get'],
    [xml`<delete xmlns='urn:yaolian:ra:1:data' path='/3'/>`, 'set'],
  ] as const) {
    assert.equal(decodeDataRequest(payload, type), undefined, serialiseXml(payload));
  }
});

test('answers are read as they were written', () => {
  const value = { path: '/3303/0/5700', type: 'float', text: '21.5', name: 'Sensor Value', unit: 'Cel' };
  const answers: readonly DataAnswer[] = [
    { kind: 'done' },
    { kind: 'queued', id: '7', expiresAt: '2026-01-01T00:00:00Z' },
    { kind: 'values', time: '2026-01-01T00:00:00Z', values: [value, { ...value, name: undefined, unit: undefined }] },
  ];
  for (const answer of answers) assert.deepEqual(decodeDataAnswer(encodeDataAnswer(answer)), answer);
  assert.equal(decodeDataAnswer(xml`<values xmlns='urn:yaolian:ra:1:data'/>`), undefined);
  assert.equal(decodeDataAnswer(xml`<other xmlns='urn:yaolian:ra:1:data'/>`), undefined);
});

test('the feature of a path is the URN of its object', () => {
  assert.equal(featureOfPath('/3/0'), 'urn:oma:lwm2m:oma:3');
  assert.equal(featureOfPath('/3303/0/5700'), 'urn:oma:lwm2m:ext:3303');
  assert.equal(featureOfPath('/26241'), 'urn:oma:lwm2m:x:26241');
});
