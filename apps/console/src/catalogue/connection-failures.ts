import type { Text } from './text.ts';

/** Why another server could not be told, known by the code or the words of Node and OpenSSL that the platform passes on. */
const failures: readonly (readonly [RegExp, Text])[] = [
  [/no answer in time|ETIMEDOUT|timed? ?out/i, { en: 'no answer in time', zh: '未在时限内应答' }],
  [/ECONNREFUSED/, { en: 'nothing listens at that address and port', zh: '该地址和端口无服务监听' }],
  [/ENOTFOUND/, { en: 'there is no host of that name', zh: '域名不存在' }],
  [/EAI_AGAIN/, { en: 'the name could not be looked up now', zh: '暂时无法解析域名' }],
  [/ECONNRESET|EPIPE|socket hang up/, { en: 'it broke the connection off', zh: '对方中断了连接' }],
  [/EHOSTUNREACH|ENETUNREACH/, { en: 'no way leads to its network', zh: '网络不可达' }],
  [/self-signed certificate|unable to (verify|get)/, { en: 'its certificate is not trusted', zh: '对方证书不受信任' }],
  [/certificate has expired/, { en: 'its certificate has ended', zh: '对方证书已过期' }],
  [/certificate is not yet valid/, { en: 'its certificate is not valid yet', zh: '对方证书尚未生效' }],
  [/does not match certificate/, { en: 'its certificate is for another name', zh: '对方证书与域名不符' }],
  [
    /EPROTO|SSL routines|TLS connection/,
    { en: 'TLS failed: does it speak TLS?', zh: 'TLS 握手失败，请确认对方支持 TLS' },
  ],
  [/^Parse Error/, { en: 'its answer is no HTTP', zh: '对方的应答不是 HTTP' }],
  [
    /no address of the internet/,
    {
      en: 'it is not in the internet (webhooks.private-addresses)',
      zh: '不是互联网地址（见 webhooks.private-addresses）',
    },
  ],
  [/^it begins with https:/, { en: 'it does not begin with https:', zh: '网址须以 https: 开头' }],
  // MQTT 5 §3.2.2.2: why a broker refuses.
  [
    /Bad user ?name or password/i,
    {
      en: 'the broker does not take the name and password',
      zh: 'MQTT 服务器不接受该用户名和密码',
    },
  ],
  [
    /^Connection refused: (Not authorized|Banned)/,
    { en: 'the broker does not let the platform in', zh: 'MQTT 服务器不允许平台接入' },
  ],
  [
    /^Connection refused: (Server (unavailable|busy|shutting down)|Connection rate exceeded|Quota exceeded)/,
    { en: 'the broker has no room now', zh: 'MQTT 服务器暂时无法接纳连接' },
  ],
  [
    /^Connection refused: (Unsupported Protocol Version|Unacceptable protocol version)/,
    { en: 'the broker does not speak MQTT 5', zh: 'MQTT 服务器不支持 MQTT 5' },
  ],
  [
    /^Connection refused: (Client Identifier not valid|Identifier rejected)/,
    { en: 'the broker does not take the client id', zh: 'MQTT 服务器不接受该客户端标识' },
  ],
  [
    /^Connection refused: (Use another server|Server moved)/,
    { en: 'the broker is at another address now', zh: 'MQTT 服务器已更换地址' },
  ],
  [/^Connection refused: /, { en: 'the broker refuses the connection', zh: 'MQTT 服务器拒绝了连接' }],
  [/^connecting$/, { en: 'connecting', zh: '正在连接' }],
];

/** Undefined: it has no text, and stands as the platform says it. */
export function connectionFailure(sentence: string): Text | undefined {
  return failures.find(([sign]) => sign.test(sentence))?.[1];
}
