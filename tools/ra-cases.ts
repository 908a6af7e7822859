/** docs/igrs-ra-cases.md and its Chinese twin: the cases for clients of Remote Access, and what judges each message. */
import { join, resolve } from 'node:path';
import {
  type ClientCase,
  clientCases,
  type JudgedMessage,
  judgedMessages,
} from '../packages/igrs/src/conformance/index.ts';

const docs = resolve(import.meta.dirname, '../docs');

interface Words {
  readonly head: string;
  readonly device: string;
  readonly user: string;
  readonly messages: string;
  readonly columns: string;
  readonly messageColumns: string;
  readonly title: (one: ClientCase) => string;
  readonly word: (text: string) => string;
}

const english: Words = {
  head: `<!-- Made by \`node tools/conformance.ts\` from packages/igrs/src/conformance/clients. Do not edit. -->

# Cases for clients of Remote Access

[中文](igrs-ra-cases.zh-CN.md)

What \`yaolian conformance ra-device\` and \`ra-user\` judge (GB/T 29265.205, in the spirit of GB/T 29265.502), in the order of a run; how to run them is in
[Remote Access](igrs-ra.md#testing-a-client). The number before the hyphen is the clause. A run ends with one case more for each clause, \`…-0\`: every message of that clause
that the client sent is of its schema, and may be sent so.
`,
  device: 'Devices: `ra-device`',
  user: 'Users: `ra-user`',
  messages: 'Messages, and what judges them',
  columns: '| Case | What holds of the client |',
  messageColumns: '| Clause | Message | Users | Devices |',
  title: ({ title }) => title,
  word: (text) => text,
};

const chinese: Words = {
  head: `<!-- 由 \`node tools/conformance.ts\` 根据 packages/igrs/src/conformance/clients 生成，请勿编辑。 -->

# 远程访问客户端的测试用例

[English](igrs-ra-cases.md)

\`yaolian conformance ra-device\` 和 \`ra-user\` 所判定的内容（GB/T 29265.205，参照 GB/T 29265.502 的思路），按运行次序排列；运行方法见
[远程访问](igrs-ra.zh-CN.md#测试一个客户端)。连字符之前是条款号。运行结束时每一条款另有一个用例 \`…-0\`：客户端所发的该条款的每条消息都符合模式，且可以如此发送。
`,
  device: '设备：`ra-device`',
  user: '用户：`ra-user`',
  messages: '消息及判定它们的用例',
  columns: '| 用例 | 客户端应当如此 |',
  messageColumns: '| 条款 | 消息 | 用户 | 设备 |',
  title: ({ zh }) => zh,
  word: inChinese,
};

/** What the table of messages says in words. */
const translations: Readonly<Record<string, string>> = {
  'stands in answers of the platform': '出现在平台的应答中',
  'users send it': '由用户发送',
  'devices send it': '由设备发送',
  'the domain sends it, to users': '由域发给用户',
  'the platform answers it, in the place of the device': '由平台代设备答复',
  'an owner of both sends it': '由两个设备的共同所有者发送',
  'application servers send it': '由应用服务器发送',
  'a platform answers so for terminals that sleep, which the device of the suite does not':
    '平台对休眠终端如此应答，而本套件的设备不休眠',
  'only where a channel is open, and the suite opens none': '仅用于已打开的通道，而本套件不打开通道',
  'a device may ask; nothing rests on it': '设备可以查询，但没有其他内容依赖于它',
  'users are not looked at': '不查询用户',
  'TLS, certificate': 'TLS、证书',
  stream: '流',
  'connection ID (resource)': '连接 ID（资源）',
  'iq, answered and refused': 'iq 的应答与拒绝',
  'message and presence with unknown content': '含未知内容的 message 和 presence',
  'message (chat, normal, headline)': 'message（chat、normal、headline）',
  'messages that waited': '留存的消息',
  'the end of the stream': '流的结束',
  'contacts (RFC 6121 §2)': '联系人（RFC 6121 §2）',
  'without TLS, a certificate or a proof nothing is said': '没有 TLS、证书或证明就不说话',
  'only the domain is believed': '只相信域',
};

/** Names of messages stay as they are. @throws Error for a sentence that has no translation */
function inChinese(text: string): string {
  const known = translations[text];
  if (known !== undefined) return known;
  if (/^[a-z-]+[ /][a-z-]+$|^presence$|^[a-z#]+ \(XEP-\d+\)$|^SASL$/.test(text)) return text;
  throw new Error(`"${text}" has no translation (tools/ra-cases.ts)`);
}

/** The pages by the file that each is in. */
export function raCasePages(): ReadonlyMap<string, string> {
  return new Map([
    [join(docs, 'igrs-ra-cases.md'), render(english)],
    [join(docs, 'igrs-ra-cases.zh-CN.md'), render(chinese)],
  ]);
}

function render(words: Words): string {
  const cases = (who: 'device' | 'user') =>
    clientCases[who].map((one) => `| ${one.id} | ${cell(words.title(one))} |`).join('\n');
  const messages = judgedMessages.map((one) => describeMessage(one, words)).join('\n');
  return `${words.head}
## ${words.device}

${words.columns}
|---|---|
${cases('device')}

## ${words.user}

${words.columns}
|---|---|
${cases('user')}

## ${words.messages}

${words.messageColumns}
|---|---|---|---|
${messages}
`;
}

function describeMessage({ clause, message, user, device }: JudgedMessage, { word }: Words): string {
  const judging = (by: JudgedMessage['user']) => (typeof by === 'string' ? cell(word(by)) : by.join(', '));
  return `| ${clause} | ${cell(word(message))} | ${judging(user)} | ${judging(device)} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
