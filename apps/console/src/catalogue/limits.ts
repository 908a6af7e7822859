import type { Text } from './text.ts';

/** What the platform was started with. */
export const limits = {
  'limits.title': { en: 'Limits', zh: '限额与配置' },
  'limits.lead': {
    en: 'The limits and settings that the platform runs with. They are set in its file, the environment or by flags, and hold until the next start.',
    zh: '平台当前的限额与配置。可通过配置文件、环境变量或命令行参数设置，重启后生效。',
  },
  'limits.search': { en: 'Find a setting', zh: '查找配置项' },
  'limits.changed': { en: 'Only what was changed', zh: '仅显示已更改的' },
  'limits.name': { en: 'Setting', zh: '配置项' },
  'limits.value': { en: 'Value', zh: '当前值' },
  'limits.default': { en: 'Default', zh: '默认值' },
  'limits.unset': { en: 'not set', zh: '未设' },
  'limits.hidden': { en: 'set, not shown', zh: '已设（不显示）' },
  'limits.none': { en: 'No setting fits.', zh: '没有符合条件的配置项。' },
  'limits.all-default': { en: 'Everything is as it comes.', zh: '全部为默认值。' },
} as const satisfies Record<string, Text>;
