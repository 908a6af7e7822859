import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readDeviceCode } from './device-code.ts';

const lamp = { device: 'lamp@home.example', code: 'D30A2-QXT9Q' };

test('a QR code is the address of the page, an XMPP URI, or a name and a code', () => {
  for (const text of [
    'https://home.example/home/add#device=lamp%40home.example&code=D30A2-QXT9Q',
    'http://127.0.0.1:8080/home/add?code=D30A2-QXT9Q&device=lamp@home.example',
    'xmpp:lamp@home.example?bind;code=D30A2-QXT9Q',
    ' lamp@home.example  D30A2-QXT9Q ',
  ]) {
    assert.deepEqual(readDeviceCode(text), lamp, text);
  }
});

test('what is none is not taken for one', () => {
  for (const text of [
    '',
    'lamp',
    'https://elsewhere.example/',
    'WIFI:S:net;P:secret;;',
    'a b c',
    'xmpp:%ff?bind;code=1',
    `x#device=${'a'.repeat(2000)}&code=1`,
  ]) {
    assert.equal(readDeviceCode(text), undefined, text);
  }
});
