import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Code } from '@yaolian/coap';
import { socketAddress } from '@yaolian/kernel';
import type { EnrolmentDevices } from '@yaolian/lwm2m/server';
import { createProfileAuto, profileOfName } from './profile-auto.ts';
import { createProfileB } from './profile-b.ts';
import { encryptProfileBIdentity, formatProfileBName } from './profile-b-name.ts';
import { createProfileC } from './profile-c.ts';
import { formatProfileCName } from './profile-c-name.ts';
import { nodePrimitives } from './testing/node-primitives.ts';
import { ValueCipher } from './value-cipher.ts';
import { VendorCiphers } from './vendor-ciphers.ts';

const password = '0123456789abcdef0123456789abcdef';
/** The vector of the documents: 861111003929110-****-460041850403690-v2.0. */
const vector = 'H8yt9d051Al/WtE8IrlzRpA+26sI+gSCsoLwD/CGQIeLlmBxaa8/9+cuvmBTHY7g';
const name = `A@#@${vector}@#@M000000001`;
const key = '861111003929110';
const address = socketAddress('192.0.2.7', 5683);
const time = 1_700_000_000_000;

function platform(allowed?: readonly string[]) {
  const records: Parameters<EnrolmentDevices['recordRegistration']>[0][] = [];
  const devices: EnrolmentDevices = {
    isAllowed: (deviceKey) => allowed?.includes(deviceKey) ?? false,
    recordRegistration: async (record) => void records.push(record),
  };
  const passwords = new Map([['M000000001', password]]);
  const store = { passwordOf: (appKey: string) => passwords.get(appKey) };
  const rules = { devices, enrolmentMode: () => (allowed ? 'allow-list' : 'open') } as const;
  const ciphers = new VendorCiphers(store, nodePrimitives);
  const b = createProfileB(rules, ciphers);
  const c = createProfileC(rules, store);
  const enrolWith = (profile: typeof b) => async (endpoint: string, purpose?: 'register' | 'bootstrap') => {
    const enrolled = await profile.enrol({ endpoint, address, time, ...(purpose && { purpose }) });
    return enrolled.ok ? enrolled.value.deviceKey : enrolled.error;
  };
  return { b, c, rules, passwords, records, enrol: enrolWith(b), enrolC: enrolWith(c) };
}

describe('profile B', () => {
  it('knows a device by the IMEI in the encrypted identity', async () => {
    const { enrol } = platform();
    assert.equal(await enrol(name), key);
    assert.equal(await enrol(`${name}@#@${key}@#@v2.0`), key, 'from report interface 2.0 on');
  });

  it('refuses what is not of the form with 4.00 and says what is right', async () => {
    const refused = await platform().enrol('X@#@AAAA@#@M000000001');
    assert.deepEqual(refused, { code: Code.BadRequest, reason: 'part 1 (terminal) is A, L or I' });
  });

  it('refuses unknown appKey, wrong password and another IMEI in the open alike', async () => {
    const { enrol } = platform();
    const wrongPassword = new ValueCipher(nodePrimitives, 'f'.repeat(32)).encrypt('861111003929110-****-****-v2.0');
    const refusals = [
      await enrol(name.replace('M000000001', 'M000000002')),
      await enrol(`A@#@${wrongPassword}@#@M000000001`),
      await enrol(`${name}@#@123456789012345@#@v2.0`),
      await enrol(`A@#@${new ValueCipher(nodePrimitives, password).encrypt('****-****-****-v2.0')}@#@M000000001`),
    ];
    for (const refusal of refusals) assert.deepEqual(refusal, refusals[0]);
    assert.equal(typeof refusals[0] === 'object' && refusals[0].code, Code.Forbidden);
  });

  it('a revoked key opens no more, a new password at once', async () => {
    const { enrol, passwords } = platform();
    assert.equal(await enrol(name), key);
    passwords.delete('M000000001');
    assert.equal(typeof (await enrol(name)), 'object');
    passwords.set('M000000001', 'f'.repeat(32));
    assert.equal(typeof (await enrol(name)), 'object');
    passwords.set('M000000001', password);
    assert.equal(await enrol(name), key);
  });

  it('an empty password counts as 32 zeros', async () => {
    const { enrol, passwords } = platform();
    passwords.set('M000000009', '');
    const cipher = new ValueCipher(nodePrimitives, '0'.repeat(32));
    const identity = { imei1: key, imei2: undefined, imsi: undefined, dmVersion: '1.0.7' };
    assert.equal(await enrol(`L@#@${encryptProfileBIdentity(identity, cipher)}@#@M000000009`), key);
  });

  it('follows the allow-list', async () => {
    assert.equal(await platform([key]).enrol(name), key);
    const refused = await platform(['1']).enrol(name);
    assert.equal(typeof refused === 'object' && refused.code, Code.Forbidden);
  });

  it('has no bootstrap', async () => {
    const refused = await platform().enrol(name, 'bootstrap');
    assert.equal(typeof refused === 'object' && refused.code, Code.BadRequest);
  });

  it('records what the identity says', async () => {
    const { b, records } = platform();
    await b.registered(key, { endpoint: name, address, time });
    assert.deepEqual(records[0]?.identity, {
      imei: key,
      imsi: '460041850403690',
      version: 'v2.0',
      appKey: 'M000000001',
      terminal: 'android',
    });
  });

  it('epi of an Update names the same device, with a verify field or **** for a version', () => {
    const { b, passwords } = platform();
    const cipher = new ValueCipher(nodePrimitives, password);
    const judge = (epi: string | undefined) =>
      b.judgeUpdate?.({ endpoint: name, deviceKey: key, parameters: epi === undefined ? undefined : { epi } });
    const epi = (imei1: string, dmVersion: string | undefined) => {
      const identity = { imei1, imei2: undefined, imsi: undefined, dmVersion };
      return formatProfileBName({
        terminal: 'A',
        encryptedIdentity: encryptProfileBIdentity(identity, cipher),
        appKey: 'M000000001',
        imei: undefined,
        dmVersion: undefined,
      });
    };
    assert.equal(judge(undefined), undefined);
    assert.equal(judge(epi(key, 'a verify field')), undefined);
    assert.equal(judge(epi(key, undefined)), undefined);
    assert.equal(judge(epi('123456789012345', undefined))?.code, Code.BadRequest);
    assert.equal(judge('nonsense')?.code, Code.BadRequest);
    passwords.clear();
    assert.equal(judge(epi(key, undefined))?.code, Code.BadRequest, 'after the key was revoked');
    assert.match(judge(undefined)?.reason ?? '', /appKey is revoked/, 'without epi too');
  });

  it('an Update of a device that left the allow-list gets 4.00', () => {
    const judge = (allowed: readonly string[]) =>
      platform(allowed).b.judgeUpdate?.({ endpoint: name, deviceKey: key, parameters: undefined });
    assert.equal(judge([key]), undefined);
    assert.equal(judge(['1'])?.code, Code.BadRequest);
  });
});

