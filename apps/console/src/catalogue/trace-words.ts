import { connectionFailure } from './connection-failures.ts';
import { traceFailures } from './trace-failures.ts';

/**
 * In Chinese, the words of the message trace that are not names of protocols: what became of a message, what happened beside
 * messages, what is no message. The English ones are the platform's own. Only the panel of messages has them.
 */
export const traceWords: Readonly<Record<string, string>> = {
  // What became of a message.
  duplicate: '重复报文',
  retransmission: '重传',
  'repeated answer': '重复应答',
  'rate limited': '超出速率限制',
  'unexpected response': '意外的应答',
  'notification from elsewhere': '来自其他地址的通知',
  'unexpected acknowledgement': '意外的确认',
  'unexpected reset': '意外的 Reset',
  'empty non-confirmable': '空的 NON 报文',
  'misplaced code': '代码位置有误',
  'multicast confirmable': '组播的 CON 报文',
  'internal error': '平台内部错误',
  'reserved code class': '保留的代码类别',
  'unknown signaling code': '未知的信令代码',
  'ClientHello too short for a cookie': 'ClientHello 过短，无法以 Cookie 应答',
  'data before the handshake was done': '握手完成前的数据',
  'malformed ClientHello': 'ClientHello 格式有误',
  'no handshake': '没有对应的握手',
  'no session': '没有对应的会话',
  'not authentic': '未通过完整性校验',
  'progress cannot be stored': '无法保存会话进度',
  renegotiation: '不支持重新协商',
  'too long': '过长',
  'too short': '过短',
  'too many handshakes': '握手过多',
  'too many sessions': '会话过多',
  'too much waits to be stored': '等待保存的数据过多',
  'unexpected content type': '意外的内容类型',
  'unexpected record in the clear': '意外的明文记录',

  // What is no message.
  'unknown version': '未知版本',
  'unknown content type': '未知的内容类型',
  'too many options': '选项过多',
  'reserved option delta': '保留的选项增量',
  'reserved option length': '保留的选项长度',
  'reserved token length': '保留的 Token 长度',
  'truncated option': '选项不完整',
  'truncated token': 'Token 不完整',
  'truncated message': '报文不完整',
  'truncated record': '记录不完整',
  'option number out of range': '选项编号超出范围',
  'message too large': '报文过大',
  'length in a WebSocket message': 'WebSocket 报文不应带长度',
  'empty datagram': '空数据报',
  'malformed alert': 'Alert 格式有误',
  'malformed handshake': '握手报文格式有误',
  'no handshake fragment': '不是握手分片',
  'no ClientHello': '不是 ClientHello',
  'no ServerHello': '不是 ServerHello',

  // What DTLS carries.
  'application data': '应用数据',
  handshake: '握手报文',
  'record with a Connection ID': '带 Connection ID 的记录',
  'return routability check': '回程可达性检查',

  // What happened beside messages.
  'a connection was opened': '连接已建立',
  'a message was refused: too many wait already': '报文被拒绝：等待发送的报文过多',
  'a message waits behind another': '报文正在等待前一个报文',
  'the flight of the handshake is sent again': '重发当前一轮握手报文',
  'closed by us': '由平台关闭',
  'closed by the peer': '由对端关闭',
  alert: 'Alert',
  replaced: '已被新会话取代',
  evicted: '因会话过多被淘汰',
  idle: '长时间无通信',
};

const forms: readonly (readonly [RegExp, (rest: string, more: string) => string])[] = [
  [/^no CoAP message: (.*)$/, (reason) => `不是 CoAP 报文：${word(reason)}`],
  [/^the handshake failed: (.*)$/, (reason) => `握手失败：${failure(reason)}`],
  [/^the connection ended: it aborted: (.*)$/, (reason) => `连接结束：对端中止：${failure(reason)}`],
  [/^the connection ended: (.*)$/, (reason) => `连接结束：${failure(reason)}`],
  [/^the network refused a datagram: (.*)$/, (reason) => `网络拒绝了数据报：${connectionText(reason)}`],
  [
    /^gave up: message (\d+) was sent (\d+) times and nobody acknowledged it$/,
    (message, times) => `放弃：报文 ${message} 已发送 ${times} 次，均无确认`,
  ],
  [/^the session is over: (.*)$/, (reason) => `会话结束：${word(reason)}`],
  [/^the session moved here from (.*)$/, (address) => `会话已从 ${address} 迁移至此`],
  [/^a session is open: (.*), resumed$/, (suite) => `会话已恢复：${suite}`],
  [/^a session is open: (.*)$/, (suite) => `会话已建立：${suite}`],
  // What a response answers: `ACK 2.05 Content to Read /3/0/0`.
  [
    /^((?:[A-Z]{3} )?(?:OSCORE )?[2-5]\.\d\d(?: \w+)?) to (.*)$/,
    (response, request) => `${response}（应答 ${request}）`,
  ],
  [/^(.*) \(protected\)$/, (message) => `${message}（受 OSCORE 保护，无法解开）`],
  [/^([A-Z]{3}) empty$/, (type) => `${type}（空）`],
];

/** Of the records and handshake messages of a datagram. */
const recordForms: typeof forms = [
  [/^no DTLS record: (.*)$/, (reason) => `不是 DTLS 记录：${word(reason)}`],
  [/^(.*) \(encrypted\)$/, (name) => `${word(name)}（已加密）`],
  [/^(.*) \(fragment\)$/, (name) => `${word(name)}（分片）`],
  [/^alert (.*) \(fatal\)$/, (name) => `Alert ${name}（致命）`],
  [/^alert (.*) \(warning\)$/, (name) => `Alert ${name}（警告）`],
];

const failureForms: typeof forms = [
  [/^the peer sent (.*)$/, (alert) => `对端发送了 ${alert}`],
  [/^malformed (.*)$/, (message) => `${message} 格式有误`],
  [/^unexpected (.*) in place of (.*)$/, (message, wanted) => `收到 ${message}，应为 ${wanted}`],
  [/^unexpected (.*) \((.*) was awaited\)$/, (message, wanted) => `意外的 ${message}（应为 ${wanted}）`],
  [/^unexpected (.*)$/, (message) => `意外的 ${message}`],
  [/^option (\d+) is not understood$/, (option) => `无法识别选项 ${option}`],
];

function failure(text: string): string {
  if (Object.hasOwn(traceFailures, text)) return traceFailures[text]!;
  return inForm(text, failureForms) ?? connectionText(word(text));
}

function connectionText(text: string): string {
  return connectionFailure(text)?.zh ?? text;
}

function word(text: string): string {
  return Object.hasOwn(traceWords, text) ? traceWords[text]! : text;
}

function inForm(text: string, among: typeof forms): string | undefined {
  for (const [form, tell] of among) {
    const found = form.exec(text);
    if (found !== null) return tell(found[1]!, found[2] ?? '');
  }
  return undefined;
}

/** A title or a note of the trace in Chinese. Names of protocols stay, and so does what has no text. */
export function traceInChinese(text: string): string {
  const told = inForm(text, forms);
  if (told !== undefined) return told;
  return text
    .split(', ')
    .map((part) => inForm(part, recordForms) ?? word(part))
    .join('、');
}
