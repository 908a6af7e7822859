/** An operator switches a second factor on over the API, logs in with codes, and loses the app. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { ApiClient, routes } from '@yaolian/contract';
import { totp } from '@yaolian/directory';
import { openPlatform, withCode } from './support/platform.ts';

const hmacSha1 = (key: Uint8Array, message: Uint8Array) => createHmac('sha1', key).update(message).digest();

function codeOf(secret: string, stepsLater = 0): string {
  const bits = [...secret].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'));
  const bytes = Uint8Array.from(bits.join('').match(/.{8}/g)!, (byte) => Number.parseInt(byte, 2));
  return totp(bytes, Math.floor(Date.now() / 30_000) + stepsLater, hmacSha1);
}

test('a password alone lets nobody in once the app is set up; recovery codes and admins help who lost it', async () => {
  await using bench = await openPlatform();
  const { admin } = bench;
  const password = 'correct horse battery';
  await admin.call(routes.addOperator, { body: { name: 'ann', role: 'viewer', password } });
  const anybody = new ApiClient({ baseUrl: bench.httpUrl });
  const login = (code?: string) =>
    anybody.call(routes.login, { body: { name: 'ann', password, ...(code === undefined ? {} : { code }) } });
  const ann = new ApiClient({ baseUrl: bench.httpUrl, token: (await login()).token });
  await assert.rejects(ann.call(routes.beginSecondFactor, { body: { password: 'guess' } }), withCode('wrong-password'));
  const made = await ann.call(routes.beginSecondFactor, { body: { password } });
  assert.match(made.uri, /^otpauth:\/\/totp\/Yaolian:ann\?secret=[A-Z2-7]{32}&issuer=Yaolian/);
  assert.match(made.qrSvg, /^<svg/);
  await login(); // not confirmed: not asked for
  const { recoveryCodes } = await ann.call(routes.confirmSecondFactor, {
    body: { code: codeOf(made.secret).replace(/^.../, '$& ') },
  });
  const isOn = async () =>
    (await admin.call(routes.listOperators, {})).items.find(({ name }) => name === 'ann')?.secondFactor;
  assert.equal(await isOn(), true);
  await assert.rejects(login(), withCode('second-factor-needed'));
  await assert.rejects(login('000000'), withCode('second-factor-wrong'));
  // As apps show it, with a space in its middle.
  assert.equal((await login(codeOf(made.secret, 1).replace(/^.../, '$& '))).operator, 'ann');
  assert.equal((await login(recoveryCodes[0])).operator, 'ann');
  await assert.rejects(login(recoveryCodes[0]), withCode('second-factor-wrong'));
  assert.equal((await ann.call(routes.showSecondFactor, {})).recoveryCodes, 9);
  await assert.rejects(ann.call(routes.resetSecondFactor, { params: { name: 'ann' } }), withCode('forbidden'));
  await admin.call(routes.resetSecondFactor, { params: { name: 'ann' } });
  assert.equal(await isOn(), false);
  await login();
});
