import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AccountClient, AccountRefused } from './account-client.ts';

function server(answer: unknown) {
  const asked: [string, unknown][] = [];
  const client = new AccountClient({
    url: 'https://home.example/',
    post: async (url, body) => {
      asked.push([url, JSON.parse(body)]);
      return { status: 200, body: typeof answer === 'string' ? answer : JSON.stringify(answer) };
    },
  });
  return { client, asked };
}

const ann = { name: 'ann', password: 'correct-horse' };

test('§7.2, §7.3: users and devices are registered by the names of fields that the originators used', async () => {
  const { client, asked } = server({ code: 200, id: 'ann@home.example', message: 'registered' });
  assert.equal(await client.registerUser({ ...ann, nick: 'Ann' }), 'ann@home.example');
  const kettle = { name: 'kettle', password: 'p', verifyCode: '123456', deviceType: 't', vendor: 'v', model: 'm' };
  await client.registerDevice({ ...kettle, confirms: true });
  assert.deepEqual(asked, [
    ['https://home.example/rest/v1/user/register.json', { userName: 'ann', password: 'correct-horse', nick: 'Ann' }],
    [
      'https://home.example/rest/v1/device/register.json',
      {
        deviceName: 'kettle',
        password: 'p',
        verifyCode: '123456',
        deviceType: 't',
        vendor: 'v',
        model: 'm',
        confirm: '1',
      },
    ],
  ]);
});

test('206 §8.2: accounts are read, changed and removed, and codes are reset', async () => {
  const { client, asked } = server({ code: 200, id: 'k@h', message: 'ok', model: 'M', verifyCode: 'ABCDE-12345' });
  assert.deepEqual(await client.read(ann), { id: 'k@h', model: 'M', verifyCode: 'ABCDE-12345' });
  await client.modify(ann, { newPassword: 'better-horse' });
  await client.remove(ann);
  assert.equal(await client.resetCode(ann), 'ABCDE-12345');
  assert.deepEqual(
    asked.map(([url]) => url.slice('https://home.example/rest/v1/'.length)),
    ['user/read.json', 'user/modify.json', 'user/delete.json', 'device/verifycode.json'],
  );
});

test('what is refused has the code, and what is no account server is none', async () => {
  const taken = server({ code: 421, message: 'taken' }).client.registerUser(ann);
  await assert.rejects(taken, (error) => error instanceof AccountRefused && error.code === 421);
  await assert.rejects(server({ code: 500 }).client.registerUser(ann), /the account server refused \(500\)/);
  for (const nonsense of ['<html>', '[]', 'null', { code: '200' }]) {
    await assert.rejects(server(nonsense).client.registerUser(ann), { code: 'RA_NO_ACCOUNT_SERVER' });
  }
  await assert.rejects(server({ code: 200 }).client.registerUser(ann), { code: 'RA_ANSWER_MALFORMED' });
});
