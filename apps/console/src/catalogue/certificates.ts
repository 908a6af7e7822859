import type { Text } from './text.ts';

export const certificates = {
  'certificates.title': { en: 'Certificates', zh: '证书' },
  'certificates.lead': {
    en: 'What the platform shows to those who connect, and whose certificates of devices it believes.',
    zh: '平台向连接者出示的证书，以及用于验证设备证书的签发机构。',
  },
  'certificates.authority': { en: 'Authority of devices', zh: '设备证书签发机构' },
  'certificates.authority.file': {
    en: 'It is in the file of tls.client-ca: put others in, or take it out there. Taken within seconds.',
    zh: '位于 tls.client-ca 指定的文件中：请在该文件中增减，数秒内生效。',
  },
  'certificates.authority.added': {
    en: 'It was added here. Certificates that it signed are believed from the next handshake on.',
    zh: '由管理员添加。由其签发的证书自下次握手起受信任。',
  },
  'certificates.trust': { en: 'Add an authority of devices', zh: '添加设备证书签发机构' },
  'certificates.trust.ask': {
    en: 'Devices and clients with certificates that it signed are believed from the next handshake on. A device still needs a credential with the name in its certificate.',
    zh: '由其签发证书的设备和客户端自下次握手起受信任。设备仍需有与证书名称对应的凭证。',
  },
  'certificates.trust.pem': { en: 'Certificates of authorities', zh: '签发机构证书' },
  'certificates.trust.hint': { en: 'PEM, one or several.', zh: 'PEM 格式，可含多个。' },
  'certificates.trusted': { en: 'Believed from now on: {subject}', zh: '已信任：{subject}' },
  'certificates.distrust': { en: 'Remove', zh: '移除' },
  'certificates.distrust.title': { en: 'Remove the authority', zh: '移除签发机构' },
  'certificates.distrust.ask': {
    en: 'Devices and clients that came in by certificates of {subject} are let go now and not let in again, but for certificates that are credentials themselves.',
    zh: '凭 {subject} 签发的证书接入的设备和客户端将立即断开，且不能再次接入；证书本身为凭证的除外。',
  },
  'certificates.distrusted': { en: 'Believed no more: {subject}', zh: '不再信任：{subject}' },
  'certificates.subject': { en: 'Subject', zh: '主体' },
  'certificates.issuer': { en: 'Issuer', zh: '签发者' },
  'certificates.self': { en: 'itself (self-signed)', zh: '自签名' },
  'certificates.names': { en: 'For', zh: '适用名称' },
  'certificates.validity': { en: 'Valid', zh: '有效期' },
  'certificates.until': { en: '{from} to {to}', zh: '{from} 至 {to}' },
  'certificates.fingerprint': { en: 'SHA-256', zh: 'SHA-256' },
  'certificates.chain': { en: 'Shown besides', zh: '证书链' },
  'certificates.days': { en: 'ends in {days} {days:day|days}', zh: '{days} 天后到期' },
  'certificates.over': { en: 'ended {days} {days:day|days} ago', zh: '已过期 {days} 天' },
  'certificates.early': { en: 'not valid yet', zh: '尚未生效' },
  'certificates.replace': {
    en: 'To replace it: put the new one into the files of tls.certificate and tls.key. Taken within seconds; connections stay.',
    zh: '更换方法：将新证书放入 tls.certificate 和 tls.key 指定的文件，数秒内生效，现有连接不受影响。',
  },
  'certificates.replace.restart': {
    en: 'To replace it: put the new one into its files, and restart the platform.',
    zh: '更换方法：将新证书放入对应文件，然后重启平台。',
  },
  'certificates.replace.own': {
    en: 'The platform made it for itself, and makes a new one at a start within its last 30 days, or now. One of an authority is imported here, or set by tls.certificate and tls.key.',
    zh: '由平台自行签发，到期前 30 天内启动时自动更新，也可立即重新生成。若要使用机构签发的证书，可在此导入，或设置 tls.certificate 和 tls.key。',
  },
  'certificates.replace.imported': {
    en: 'It was imported. Its successor is imported in its place before it ends; connections stay.',
    zh: '由管理员导入。请在到期前导入新证书，现有连接不受影响。',
  },
  'certificates.import': { en: 'Import', zh: '导入' },
  'certificates.import.title': { en: 'Import a certificate', zh: '导入证书' },
  'certificates.import.ask': {
    en: 'Who connects from now on sees it, on every listener; open connections stay. What does not go together is refused, and the one before stays.',
    zh: '此后连接的客户端在所有监听端口都将看到该证书，现有连接不受影响。内容不匹配时将被拒绝，原证书保持不变。',
  },
  'certificates.import.chain': { en: 'Certificate and chain', zh: '证书及证书链' },
  'certificates.import.chain.hint': {
    en: 'That of the platform first, each before the one that issued it.',
    zh: '平台证书在前，每个证书位于其签发者之前。',
  },
  'certificates.import.key': { en: 'Private key', zh: '私钥' },
  'certificates.import.key.hint': {
    en: 'Not encrypted. It is kept on the platform’s machine and never shown again.',
    zh: '未加密。私钥保存在平台主机上，此后不再显示。',
  },
  'certificates.imported': {
    en: 'The platform shows the imported certificate, which begins with {fingerprint} (SHA-256)',
    zh: '平台已使用导入的证书，其 SHA-256 以 {fingerprint} 开头',
  },
  'certificates.remove': { en: 'Remove', zh: '移除' },
  'certificates.remove.title': { en: 'Remove the imported certificate', zh: '移除导入的证书' },
  'certificates.remove.ask': {
    en: 'Who connects from now on sees the certificate that the platform made for itself. The imported one stays on its machine (DATA/tls/previous-imported.pem).',
    zh: '此后连接的客户端将看到平台自签的证书。导入的证书仍保留在平台主机上（DATA/tls/previous-imported.pem）。',
  },
  'certificates.removed': {
    en: 'The platform shows its own certificate, which begins with {fingerprint} (SHA-256)',
    zh: '平台已恢复自签证书，其 SHA-256 以 {fingerprint} 开头',
  },
  'certificates.renew': { en: 'Make it anew', zh: '重新生成' },
  'certificates.renew.title': { en: 'Make the certificate anew', zh: '重新生成证书' },
  'certificates.renew.ask': {
    en: 'Who connects from now on sees another certificate with another key; open connections stay. Who trusted the one before has to be given the new one, which is saved here as a file.',
    zh: '此后连接的客户端将看到密钥不同的新证书，现有连接不受影响。信任旧证书的客户端需要获得新证书，新证书将保存为文件。',
  },
  'certificates.renewed': {
    en: 'The new certificate begins with {fingerprint} (SHA-256)',
    zh: '新证书的 SHA-256 以 {fingerprint} 开头',
  },
} as const satisfies Record<string, Text>;
