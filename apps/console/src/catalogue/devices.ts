import type { Text } from './text.ts';

export const devices = {
  'state.ONLINE': { en: 'online', zh: '在线' },
  'state.OFFLINE': { en: 'offline', zh: '离线' },
  'state.SLEEPING': { en: 'sleeping', zh: '休眠' },
  'devices.search': { en: 'Search by name, key, IMEI…', zh: '按名称、标识、IMEI 搜索…' },
  'devices.state': { en: 'State', zh: '状态' },
  'devices.state.all': { en: 'All', zh: '全部' },
  'devices.name': { en: 'Device', zh: '设备' },
  'devices.address': { en: 'Address', zh: '地址' },
  'devices.registered': { en: 'Registered', zh: '注册时间' },
  'devices.expires': { en: 'Expires', zh: '到期' },
  'devices.lifetime': { en: 'Lifetime', zh: '生存期' },
  'devices.table': { en: 'Devices in the order of their keys', zh: '按标识排序的设备' },
  'devices.count': { en: '{count} shown', zh: '已显示 {count} 台' },
  'devices.count.more': { en: '{count} shown, more below', zh: '已显示 {count} 台，向下滚动查看更多' },
  'devices.count.of': {
    en: '{count} of {total} shown, more below',
    zh: '共 {total} 台，已显示 {count} 台，向下滚动查看更多',
  },
  'devices.export': { en: 'Export CSV', zh: '导出 CSV' },
  'devices.export.running': { en: 'Exporting… {count}', zh: '正在导出… {count}' },
  'devices.none.title': { en: 'No device has come yet', zh: '还没有设备' },
  'devices.none.lead': {
    en: 'Point a terminal at one of these addresses; it appears here by itself as soon as it registers:',
    zh: '将终端指向以下任一地址；注册后会自动出现在这里：',
  },
  'devices.none.try': {
    en: 'Or start a simulated one in another terminal window:',
    zh: '或在另一个命令行窗口中启动一台模拟设备：',
  },
  'devices.unmatched.title': { en: 'No device matches', zh: '没有匹配的设备' },
  'devices.unmatched.lead': {
    en: 'Search looks into keys, endpoint names and identity fields.',
    zh: '搜索范围包括标识、终端名称和身份字段。',
  },
  'devices.unmatched.clear': { en: 'Show all devices', zh: '显示全部设备' },
} as const satisfies Record<string, Text>;
