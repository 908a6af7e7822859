import type { Text } from './text.ts';

export const audit = {
  'audit.title': { en: 'Who did what', zh: '审计日志' },
  'audit.lead': {
    en: 'Every change that operators made, what they looked at, and what users of Remote Access did with devices; the newest first.',
    zh: '操作员的每次更改与查看，以及远程访问用户对设备的操作，最新的在前。',
  },
  'audit.actor': { en: 'By whom', zh: '操作者' },
  'audit.device': { en: 'Device', zh: '设备' },
  'audit.time': { en: 'When', zh: '时间' },
  'audit.action': { en: 'What', zh: '操作' },
  'audit.outcome': { en: 'Outcome', zh: '结果' },
  'audit.empty': { en: 'Nothing of that kind is written down.', zh: '没有符合条件的记录。' },
  'audit.looks': { en: 'With those who only looked', zh: '包含查看记录' },
  'audit.export': { en: 'Save as CSV', zh: '导出 CSV' },
  'audit.exporting': { en: '{count} so far; stop', zh: '已导出 {count} 条，停止' },
  'audit.door.rest': { en: 'operator', zh: '操作员' },
  'audit.door.ra': { en: 'user, messages', zh: '用户（消息）' },
  'audit.door.https': { en: 'user, browser', zh: '用户（浏览器）' },
  'messages.everything': { en: 'Messages of everybody', zh: '全部报文' },
  'messages.everything.lead': {
    en: 'Every message of every device, and of senders that nobody knows: for terminals that do not get in.',
    zh: '所有设备以及未知来源的报文，可用于排查无法接入的终端。',
  },
} as const satisfies Record<string, Text>;
