import type { Text } from './text.ts';

export const access = {
  'enrolment.title': { en: 'Who may register', zh: '准入规则' },
  'enrolment.mode.open': { en: 'Every device', zh: '所有设备' },
  'enrolment.mode.allow-list': { en: 'Only those on the allow-list', zh: '仅白名单设备' },
  'enrolment.lead': {
    en: 'Devices that are registered stay so until their next Update.',
    zh: '已注册的设备在下次更新注册之前不受影响。',
  },
  'enrolment.changed': { en: 'Set', zh: '已设置' },
  'allowed.title': { en: 'Allow-list', zh: '白名单' },
  'allowed.empty': {
    en: 'The list is empty. Add the keys of devices, one a line.',
    zh: '白名单为空。请添加设备标识，每行一个。',
  },
  'allowed.add': { en: 'Add devices', zh: '添加设备' },
  'allowed.keys': { en: 'Device keys, one a line; a note after a comma', zh: '设备标识，每行一个；逗号后可加备注' },
  'allowed.file': { en: 'Or from a CSV file', zh: '或从 CSV 文件导入' },
  'allowed.key': { en: 'Key', zh: '标识' },
  'allowed.note': { en: 'Note', zh: '备注' },
  'allowed.since': { en: 'Since', zh: '添加时间' },
  'allowed.remove.ask': {
    en: 'It cannot register again while only listed devices may. A registration that it has goes on.',
    zh: '仅限白名单时，该设备将无法再次注册；已有注册不受影响。',
  },
  'allowed.remove': { en: 'Take {key} off the list', zh: '从白名单移除 {key}' },
  'bootstrap.title': { en: 'What terminals are told at bootstrap', zh: '引导配置' },
  'bootstrap.lead': {
    en: '“default” is for every terminal that has no configuration of its own.',
    zh: '“default”适用于没有单独配置的终端。',
  },
  'bootstrap.empty': {
    en: 'Nothing is set: terminals that ask for bootstrap are refused.',
    zh: '尚未配置：请求引导的终端将被拒绝。',
  },
  'bootstrap.endpoint': { en: 'Endpoint name', zh: '终端名称' },
  'bootstrap.servers': { en: 'Servers', zh: '服务器' },
  'bootstrap.add': { en: 'Add a configuration', zh: '添加配置' },
  'bootstrap.edit': { en: 'Edit {endpoint}', zh: '编辑 {endpoint}' },
  'bootstrap.remove': { en: 'Remove {endpoint}', zh: '删除 {endpoint}' },
  'bootstrap.remove.ask': {
    en: 'Terminals that it is for get “default”, or are refused where there is none.',
    zh: '相应终端将改用“default”；若没有默认配置，则被拒绝。',
  },
  'bootstrap.configuration': {
    en: 'Configuration (JSON, as the API describes it)',
    zh: '配置（JSON，格式见 API 文档）',
  },
  'bootstrap.no-json': { en: 'This is not JSON: {message}', zh: 'JSON 格式错误：{message}' },
  'bootstrap.saved': { en: '{endpoint} is set', zh: '已保存 {endpoint}' },
} as const satisfies Record<string, Text>;
