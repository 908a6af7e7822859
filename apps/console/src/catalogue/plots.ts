import type { Text } from './text.ts';

/** What stands at plots, of the console and of home. */
export const plots = {
  'plot.span': { en: 'Time shown', zh: '显示时段' },
  'plot.span.1h': { en: '1 hour', zh: '1 小时' },
  'plot.span.24h': { en: 'Day', zh: '1 天' },
  'plot.span.7d': { en: 'Week', zh: '1 周' },
  'plot.span.30d': { en: 'Month', zh: '1 月' },
  'plot.earlier': { en: 'Earlier', zh: '更早' },
  'plot.later': { en: 'Later', zh: '更晚' },
  'plot.closer': { en: 'Closer', zh: '放大' },
  'plot.wider': { en: 'Wider', zh: '缩小' },
  'plot.gap': { en: 'no value', zh: '无数据' },
  'plot.empty': { en: 'No values in this time.', zh: '此时段内无数据。' },
  'plot.table': { en: 'As a table', zh: '以表格显示' },
  'plot.time': { en: 'Time', zh: '时间' },
  'plot.values': { en: 'Values', zh: '数据' },
  'plot.keys': {
    en: 'Left and right arrow keys read it value by value, Home and End the first and the last.',
    zh: '按左右方向键可逐个读取数据，按 Home 与 End 键可读取最早与最新的数据。',
  },
  'plot.label': {
    en: '{name}: {count} {count:value|values}, the last is {value}',
    zh: '{name}：{count} 个数据，最新为 {value}',
  },
} as const satisfies Record<string, Text>;
