import { AccountRefused } from '../../client/account-client.ts';
import { must } from '../bench.ts';
import { accountCase } from './asked-case.ts';
import type { ClientCase } from './client-suite.ts';

/** GB/T 29265.205 §7; GB/T 29265.206 §8.2: what it does with the account that it has. */
export const accountCases: readonly ClientCase[] = [
  accountCase({
    id: '7-2',
    title: 'it reads its account',
    zh: '读取自己的账号',
    verb: 'read',
    en: 'show what the account server knows of the account',
    zhStep: '显示账号服务器上该账号的信息',
  }),
  accountCase({
    id: '7-3',
    title: 'it changes its account',
    zh: '修改自己的账号',
    verb: 'modify',
    en: 'change the nickname of the account, or the model of the device',
    zhStep: '修改账号的昵称，或设备的型号',
  }),
];

/** The last that is done. */
export const accountEndCases: readonly ClientCase[] = [
  accountCase({
    id: '7-4',
    title: 'it deletes its account, which is gone then',
    zh: '删除自己的账号，账号随之不复存在',
    verb: 'delete',
    en: 'delete the account',
    zhStep: '删除账号',
    async after({ under, bench, who, ownPassword }) {
      const proof = { name: bench.name(who), password: ownPassword ?? under.target.password };
      const isThere = await under.target.accounts.read(proof).then(
        () => true,
        (error: unknown) => {
          if (error instanceof AccountRefused) return false;
          throw error;
        },
      );
      must(!isThere, 'the account is still there');
    },
  }),
];
