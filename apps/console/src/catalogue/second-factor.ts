import type { Text } from './text.ts';

export const secondFactor = {
  'second-factor.title': { en: 'Second factor', zh: '双因素认证' },
  'second-factor.off': {
    en: 'Your password alone lets you in. With an authenticator app, whoever learns it still cannot.',
    zh: '目前仅凭密码即可登录。启用身份验证器后，即使密码泄露他人也无法登录。',
  },
  'second-factor.on': {
    en: 'On since {since}. {count} recovery {count:code is|codes are} left.',
    zh: '自 {since} 起启用，剩余 {count} 个恢复码。',
  },
  'second-factor.begin': { en: 'Set up an authenticator app', zh: '设置身份验证器' },
  'second-factor.scan': {
    en: 'Scan this with your authenticator app, or type the secret into it; then enter the six digits that it shows.',
    zh: '请用身份验证器应用扫描，或手动输入密钥，然后填写显示的六位数字。',
  },
  'second-factor.qr': { en: 'QR code for an authenticator app', zh: '身份验证器二维码' },
  'second-factor.open': { en: 'On this phone: open the app', zh: '在本机打开身份验证器' },
  'second-factor.secret': { en: 'Secret', zh: '密钥' },
  'second-factor.code': { en: 'Six digits', zh: '六位数字' },
  'second-factor.confirm': { en: 'Switch on', zh: '启用' },
  'second-factor.codes.title': { en: 'Recovery codes', zh: '恢复码' },
  'second-factor.codes.kept': { en: 'I have kept them', zh: '我已保存' },
  'second-factor.codes': {
    en: 'Keep these recovery codes in a safe place. Each lets you in once when the app is lost; they are shown only now.',
    zh: '请妥善保存这些恢复码。应用丢失时每个可登录一次，仅此时显示。',
  },
  'second-factor.remove': { en: 'Switch off', zh: '停用' },
  'second-factor.removed': { en: 'Your password alone lets you in again', zh: '已恢复为仅凭密码登录' },
} as const satisfies Record<string, Text>;
