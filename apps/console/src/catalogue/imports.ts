import type { Text } from './text.ts';

export const imports = {
  'import.progress': { en: '{done} of {total} lines sent', zh: '已发送 {done} / {total} 行' },
  'import.checking': { en: 'Checking the file', zh: '正在检查文件' },
  'import.unchanged': { en: '{count} {count:was|were} there already.', zh: '{count} 行已存在。' },
  'import.done': {
    en: '{added} {added:line is|lines are} added, {unchanged} {unchanged:was|were} there already.',
    zh: '已添加 {added} 行，{unchanged} 行已存在。',
  },
  'import.going': { en: 'Lines sent', zh: '已发送的行' },
  'import.stop': { en: 'Stop', zh: '停止' },
  'import.added': { en: '{count} {count:line is|lines are} added.', zh: '已添加 {count} 行。' },
  'import.stopped': {
    en: 'Stopped: {count} of {total} were added. Import the file again to go on.',
    zh: '已停止：共 {total} 行，已添加 {count} 行。再次导入该文件即可继续。',
  },
  'import.left': {
    en: '{count} {count:was|were} not sent: import the file again to go on.',
    zh: '{count} 行未发送，再次导入该文件即可继续。',
  },
  'import.refused': { en: '{count} {count:line was|lines were} not added', zh: '{count} 行未添加' },
  'import.nothing': {
    en: 'Nothing was sent. Mend these lines in the file, and choose it again.',
    zh: '尚未发送任何内容。请修正文件中的这些行后重新选择。',
  },
  'import.line': { en: 'Line {line}:', zh: '第 {line} 行：' },
  'import.further': { en: 'and {count} more', zh: '另有 {count} 行' },
  'import.report': { en: 'Save the report as CSV', zh: '将报告保存为 CSV' },
} as const satisfies Record<string, Text>;
