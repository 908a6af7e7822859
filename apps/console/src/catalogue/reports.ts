import type { Text } from './text.ts';

/** Reporting rules of terminals of China Mobile's profile C. */
export const reports = {
  'reports.title': { en: 'Reporting rules', zh: '上报规则' },
  'reports.lead': {
    en: 'What terminals of China Mobile’s profile C report, and when. A terminal has the rules of the group with most conditions that it meets; of equals the first by name counts.',
    zh: '中国移动 C 档终端的上报内容与时间。终端适用其满足条件最多的组；条件数相同时，以名称排在最前的组为准。',
  },
  'reports.add': { en: 'Add a group', zh: '添加规则组' },
  'reports.edit': { en: 'Change {name}', zh: '修改 {name}' },
  'reports.change': { en: 'Change', zh: '修改' },
  'reports.saved': { en: '{name} is saved; registered terminals are told', zh: '已保存 {name}，并将告知已注册的终端' },
  'reports.remove': { en: 'Remove {name}', zh: '删除 {name}' },
  'reports.remove.ask': {
    en: 'Its terminals get the rules of the next group that fits them, at the latest those of “default”.',
    zh: '其终端将改用下一个符合的组，最终为 default 的规则。',
  },
  'reports.built-in': { en: 'built in', zh: '内置' },
  'reports.name': { en: 'Name', zh: '名称' },
  'reports.name.hint': {
    en: 'Letters, digits, “.”, “_” and “-”, beginning with a letter or digit.',
    zh: '由字母、数字、“.”、“_” 和 “-” 组成，以字母或数字开头。',
  },
  'reports.terminals': { en: 'Which terminals', zh: '适用终端' },
  'reports.terminals.hint': {
    en: 'Exactly as the terminals name them; empty: any.',
    zh: '须与终端上报的完全一致；留空表示不限。',
  },
  'reports.all': { en: 'all', zh: '全部' },
  'reports.app-key': { en: 'AppKey', zh: 'AppKey' },
  'reports.app-key.hint': { en: 'M and 9 digits', zh: 'M 加 9 位数字' },
  'reports.brand': { en: 'Brand', zh: '品牌' },
  'reports.model': { en: 'Model', zh: '型号' },
  'reports.yields': { en: 'Yields to', zh: '让位于' },
  'reports.yields.to': {
    en: '{names}: terminals that meet both are of the group that comes first by name.',
    zh: '{names}：同时符合两组的终端归入名称排在前面的组。',
  },
  'reports.rules': { en: 'When', zh: '上报时间' },
  'reports.rules.text': {
    en: 'every {reportTime} min, {reportNum} times; heartbeat every {heartBeatTime} min; a failed report again after {retryInterval} min, {retryNum} times',
    zh: '每 {reportTime} 分钟上报，共 {reportNum} 次；每 {heartBeatTime} 分钟心跳；失败后 {retryInterval} 分钟重试，最多 {retryNum} 次',
  },
  'reports.report-time': { en: 'Minutes between two reports', zh: '上报间隔（分钟）' },
  'reports.report-num': { en: 'Reports at most', zh: '最多上报次数' },
  'reports.heart-beat-time': { en: 'Minutes between two heartbeats', zh: '心跳间隔（分钟）' },
  'reports.retry-interval': { en: 'Minutes until a failed report is tried again', zh: '失败后重试间隔（分钟）' },
  'reports.retry-num': { en: 'Tries at most', zh: '最多重试次数' },
  'reports.fields': { en: 'Fields', zh: '上报字段' },
  'reports.fields.hint': { en: 'With commas between: imsi, mac', zh: '以逗号分隔，例如 imsi, mac' },
  'reports.fields.hint.new': {
    en: 'With commas between: imsi, mac. Empty: all that are known.',
    zh: '以逗号分隔，例如 imsi, mac。留空表示全部已知字段。',
  },
  'reports.address': { en: 'Another server', zh: '另一服务器' },
  'reports.address.hint': {
    en: 'Where the terminals register from now on, such as coap://dm.example.com:5683; empty: here.',
    zh: '终端此后注册的服务器，例如 coap://dm.example.com:5683；留空表示本平台。',
  },
  'reports.of-device': { en: '{counts} counts', zh: '以 {counts} 为准' },
  'reports.of-device.also': { en: '{counts} counts; {others} would fit, too', zh: '以 {counts} 为准；{others} 也符合' },
} as const satisfies Record<string, Text>;
