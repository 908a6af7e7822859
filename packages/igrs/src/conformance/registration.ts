import { parseXmlText } from '@yaolian/xmpp';
import { accountCodes } from '../account-codes.ts';
import { accountAnswerSchema } from '../schema/messages.ts';
import { faultIn } from '../schema/schema.ts';
import { must } from './bench.ts';
import type { RaCase } from './suite.ts';

const facts = { deviceType: 'thermostat', vendor: 'Yaolian', model: 'conformance' };

/** GB/T 29265.205 §7, and the codes of §7.4. */
export const registrationCases: readonly RaCase[] = [
  {
    id: '7.2-1',
    title: 'a user without a password is refused with 422',
    run: (bench) =>
      bench.refusesAccount(
        accountCodes.emptyPassword,
        bench.target.accounts.registerUser({ ...bench.proof('user'), password: '' }),
      ),
  },
  {
    id: '7.2-2',
    title: 'users register, and get their addresses',
    async run(bench) {
      for (const who of ['user', 'friend', 'guesser'] as const) {
        const id = await bench.target.accounts.registerUser(bench.proof(who));
        must(id === bench.address(who), `the address is ${id}, not ${bench.address(who)}`);
      }
    },
  },
  {
    id: '7.2-3',
    title: 'a name that is taken is refused with 421',
    run: (bench) =>
      bench.refusesAccount(accountCodes.userExists, bench.target.accounts.registerUser(bench.proof('user'))),
  },
  {
    id: '7.3-1',
    title: 'a device without a verification code is refused with 423',
    run: (bench) =>
      bench.refusesAccount(
        accountCodes.emptyVerificationCode,
        bench.target.accounts.registerDevice({ ...bench.proof('device'), ...facts, verifyCode: '' }),
      ),
  },
  {
    id: '7.3-2',
    title: 'a device registers, and gets its address',
    async run(bench) {
      const { accounts, verifyCode } = bench.target;
      for (const who of ['device', 'second'] as const) {
        const confirms = who === 'second';
        const id = await accounts.registerDevice({ ...bench.proof(who), ...facts, verifyCode, confirms });
        must(id === bench.address(who), `the address is ${id}, not ${bench.address(who)}`);
      }
    },
  },
  {
    id: '7.3-3',
    title: 'a device that exists is refused with 424',
    run: (bench) => {
      const { accounts, verifyCode } = bench.target;
      const again = accounts.registerDevice({ ...bench.proof('device'), ...facts, verifyCode });
      return bench.refusesAccount(accountCodes.deviceExists, again);
    },
  },
  {
    id: '7.4-1',
    title: 'a wrong password is refused with 400',
    run: (bench) =>
      bench.refusesAccount(
        accountCodes.badRequest,
        bench.target.accounts.read({ ...bench.proof('user'), password: `not-${bench.target.password}` }),
      ),
  },
  {
    id: '7.4-2',
    title: 'a form is answered in XML, with its code and the address',
    async run(bench) {
      const { name, password } = bench.proof('user');
      const form = new URLSearchParams({ userName: name, password }).toString();
      const { body } = await bench.target.post('/rest/v1/user/read.xml', form, 'application/x-www-form-urlencoded');
      const parsed = parseXmlText(body.replace(/^<\?xml[^>]*\?>\s*/, ''));
      must(parsed.ok && parsed.value.is('response', ''), 'the answer is no <response/>');
      const answer = parsed.value;
      const fault = faultIn(answer, accountAnswerSchema);
      must(fault === undefined, `the answer: ${fault}`);
      must(answer.childText('code') === '200', `the code is ${answer.childText('code')}`);
      must(answer.childText('id') === bench.address('user'), `the address is ${answer.childText('id')}`);
    },
  },
  {
    id: '7.4-3',
    title: 'an account of another domain is refused with 400',
    async run(bench) {
      const { name, password } = bench.proof('user');
      const asked = JSON.stringify({ userName: `${name}-3`, password, domain: `not-${bench.target.domain}` });
      const { body } = await bench.target.post('/rest/v1/user/register.json', asked, 'application/json');
      const { code } = JSON.parse(body) as { readonly code?: unknown };
      must(code === accountCodes.badRequest, `the code is ${String(code)}, not ${accountCodes.badRequest}`);
    },
  },
  {
    id: '7.5-1',
    title: 'what an account is called is changed, and read (GB/T 29265.206 §8.2.2)',
    async run(bench) {
      const { accounts } = bench.target;
      await accounts.modify(bench.proof('user'), { nick: 'Conformance' });
      const { nick } = await accounts.read(bench.proof('user'));
      must(nick === 'Conformance', `the nick is "${nick}"`);
    },
  },
  {
    id: '7.5-2',
    title: 'a device resets its code over HTTPS (GB/T 29265.206 §8.2.4)',
    async run(bench) {
      const code = await bench.target.accounts.resetCode(bench.proof('device'));
      must(code !== '' && code !== bench.code, 'the new code is the old one');
      bench.code = code;
    },
  },
  {
    id: '7.5-4',
    title: 'whether a device is asked before a user owns it is read, and changed (GB/T 29265.206 §8.2.2)',
    async run(bench) {
      const { accounts } = bench.target;
      const second = bench.proof('second');
      for (const confirms of [true, false, true]) {
        await accounts.modify(second, { confirms });
        const { confirm } = await accounts.read(second);
        must(confirm === (confirms ? '1' : '0'), `confirm is "${confirm}"`);
      }
    },
  },
];

/** GB/T 29265.206 §8.2.3. */
export const registrationEndCases: readonly RaCase[] = [
  {
    id: '7.5-3',
    title: 'accounts are removed, and known no more',
    async run(bench) {
      const { accounts } = bench.target;
      await bench.close();
      for (const who of ['device', 'second', 'guesser', 'friend', 'user'] as const)
        await accounts.remove(bench.proof(who));
      await bench.refusesAccount(accountCodes.badRequest, accounts.read(bench.proof('user')));
    },
  },
];
