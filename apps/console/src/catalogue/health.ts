import type { HealthFindingCode, HealthPart } from '@yaolian/contract';
import type { Text } from './text.ts';

type FindingTexts = Readonly<
  Record<`health.finding.${HealthFindingCode}` | `health.advice.${HealthFindingCode}`, Text>
>;
type PartTexts = Readonly<Record<`health.part.${HealthPart}`, Text>>;

/** How the platform is: a finding or a part without its texts is a type error. */
export const health = {
  'health.title': { en: 'Health', zh: '运行状况' },
  'health.lead': {
    en: 'Looked at when this page asks, every ten seconds. Monitoring asks /healthz, /readyz, /metrics, or “yaolian health”.',
    zh: '本页每十秒检查一次。监控系统请使用 /healthz、/readyz、/metrics 或“yaolian health”。',
  },
  'health.look': { en: 'What to do', zh: '查看处理办法' },
  'health.state.ok': { en: 'well', zh: '正常' },
  'health.state.degraded': { en: 'degraded', zh: '需关注' },
  'health.state.failed': { en: 'failed', zh: '故障' },
  'health.all.ok': { en: 'Everything is well', zh: '一切正常' },
  'health.all.degraded': { en: 'Some parts need your attention', zh: '部分组件需要关注' },
  'health.all.failed': { en: 'Some parts have failed', zh: '部分组件出现故障' },
  'health.part.storage': { en: 'Database', zh: '数据库' },
  'health.part.disk': { en: 'Disk', zh: '磁盘' },
  'health.part.listener': { en: 'Listener', zh: '监听端口' },
  'health.part.queue': { en: 'Queue for sleeping devices', zh: '休眠设备请求队列' },
  'health.part.devices': { en: 'Devices', zh: '设备' },
  'health.part.event-loop': { en: 'Event loop', zh: '事件循环' },
  'health.part.memory': { en: 'Memory', zh: '内存' },
  'health.part.descriptors': { en: 'File descriptors', zh: '文件描述符' },
  'health.part.certificate': { en: 'Certificate', zh: '证书' },
  'health.part.webhook': { en: 'Webhook', zh: 'Webhook' },
  'health.part.mqtt': { en: 'MQTT broker', zh: 'MQTT 服务器' },
  'health.part.firmware': { en: 'Firmware', zh: '固件' },
  'health.value.sizeBytes': { en: 'size', zh: '大小' },
  'health.value.limitBytes': { en: 'at most', zh: '上限' },
  'health.value.freeBytes': { en: 'free', zh: '可用' },
  'health.value.totalBytes': { en: 'of', zh: '总计' },
  'health.value.usedBytes': { en: 'heap', zh: '堆' },
  'health.value.residentBytes': { en: 'in all', zh: '共' },
  'health.value.seconds': { en: 'takes', zh: '耗时' },
  'health.value.pingSeconds': { en: 'answered a ping in', zh: 'ping 应答耗时' },
  'health.value.used': { en: 'in use', zh: '已用' },
  'health.value.limit': { en: 'at most', zh: '上限' },
  'health.value.days': { en: 'days left', zh: '剩余天数' },
  'health.value.waiting': { en: 'waiting', zh: '等待' },
  'health.value.dropped': { en: 'dropped', zh: '已丢弃' },
  'health.finding.disk-low': {
    en: '{freeBytes} of the disk of data-dir are free.',
    zh: 'data-dir 所在磁盘仅剩 {freeBytes}。',
  },
  'health.advice.disk-low': {
    en: 'Free space on that disk, move data-dir to a larger one, or keep less history (history.keep).',
    zh: '请清理该磁盘、将 data-dir 移至更大的磁盘，或减少历史数据保留时间（history.keep）。',
  },
  'health.finding.disk-full': {
    en: '{freeBytes} of the disk of data-dir are free: what needs to be stored is about to be refused.',
    zh: 'data-dir 所在磁盘仅剩 {freeBytes}，即将无法存储新数据。',
  },
  'health.advice.disk-full': {
    en: 'Free space on that disk now; the platform goes on by itself.',
    zh: '请立即清理该磁盘，平台将自动恢复。',
  },
  'health.finding.database-large': {
    en: 'The database has {sizeBytes} of the {limitBytes} that storage.max-size allows.',
    zh: '数据库大小为 {sizeBytes}，storage.max-size 上限为 {limitBytes}。',
  },
  'health.advice.database-large': {
    en: 'Raise storage.max-size, or keep less history (history.keep): beyond it nothing new is stored.',
    zh: '请提高 storage.max-size 或减少历史数据保留时间（history.keep）：超出上限后将无法存储新数据。',
  },
  'health.finding.commits-fail': {
    en: 'The last transaction was not stored: {reason}',
    zh: '最近一次事务未能存储：{reason}',
  },
  'health.advice.commits-fail': {
    en: 'Look after the disk of data-dir (space, permissions, its health); the log has each failure.',
    zh: '请检查 data-dir 所在磁盘（空间、权限、健康状况）；日志中记录了每次失败。',
  },
  'health.finding.commits-slow': { en: 'The last transaction took {seconds}.', zh: '最近一次事务耗时 {seconds}。' },
  'health.advice.commits-slow': {
    en: 'Put data-dir on a faster disk, or take away what else writes to it: terminals wait for each commit.',
    zh: '请将 data-dir 放到更快的磁盘，或减少对该磁盘的其他写入：终端需等待每次提交。',
  },
  'health.finding.listener-busy': {
    en: '{used} of at most {limit} are open.',
    zh: '已打开 {used}，上限 {limit}。',
  },
  'health.advice.listener-busy': {
    en: 'Raise {setting} before it is full, or find out who opens so many.',
    zh: '请在用尽之前提高 {setting}，或查明连接来源。',
  },
  'health.finding.listener-full': {
    en: '{used} of at most {limit} are open: further ones are refused.',
    zh: '已打开 {used}，达到上限 {limit}，新的连接将被拒绝。',
  },
  'health.advice.listener-full': {
    en: 'Raise {setting} and restart, or find out who opens so many.',
    zh: '请提高 {setting} 并重启，或查明连接来源。',
  },
  'health.finding.listener-silent': {
    en: 'It did not answer a CoAP ping from this machine ({reason}).',
    zh: '未应答来自本机的 CoAP ping（{reason}）。',
  },
  'health.advice.listener-silent': {
    en: 'Look at the load (event loop, memory) and at the firewall of the platform’s machine; else restart.',
    zh: '请检查负载（事件循环、内存）和平台主机的防火墙；仍无效则重启。',
  },
  'health.finding.queue-long': {
    en: '{used} of at most {limit} requests wait for sleeping devices.',
    zh: '{used} 个请求在等待休眠设备，上限 {limit}。',
  },
  'health.advice.queue-long': {
    en: 'Cancel those that nobody needs, or raise lwm2m.max-queued.',
    zh: '请撤回不再需要的请求，或提高 lwm2m.max-queued。',
  },
  'health.finding.queue-full': {
    en: '{used} of at most {limit} requests wait for sleeping devices: further ones are refused.',
    zh: '{used} 个请求在等待休眠设备，达到上限 {limit}，新的请求将被拒绝。',
  },
  'health.advice.queue-full': {
    en: 'Cancel those that nobody needs, or raise lwm2m.max-queued.',
    zh: '请撤回不再需要的请求，或提高 lwm2m.max-queued。',
  },
  'health.finding.devices-many': {
    en: '{used} of at most {limit} devices are kept.',
    zh: '已保存 {used} 台设备，上限 {limit} 台。',
  },
  'health.advice.devices-many': {
    en: 'Raise lwm2m.max-devices before it is full, or remove devices that are gone for good.',
    zh: '请在达到上限前提高 lwm2m.max-devices，或删除不再使用的设备。',
  },
  'health.finding.devices-full': {
    en: '{used} devices are kept, at most {limit}: new ones that are not on the allow-list are refused.',
    zh: '已保存 {used} 台设备，上限 {limit} 台：不在白名单中的新设备将被拒绝。',
  },
  'health.advice.devices-full': {
    en: 'Raise lwm2m.max-devices and restart, or remove devices that are gone for good; if many came that nobody knows, let in those on the allow-list alone.',
    zh: '请提高 lwm2m.max-devices 并重启，或删除不再使用的设备；如有大量来历不明的设备，请改为只准入白名单中的设备。',
  },
  'health.finding.loop-late': {
    en: 'Work waits up to {seconds} for its turn (99 of 100 times less).',
    zh: '任务最多等待 {seconds} 才能执行（99% 的情况更短）。',
  },
  'health.advice.loop-late': {
    en: 'Give the process a core of its own, or fewer devices: it has more to do than one core can.',
    zh: '请为进程分配独立核心或减少设备：工作量已超出单核能力。',
  },
  'health.finding.heap-short': {
    en: 'The heap has {usedBytes} of at most {limitBytes}.',
    zh: '堆已用 {usedBytes}，上限 {limitBytes}。',
  },
  'health.advice.heap-short': {
    en: 'Start with NODE_OPTIONS=--max-old-space-size=<MiB>, or lower the limits of sessions and queues.',
    zh: '请使用 NODE_OPTIONS=--max-old-space-size=<MiB> 启动，或降低会话和队列上限。',
  },
  'health.finding.descriptors-few': {
    en: '{used} of at most {limit} file descriptors were in use a moment ago.',
    zh: '文件描述符近期最多占用 {used} 个，上限 {limit} 个。',
  },
  'health.advice.descriptors-few': {
    en: 'Raise LimitNOFILE of the service (ulimit -n) and restart: every connection takes one, and without any new connections are closed at once.',
    zh: '请提高服务的 LimitNOFILE（ulimit -n）并重启：每个连接占用一个，耗尽后新连接会被立即关闭。',
  },
  'health.finding.descriptors-none': {
    en: 'All {limit} file descriptors were in use a moment ago: without any new connections are closed at once.',
    zh: '全部 {limit} 个文件描述符近期曾被占满：耗尽期间新连接会被立即关闭。',
  },
  'health.advice.descriptors-none': {
    en: 'Raise LimitNOFILE of the service (ulimit -n) above what coap.max-connections, xmpp.max-connections and http.max-connections allow together, and restart; or lower those.',
    zh: '请将服务的 LimitNOFILE（ulimit -n）提高到大于 coap.max-connections、xmpp.max-connections 与 http.max-connections 之和并重启，或降低这几项。',
  },
  'health.finding.certificate-ends': { en: 'It ends in {days} {days:day|days}.', zh: '将在 {days} 天后到期。' },
  'health.advice.certificate-ends': {
    en: 'Put the new one into the files of {settings}. For an imported one import its successor; one that the platform made is made anew at a start.',
    zh: '请将新证书放入 {settings} 指定的文件。导入的证书请重新导入；平台自签的证书会在启动时更新。',
  },
  'health.finding.certificate-over': {
    en: 'It is over: clients that check it do not connect.',
    zh: '已过期：校验证书的客户端无法连接。',
  },
  'health.advice.certificate-over': {
    en: 'Put a new one into the files of {settings}. For an imported one import its successor; one that the platform made is made anew at a start.',
    zh: '请将新证书放入 {settings} 指定的文件。导入的证书请重新导入；平台自签的证书会在启动时更新。',
  },
  'health.finding.certificate-early': {
    en: 'It is not valid yet: clients that check it do not connect.',
    zh: '尚未生效：校验证书的客户端无法连接。',
  },
  'health.advice.certificate-early': {
    en: 'Check the clock of the platform’s machine, or put one that is valid into the files of {settings}.',
    zh: '请检查平台主机的时钟，或将有效证书放入 {settings} 指定的文件。',
  },
  'health.finding.authority-ends': {
    en: 'Terminals and clients whose certificates it signed are let in for {days} {days:day|days} more.',
    zh: '由其签发证书的终端和客户端还能接入 {days} 天。',
  },
  'health.advice.authority-ends': {
    en: 'Add its successor beside it (in the file of tls.client-ca, or on the page of certificates), and give them certificates of that one.',
    zh: '请添加新的签发机构证书（放入 tls.client-ca 指定的文件，或在证书页面添加），再为它们换发由其签发的证书。',
  },
  'health.finding.authority-over': {
    en: 'It is over: terminals and clients whose certificates it signed are not let in.',
    zh: '已过期：由其签发证书的终端和客户端无法接入。',
  },
  'health.advice.authority-over': {
    en: 'Add its successor (in the file of tls.client-ca, or on the page of certificates); if nobody needs it any more, take it out.',
    zh: '请添加新的签发机构证书（放入 tls.client-ca 指定的文件，或在证书页面添加）；如已不再需要，请将其移除。',
  },
  'health.finding.authority-early': {
    en: 'It is not valid yet: terminals and clients whose certificates it signed are not let in.',
    zh: '尚未生效：由其签发证书的终端和客户端无法接入。',
  },
  'health.advice.authority-early': {
    en: 'Check the clock of the platform’s machine, or put one that is valid into the file of tls.client-ca.',
    zh: '请检查平台主机的时钟，或将有效的签发机构证书放入 tls.client-ca 指定的文件。',
  },
  'health.finding.certificate-unfit': {
    en: 'What the files of {settings} have now cannot be used ({reason}): the certificate before stays in service.',
    zh: '{settings} 指定的文件现有内容无法使用（{reason}），平台继续使用之前的证书。',
  },
  'health.advice.certificate-unfit': {
    en: 'Put a certificate and the key that goes with it into the files of {settings}: they are looked at every ten seconds. As they are, the platform would not start again.',
    zh: '请将证书及与其配对的私钥放入 {settings} 指定的文件，平台每 10 秒检查一次。若保持现状，平台将无法再次启动。',
  },
  'health.finding.authority-unfit': {
    en: 'What the file of tls.client-ca has now cannot be used ({reason}): the authorities before stay in service.',
    zh: 'tls.client-ca 指定的文件现有内容无法使用（{reason}），平台继续信任之前的证书签发机构。',
  },
  'health.advice.authority-unfit': {
    en: 'Put certificates in PEM into the file of tls.client-ca: it is looked at every ten seconds. As it is, the platform would not start again.',
    zh: '请将 PEM 格式的证书放入 tls.client-ca 指定的文件，平台每 10 秒检查一次。若保持现状，平台将无法再次启动。',
  },
  'health.finding.webhook-failing': {
    en: 'The last attempt failed ({reason}); deliveries that wait: {waiting}.',
    zh: '最近一次投递失败（{reason}），{waiting} 条等待投递。',
  },
  'health.advice.webhook-failing': {
    en: 'Look after the receiver; deliveries are tried again by themselves.',
    zh: '请检查接收方，投递会自动重试。',
  },
  'health.finding.webhook-dropping': {
    en: 'Events dropped since the start: {dropped}; waiting: {waiting}.',
    zh: '启动以来已丢弃 {dropped} 个事件，{waiting} 条等待投递。',
  },
  'health.advice.webhook-dropping': {
    en: 'Look after the receiver, or raise webhooks.max-waiting: what does not fit is lost to it.',
    zh: '请检查接收方，或提高 webhooks.max-waiting：超出部分将丢失。',
  },
  'health.finding.broker-away': {
    en: 'It is not connected ({reason}); messages that wait: {waiting}.',
    zh: '未连接（{reason}），{waiting} 条消息等待发布。',
  },
  'health.advice.broker-away': {
    en: 'Look after the broker and its settings ({settings}); the platform connects again by itself.',
    zh: '请检查该服务器及其设置（{settings}），平台会自动重新连接。',
  },
  'health.finding.broker-dropping': {
    en: 'Messages dropped since the start: {dropped}; waiting: {waiting}.',
    zh: '启动以来已丢弃 {dropped} 条消息，{waiting} 条等待发布。',
  },
  'health.advice.broker-dropping': {
    en: 'Look after the broker, or raise mqtt.max-waiting: what does not fit is lost to its subscribers.',
    zh: '请检查该服务器，或提高 mqtt.max-waiting：超出部分将丢失。',
  },
  'health.finding.packages-in-clear': {
    en: 'Terminals that come by DTLS or TLS pull firmware without protection: it begins with {scheme}://.',
    zh: '经 DTLS 或 TLS 接入的终端会以明文拉取固件：该设置以 {scheme}:// 开头。',
  },
  'health.advice.packages-in-clear': {
    en: 'Let {subject} begin with {secure}://, or leave it out: each terminal is then sent to where it comes itself.',
    zh: '请让 {subject} 以 {secure}:// 开头，或不设置该项：终端将按自身的接入方式拉取。',
  },
} as const satisfies FindingTexts & PartTexts & Record<string, Text>;