describe('profile C', () => {
  const nameC = {
    brand: 'CMDC',
    model: 'A1',
    appKey: 'M000000001',
    sdkVersion: '4.0.1',
    apiVersion: '4.0',
    apiType: undefined,
    templateId: undefined,
    imei1: key,
    imei2: undefined,
    reserved: [undefined, undefined, undefined] as const,
  };
  const text = `CMDC||A1||M000000001||4.0.1||4.0||***||***||${key}||***||***||***||***`;

  it('formats and reads its name', () => {
    assert.equal(formatProfileCName(nameC), text);
  });

  it('lets in who has an issued appKey, by IMEI', async () => {
    const { enrolC } = platform();
    assert.equal(await enrolC(text), key);
    const refused = await enrolC(text.replace('M000000001', 'M000000002'));
    assert.equal(typeof refused === 'object' && refused.code, Code.Forbidden);
  });

  it('an Update is taken while the appKey is issued and the allow-list has the device', () => {
    const judge = ({ c }: ReturnType<typeof platform>) =>
      c.judgeUpdate?.({ endpoint: text, deviceKey: key, parameters: undefined });
    const open = platform();
    assert.equal(judge(open), undefined);
    assert.equal(judge(platform(['1']))?.code, Code.BadRequest);
    open.passwords.clear();
    assert.deepEqual(judge(open), { code: Code.BadRequest, reason: 'the appKey is none that the platform issued' });
  });

  it('says what is wrong with a name', async () => {
    const { enrolC } = platform();
    const reasonOf = async (endpoint: string) => {
      const refused = await enrolC(endpoint);
      return typeof refused === 'object' ? refused.reason : 'none';
    };
    assert.match(await reasonOf('CMDC||A1'), /12 fields .* not 2/);
    assert.match(await reasonOf(`${text}||***`), /not more/);
    assert.match(await reasonOf(text.replace('CMDC', '')), /field 1 is empty/);
    assert.match(await reasonOf(text.replace('M000000001', 'M1')), /field 3 \(appKey\) is M and 9 digits/);
    assert.match(await reasonOf(text.replace(key, 'abc')), /field 8 \(IMEI\)/);
    assert.match(await reasonOf(text.replace(key, '***')), /no IMEI/);
  });

  it('records what the name says', async () => {
    const { c, records } = platform();
    await c.registered(key, { endpoint: text, address, time });
    const { brand, model, appKey, sdkVersion } = nameC;
    assert.deepEqual(records[0]?.identity, { brand, model, appKey, sdkVersion, version: '4.0', imei: key });
  });
});

describe('all profiles at once', () => {
  it('the separator tells which', () => {
    assert.equal(profileOfName('861111003929110;;;1.0'), 'a');
    assert.equal(profileOfName(name), 'b');
    assert.equal(profileOfName('a||b'), 'c');
    assert.equal(profileOfName('urn:dev:ops:000000-1'), 'plain');
    assert.equal(profileOfName('half;a;name'), 'plain');
  });

  it('sends every question to the right one', async () => {
    const { b, c, rules } = platform();
    const { createPlainProfile } = await import('@yaolian/lwm2m/server');
    const { createProfileA } = await import('./profile-a.ts');
    const auto = createProfileAuto({ a: createProfileA(rules), b, c, plain: createPlainProfile(rules) });
    const keyOf = async (endpoint: string) => {
      const enrolled = await auto.enrol({ endpoint, address, time });
      return enrolled.ok ? enrolled.value.deviceKey : enrolled.error.code;
    };
    assert.equal(await keyOf(name), key);
    assert.equal(await keyOf(`a||b||M000000001||***||***||***||***||${key}||***||***||***||***`), key);
    assert.equal(await keyOf('861111003929110;;111222333444555;1.0'), '111222333444555861111003929110');
    assert.equal(await keyOf('a plain name'), 'a plain name');
    assert.equal(auto.versionOf?.(name), 'v2.0');
    const parameters = { epi: 'nonsense' };
    assert.equal(auto.judgeUpdate?.({ endpoint: name, deviceKey: key, parameters })?.code, Code.BadRequest);
    assert.equal(auto.judgeUpdate?.({ endpoint: 'plain', deviceKey: key, parameters }), undefined);
  });
});
