import type { Text } from './text.ts';

/** What the platform was started with. */
export const limits = {
  'limits.title': { en: 'Limits', zh: '限额与配置' },
  'limits.lead': {
    en: 'The limits and settings that the platform runs with. They are set in its file, the environment or by flags, and hold until the next start; those of history an admin changes here.',
    zh: '平台当前的限额与配置。可通过配置文件、环境变量或命令行参数设置，重启后生效；历史数据的配置项可由管理员在此修改，立即生效。',
  },
  'limits.search': { en: 'Find a setting', zh: '查找配置项' },
  'limits.changed': { en: 'Only what was changed', zh: '仅显示已更改的' },
  'limits.name': { en: 'Setting', zh: '配置项' },
  'limits.value': { en: 'Value', zh: '当前值' },
  'limits.default': { en: 'Default', zh: '默认值' },
  'limits.unset': { en: 'not set', zh: '未设' },
  'limits.hidden': { en: 'set, not shown', zh: '已设（不显示）' },
  'limits.change': { en: 'Change {name}', zh: '修改 {name}' },
  'limits.change.action': { en: 'Change', zh: '修改' },
  'limits.change.hint': { en: '{range}, such as {example}', zh: '{range}，例如 {example}' },
  'limits.change.less': {
    en: 'It holds at once and over restarts. What is not to be kept any more is removed within ten minutes, for good.',
    zh: '立即生效，重启后仍然有效。不再保留的数据将在十分钟内永久删除。',
  },
  'limits.changed.done': { en: '{name} is {value} now', zh: '{name} 现为 {value}' },
  'limits.reset': { en: 'Default again', zh: '恢复默认值' },
  'limits.fixed': { en: 'set at the start', zh: '启动时已设定' },
  'limits.none': { en: 'No setting fits.', zh: '没有符合条件的配置项。' },
  'limits.all-default': { en: 'Everything is as it comes.', zh: '全部为默认值。' },
} as const satisfies Record<string, Text>;
