/** In Chinese, why handshakes of DTLS fail and connections of CoAP end: by what the platform says of it. Only the panel of messages has them. */
export const traceFailures: Readonly<Record<string, string>> = {
  // Handshakes: what our side found.
  'it did not answer in time': '对端未及时应答',
  'our side could not go on': '平台侧无法继续，请查看日志',
  'the endpoint was closed': '端点已关闭',
  'handshake message too long': '握手报文过长',
  'malformed extensions': '扩展格式有误',
  'it asks for cookies without end': '对端反复要求 Cookie',
  'no cipher suite in common that our credentials allow': '没有双方都支持且凭据允许的密码套件',
  'there is no pre-shared key for it': '没有与其对应的预共享密钥',
  'its PSK identity is too long': 'PSK 标识过长',
  'its ephemeral key is no public key': '其临时密钥不是有效的公钥',
  'its signature of the ephemeral key is wrong': '其对临时密钥的签名有误',
  'its signature of the handshake is wrong': '其对握手的签名有误',
  'it signs with an algorithm that was not offered': '其签名算法不在所提供的范围内',
  'its Finished does not fit the handshake': 'Finished 与握手不符（两端密钥可能不同）',

  // What a certificate lacks.
  'it shows no certificate': '对端未出示证书',
  'a certificate is malformed': '证书格式有误',
  'a certificate is too large': '证书过大',
  'a certificate has expired': '证书已过期',
  'a certificate is not valid yet': '证书尚未生效',
  'a certificate has a critical extension that we do not know': '证书含有未知的关键扩展',
  'its certificate bears another name': '证书上的名称不符',
  'its certificate is refused': '其证书被拒绝',
  'its certificate is not for signatures': '其证书不允许用于签名',
  'its certificate is not for a server': '其证书不是服务器证书',
  'its certificate is not for a client': '其证书不是客户端证书',
  'the key of its certificate is none that signs': '其证书的密钥不能用于签名',
  'its public key is none that signs': '其公钥不能用于签名',
  'its raw public key is not trusted': '其裸公钥（RPK）不受信任',

  // What a client does.
  'the client does not speak DTLS 1.2': '客户端不支持 DTLS 1.2',
  'the client demands compression': '客户端要求压缩',
  'the client shows no certificate': '客户端未出示证书',
  'the client takes this for a renegotiation': '客户端将其视为重新协商',
  'the client resumes without extended master secret': '客户端恢复会话时未使用 extended_master_secret',
  'a record size limit below 64 bytes': '记录长度上限小于 64 字节',
  'an unknown maximum fragment length': '未知的最大分片长度',

  // What a server does.
  'the server does not speak DTLS 1.2': '服务器不支持 DTLS 1.2',
  'the server answers an extension that was not sent': '服务器应答了未发送的扩展',
  'the server chose an unknown kind of certificate': '服务器选择了未知的证书类型',
  'the server chose what was not offered': '服务器选择了未提供的选项',
  'the server chose a curve that was not offered': '服务器选择了未提供的曲线',
  'the server wants CBC without encrypt-then-MAC': '服务器要求使用 CBC，但不支持 encrypt-then-MAC',
  'the server takes this for a renegotiation': '服务器将其视为重新协商',
  'the server resumes another session than ours': '服务器恢复的不是我们的会话',

  // Connections of CoAP over TCP, TLS and WebSockets.
  'it was closed': '已关闭',
  'it was released': '对端已发送 Release',
  'no CSM came': '未收到 CSM',
  'the first message is a CSM': '首个报文应为 CSM',
  'the rest of a message did not come': '报文的其余部分未到达',
  'another connection took its place': '已被另一连接取代',
  'there is no room for what waits on it': '等待发送的数据过多',
  'no reason given': '未说明原因',
};
