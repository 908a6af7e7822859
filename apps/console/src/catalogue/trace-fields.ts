import { traceInChinese } from './trace-words.ts';

/**
 * In Chinese, the fields of decoded layers by their names in the standards. Names of options (`Uri-Path`), of paths and of their
 * resources are not among them: they are the same in every language. Only the panel of messages has them.
 */
export const traceFields: Readonly<Record<string, string>> = {
  // CoAP: RFC 7252 §3, RFC 8323 §3.2.
  Version: '版本',
  Type: '类型',
  'Token length': 'Token 长度',
  Code: '代码',
  'Message ID': '报文 ID',
  Token: 'Token',
  Length: '长度',
  Malformed: '格式有误',

  // DTLS: RFC 6347 §4.1, §4.2.
  Record: '记录',
  'Content type': '内容类型',
  Epoch: '纪元（Epoch）',
  'Sequence number': '序列号',
  'Connection ID': '连接 ID',
  Encrypted: '已加密',
  Level: '级别',
  Description: '描述',
  Handshake: '握手',
  'Message type': '报文类型',
  'Message length': '报文长度',
  'Message sequence': '报文序号',
  Fragment: '分片',
  Random: '随机数',
  Cookie: 'Cookie',
  'Cipher suite': '密码套件',
  'Cipher suites': '密码套件',
  'PSK identity': 'PSK 标识',

  // LwM2M.
  Operation: '操作',
  Path: '路径',
  Payload: '载荷',
  Part: '部分',
  Link: '链接',
  Diagnostic: '诊断信息',
  Arguments: '参数',
  Text: '文本',
  'Not readable': '无法解读',
};

const valueWords: Readonly<Record<string, string>> = {
  'CON (confirmable)': 'CON（需确认）',
  'NON (non-confirmable)': 'NON（无需确认）',
  'ACK (acknowledgement)': 'ACK（确认）',
  'RST (reset)': 'RST（重置）',
  'of a body that goes in blocks (RFC 7959)': '分块传输的一部分（RFC 7959）',
  none: '无',
  empty: '空',
  fatal: '致命',
  warning: '警告',
};

const valueForms: readonly (readonly [RegExp, (first: string, second: string) => string])[] = [
  [/^(\d+) bytes$/, (count) => `${count} 字节`],
  [/^(\d+) bytes of (.+)$/, (count, format) => `${count} 字节，格式为 ${format}`],
  [/^(\d+) to (\d+)$/, (from, to) => `第 ${from} 至 ${to} 字节`],
  [/^(\d+)\/more\/(\d+)$/, (number, size) => `第 ${number} 块，后续还有，每块 ${size} 字节`],
  [/^(\d+)\/last\/(\d+)$/, (number, size) => `第 ${number} 块（最后一块），每块 ${size} 字节`],
];

/** Fields that hold words of the peer. So do those of resources, which are named by a path. */
const peersOwn: ReadonlySet<string> = new Set(['Link', 'Diagnostic', 'Arguments', 'Text', 'PSK identity']);

/** What a field says in Chinese. What is the same in every language stays, and so do the words of the peer. */
export function fieldInChinese(name: string, value: string): string {
  if (peersOwn.has(name) || name.startsWith('/')) return value;
  if (Object.hasOwn(valueWords, value)) return valueWords[value]!;
  for (const [form, tell] of valueForms) {
    const found = form.exec(value);
    if (found !== null) return tell(found[1]!, found[2] ?? '');
  }
  return Object.hasOwn(traceFields, name) ? traceInChinese(value) : value;
}
