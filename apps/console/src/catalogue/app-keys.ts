import type { Text } from './text.ts';

/** AppKeys of vendors (China Mobile, profiles B and C). */
export const appKeys = {
  'app-keys.title': { en: 'AppKeys', zh: 'AppKey' },
  'app-keys.lead': {
    en: 'Terminals of China Mobile’s profiles B and C belong to a vendor. Its appKey stands in their endpoint names, and with its password they encrypt what they are and what they report.',
    zh: '中国移动 B、C 档终端属于某个厂商。终端名称中带有厂商的 AppKey，并用其密码加密身份与上报内容。',
  },
  'app-keys.empty': {
    en: 'None is issued: where the profile (Enrolment) reads names of B and C, their terminals are refused. Issue one for each vendor, and give it the appKey and the password.',
    zh: '尚未签发：若按 B、C 档解析终端名称（见“准入与引导”），其终端一律被拒绝。请为每个厂商签发一个，并将 AppKey 与密码交给厂商。',
  },
  'app-keys.empty.looking': {
    en: 'None is issued: where the profile (Enrolment) reads names of B and C, their terminals are refused. Admins issue one for each vendor.',
    zh: '尚未签发：若按 B、C 档解析终端名称（见“准入与引导”），其终端一律被拒绝。管理员为每个厂商签发一个。',
  },
  'app-keys.key': { en: 'AppKey', zh: 'AppKey' },
  'app-keys.vendor': { en: 'Vendor', zh: '厂商' },
  'app-keys.vendor.hint': { en: 'Whose it is, for people: terminals do not send it.', zh: '供识别之用，终端不上报。' },
  'app-keys.since': { en: 'Issued', zh: '签发时间' },
  'app-keys.issue': { en: 'Issue an appKey', zh: '签发 AppKey' },
  'app-keys.taken-over': { en: 'Another platform has issued it already', zh: '沿用其他平台已签发的 AppKey' },
  'app-keys.key.hint': { en: 'M and 9 digits, such as M100000001.', zh: 'M 加 9 位数字，例如 M100000001。' },
  'app-keys.password': { en: 'Password', zh: '密码' },
  'app-keys.password.hint': {
    en: '32 letters, digits and signs, without spaces. Empty: the vendor has none, and its terminals encrypt with 32 zeros.',
    zh: '32 个字母、数字或符号，不含空格。留空表示厂商没有密码，终端以 32 个 0 加密。',
  },
  'app-keys.issued': { en: '{appKey} is issued', zh: '已签发 {appKey}' },
  'app-keys.made': {
    en: 'The password of {appKey} ({vendor}), shown only now',
    zh: '{appKey}（{vendor}）的密码，仅显示一次',
  },
  'app-keys.made.hint': {
    en: 'The vendor puts it into its terminals, with the appKey. Lost, it cannot be had again: issue another appKey.',
    zh: '请连同 AppKey 交给厂商写入终端。密码遗失后无法找回，只能另行签发。',
  },
  'app-keys.revoke': { en: 'Revoke {appKey} of {vendor}', zh: '吊销 {appKey}（{vendor}）' },
  'app-keys.revoke.action': { en: 'Revoke', zh: '吊销' },
  'app-keys.revoke.ask': {
    en: 'None of its terminals registers any more. Those that are registered are refused at their next Update, offline when their lifetime ends, and what they report cannot be read. Only who has kept the password can undo it, by issuing the same appKey again.',
    zh: '其终端将无法再注册；已注册的终端下次更新注册时被拒绝，生存期结束后离线，上报内容也无法再读取。只有保存了密码，才能重新签发同一 AppKey 以恢复。',
  },
  'app-keys.revoked': { en: '{appKey} is revoked', zh: '已吊销 {appKey}' },
} as const satisfies Record<string, Text>;
