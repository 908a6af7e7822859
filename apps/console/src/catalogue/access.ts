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
  'profile.title': { en: 'How names of terminals are read', zh: '终端名称的解析方式' },
  'profile.plain': { en: 'Plain OMA', zh: '标准 OMA' },
  'profile.china-mobile-a': { en: 'China Mobile A', zh: '中国移动 A 档' },
  'profile.china-mobile-b': { en: 'China Mobile B', zh: '中国移动 B 档' },
  'profile.china-mobile-c': { en: 'China Mobile C', zh: '中国移动 C 档' },
  'profile.auto': { en: 'By the form of each name', zh: '按名称格式自动识别' },
  'profile.plain.names': { en: 'Every name is taken as it is.', zh: '终端名称原样使用。' },
  'profile.china-mobile-a.names': {
    en: 'Only names such as IMEI;IMSI;CMEI;A.B get in.',
    zh: '仅接受 IMEI;IMSI;CMEI;A.B 格式的名称。',
  },
  'profile.china-mobile-b.names': {
    en: 'Only names such as T@#@ENC(…)@#@appKey get in; the appKey is one that was issued.',
    zh: '仅接受 T@#@ENC(…)@#@appKey 格式的名称，其中 appKey 须已签发。',
  },
  'profile.china-mobile-c.names': {
    en: 'Only names such as brand||model||appKey||… get in; the appKey is one that was issued.',
    zh: '仅接受 brand||model||appKey||… 格式的名称，其中 appKey 须已签发。',
  },
  'profile.auto.names': {
    en: 'Terminals of profiles A, B and C and plain ones get in side by side.',
    zh: 'A、B、C 档终端与标准终端可同时接入。',
  },
  'profile.app-keys': { en: 'To the appKeys', zh: '查看 AppKey' },
  'profile.lead': {
    en: 'Devices that are registered stay so until their next Register.',
    zh: '已注册的设备在下次注册之前不受影响。',
  },
  'profile.fixed': {
    en: 'The file, the environment or a flag sets "profile": change it there, or take it out and start the platform again.',
    zh: '“profile”由配置文件、环境变量或启动参数设定：请在该处修改，或移除后重新启动平台。',
  },
  'profile.changed': { en: 'It holds from the next Register on', zh: '自下次注册起生效' },
  'allowed.title': { en: 'Allow-list', zh: '白名单' },
  'allowed.empty.looking': {
    en: 'The list is empty. Operators add the keys of devices here.',
    zh: '白名单为空。操作员在此添加设备标识。',
  },
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
  'bootstrap.taken': {
    en: 'There is a configuration for that name already. Change that one.',
    zh: '该名称已有配置，请修改已有的配置。',
  },
  'bootstrap.saved': { en: '{endpoint} is set', zh: '已保存 {endpoint}' },
  'object-profiles.title': { en: 'Lists of objects that devices name by Profile ID', zh: 'Profile ID 对应的对象列表' },
  'object-profiles.lead': {
    en: 'A device of LwM2M 1.2 may register with a Profile ID instead of its list of objects. What an ID stands for is learned from the first device that sends both, and holds for all until it is forgotten here.',
    zh: 'LwM2M 1.2 设备注册时可用 Profile ID 代替对象列表。平台从首个同时发送两者的设备得知其含义，此后对所有设备有效，直到在此清除。',
  },
  'object-profiles.empty': {
    en: 'None is known yet. Nothing has to be set: a device that names an unknown ID is asked to send its list with it, which then stands here.',
    zh: '尚无。无需配置：设备使用未知的 Profile ID 时，平台会要求其同时发送对象列表，随后即显示在此。',
  },
  'object-profiles.id': { en: 'Profile ID', zh: 'Profile ID' },
  'object-profiles.list': { en: 'Objects', zh: '对象' },
  'object-profiles.since': { en: 'learned {time}', zh: '得知于 {time}' },
  'object-profiles.forget': { en: 'Forget {id}', zh: '清除 {id}' },
  'object-profiles.forget.action': { en: 'Forget', zh: '清除' },
  'object-profiles.forget.ask': {
    en: 'The next device that registers with it is asked for its list, and what that sends holds for all from then on. Devices that are registered keep the objects they have.',
    zh: '下一个使用它注册的设备需重新发送对象列表，此后以该列表为准。已注册的设备不受影响。',
  },
  'object-profiles.forgotten': { en: '{id} is forgotten', zh: '已清除 {id}' },
} as const satisfies Record<string, Text>;
