import type { Text } from './text.ts';

/** "Try it": a simulated device and the steps of the tour. */
export const tour = {
  'try.title': { en: 'See it work in two minutes', zh: '两分钟快速体验' },
  'try.lead': {
    en: 'Start a simulated device inside the platform and let yourself be led: it registers, you read it, you watch it live.',
    zh: '在平台内启动一台模拟设备，按提示完成注册、读取和实时查看。',
  },
  'try.action': { en: 'Add a simulated device', zh: '添加模拟设备' },
  'try.starting': { en: 'It starts and registers…', zh: '正在启动并注册…' },
  'try.stop.short': { en: 'Stop', zh: '停止' },
  'try.stop': { en: 'Stop the simulated device {name}', zh: '停止模拟设备 {name}' },
  'try.stop.ask': {
    en: 'It signs off and cannot be started again; another one can be added. The device and its history stay in the list until you remove them.',
    zh: '设备将注销，且无法再次启动，但可另行添加。设备及其历史数据仍保留在列表中，直至您将其删除。',
  },
  'try.running': { en: 'Simulated devices that run', zh: '运行中的模拟设备' },
  'tour.title': { en: 'Your first device', zh: '您的第一台设备' },
  'tour.step.registered': { en: 'It registered: the platform knows it now', zh: '设备已注册，平台已识别' },
  'tour.step.read': { en: 'Read it: press “Read all” at Device', zh: '读取：点击“设备”对象的“全部读取”' },
  'tour.step.observe': {
    en: 'Observe it: press the chart beside Sensor Value of Temperature',
    zh: '订阅：点击“温度”对象中“传感器数值”旁的曲线图标',
  },
  'tour.step.write': { en: 'Change it: write another Timezone', zh: '修改：为“时区”写入新值' },
  'tour.step.share': {
    en: 'Share it: press “Share” under About; the code is for its user',
    zh: '共享：在“详情”中点击“共享”，得到给用户的验证码',
  },
  'tour.step.bind': {
    en: 'Be its user: register at the owner’s home, and add it with that code',
    zh: '绑定：在用户主页注册，用该验证码添加设备',
  },
  'tour.home': { en: 'Open the owner’s home', zh: '打开用户主页' },
  'tour.show': { en: 'Show me', zh: '指给我看' },
  'tour.done': {
    en: 'That is all it takes. Real devices look just the same.',
    zh: '就这么简单，真实设备的操作完全相同。',
  },
  'tour.end': { en: 'End the tour', zh: '结束导览' },
} as const satisfies Record<string, Text>;
