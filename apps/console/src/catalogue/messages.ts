import type { Text } from './text.ts';

export const messages = {
  'messages.empty': {
    en: 'Record what this device and the platform say to each other: every DTLS and CoAP message, taken apart to the last byte.',
    zh: '记录该设备与平台之间的全部交互：每一条 DTLS 与 CoAP 报文，逐层解析到字节。',
  },
  'messages.empty.all': {
    en: 'Record what all devices and the platform say to each other: every DTLS and CoAP message, taken apart to the last byte.',
    zh: '记录所有设备与平台之间的全部交互：每一条 DTLS 与 CoAP 报文，逐层解析到字节。',
  },
  'messages.start': { en: 'Record for an hour', zh: '记录一小时' },
  'messages.stop': { en: 'Stop', zh: '停止记录' },
  'messages.forget': { en: 'Forget', zh: '清除记录' },
  'messages.forget.ask': {
    en: 'The recorded messages are gone then. Export them first if somebody may still want them.',
    zh: '已记录的报文将被删除。如仍需要，请先导出。',
  },
  'messages.export': { en: 'Export for Wireshark', zh: '导出（Wireshark）' },
  'messages.recording': { en: 'Recording until {until}', zh: '正在记录，至 {until}' },
  'messages.stopped': { en: 'Not recording', zh: '未在记录' },
  'messages.kept': { en: '{count} {count:message|messages}', zh: '{count} 条报文' },
  'messages.forgotten': { en: '{count} older {count:one|ones} had to go', zh: '已丢弃较早的 {count} 条' },
  'messages.filter': { en: 'Filter messages', zh: '筛选报文' },
  'messages.direction': { en: 'Direction', zh: '方向' },
  'messages.direction.all': { en: 'Both directions', zh: '全部方向' },
  'messages.direction.in': { en: 'From the device', zh: '来自设备' },
  'messages.direction.out': { en: 'To the device', zh: '发往设备' },
  'messages.direction.event': { en: 'Events', zh: '事件' },
  'messages.waiting': {
    en: 'Nothing was said yet. Read a resource, or wait.',
    zh: '暂无报文。可读取一个资源，或等待设备上报。',
  },
  'messages.unmatched': {
    en: 'No recorded message matches. Search for a path, an operation or an answer: /3/0, Read, 4.04.',
    zh: '没有符合条件的报文。可搜索路径、操作或应答，例如 /3/0、Read、4.04。',
  },
  'messages.number': { en: 'No.', zh: '序号' },
  'messages.time': { en: 'Time', zh: '时间' },
  'messages.message': { en: 'Message', zh: '报文' },
  'messages.length': { en: 'Bytes', zh: '字节' },
  'messages.bytes.wire': { en: 'Bytes on the wire', zh: '线上字节' },
  'messages.bytes.message': { en: 'Bytes of the message', zh: '报文字节' },
  'messages.bytes.plaintext': { en: 'Bytes inside OSCORE', zh: 'OSCORE 内部字节' },
  'messages.gone': { en: 'This message had to go for newer ones.', zh: '该报文已被较新的报文替换。' },
} as const satisfies Record<string, Text>;
