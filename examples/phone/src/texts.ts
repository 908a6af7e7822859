const texts = {
  title: { en: 'Home', zh: '我的家' },
  server: { en: 'Server', zh: '服务器' },
  account: { en: 'Account', zh: '账号' },
  password: { en: 'Password', zh: '密码' },
  signIn: { en: 'Sign in', zh: '登录' },
  signingIn: { en: 'Signing in…', zh: '正在登录…' },
  signOut: { en: 'Sign out', zh: '退出' },
  accountForm: { en: 'An account looks like ann@home.example', zh: '账号形如 ann@home.example' },
  serverForm: {
    en: 'A server looks like wss://home.example/xmpp-websocket',
    zh: '服务器形如 wss://home.example/xmpp-websocket',
  },
  notIn: { en: 'Account or password is not right', zh: '账号或密码不正确' },
  unreachable: { en: 'The server cannot be reached', zh: '无法连接服务器' },
  away: { en: 'The connection is gone; coming back…', zh: '连接已断开，正在重新连接…' },
  nothing: {
    en: 'No devices yet. Add one with the address and code that stand on it.',
    zh: '还没有设备。请输入设备上的地址和验证码来添加。',
  },
  add: { en: 'Add a device', zh: '添加设备' },
  device: { en: 'Address of the device', zh: '设备地址' },
  code: { en: 'Code', zh: '验证码' },
  wrongCode: { en: 'Address or code is not right', zh: '地址或验证码不正确' },
  online: { en: 'there', zh: '在线' },
  sleeping: { en: 'asleep', zh: '休眠' },
  offline: { en: 'away', zh: '离线' },
  pending: { en: 'press its button to agree', zh: '请在设备上确认' },
  queued: { en: 'Asleep: it is told when it wakes.', zh: '设备休眠，唤醒后执行。' },
  ended: { en: 'You may not see this any more', zh: '您已无权查看' },
  refused: { en: 'The device did not do it', zh: '设备未执行' },
} as const;

const language = navigator.language.startsWith('zh') ? 'zh' : 'en';
document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';

export type TextName = keyof typeof texts;

/** A text in the language of the browser. */
export const text = (name: TextName): string => texts[name][language];
