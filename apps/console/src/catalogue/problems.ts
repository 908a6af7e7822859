import type { ProblemCode } from '@yaolian/contract';
import type { Text } from './text.ts';

type ProblemTexts = Readonly<Record<`problem.${ProblemCode}` | `advice.${ProblemCode}`, Text>>;

/** What went wrong and what to do about it, for every problem that the platform answers with: one that is missing is a type error. */
export const problems = {
  'problem.line': { en: 'Line {line}', zh: '第 {line} 行' },
  'problem.at': { en: '{where}: {text}', zh: '{where}：{text}' },
  'problem.invalid-request': { en: 'The platform cannot read this request', zh: '平台无法识别此请求' },
  'advice.invalid-request': { en: 'Correct what is listed and try again.', zh: '请更正列出的内容后重试。' },
  'problem.invalid-path': { en: 'This is no LwM2M path', zh: 'LwM2M 路径无效' },
  'advice.invalid-path': {
    en: 'Write numbers with slashes between them: /3/0/9.',
    zh: '请用斜杠分隔数字，例如 /3/0/9。',
  },
  'problem.invalid-value': { en: 'A value does not fit', zh: '值不符合要求' },
  'advice.invalid-value': { en: 'Correct what is said below and try again.', zh: '请按下方说明更正后重试。' },
  'problem.invalid-cursor': { en: 'The list has changed', zh: '列表已变化' },
  'advice.invalid-cursor': { en: 'Load it again from the start.', zh: '请从头重新加载。' },
  'problem.unauthenticated': { en: 'You are signed out', zh: '您已退出登录' },
  'advice.unauthenticated': { en: 'Sign in again.', zh: '请重新登录。' },
  'problem.wrong-password': { en: 'Name or password is wrong', zh: '用户名或密码错误' },
  'advice.wrong-password': { en: 'Check both and try again.', zh: '请检查后重试。' },
  'problem.forbidden': { en: 'Your role does not allow this', zh: '您的角色无权执行此操作' },
  'advice.forbidden': { en: 'Ask an admin for a higher role.', zh: '请向管理员申请更高权限。' },
  'problem.access-denied': { en: 'You may not do this with the device', zh: '您无权对该设备执行此操作' },
  'advice.access-denied': {
    en: 'Ask an owner of the device to permit it. If it was yours, it may have been given up or reset.',
    zh: '请设备所有者为您授权。若设备原属于您，可能已被解绑或重置。',
  },
  'problem.wrong-code': { en: 'Device and code do not belong together', zh: '设备与验证码不匹配' },
  'advice.wrong-code': {
    en: 'Check both. A code is void once a new one was made: ask whoever gave it to you.',
    zh: '请检查两者。生成新验证码后旧码即失效，请向提供者索取最新验证码。',
  },
  'problem.invitation-needed': { en: 'The invitation is not valid', zh: '邀请码无效' },
  'advice.invitation-needed': {
    en: 'This platform lets in only who is invited: ask its operator for an invitation.',
    zh: '此平台仅接受受邀用户：请向运营者索取邀请码。',
  },
  'problem.not-a-friend': { en: 'That user is no friend of yours yet', zh: '该用户还不是您的好友' },
  'advice.not-a-friend': {
    en: 'Ask to become friends first; sharing works once the other agrees.',
    zh: '请先申请加为好友，对方同意后即可共享。',
  },
  'problem.cross-origin': { en: 'The request seems to come from another site', zh: '请求似乎来自其他网站' },
  'advice.cross-origin': {
    en: 'Open the console at its own address. Behind a proxy, set http.trusted-proxies.',
    zh: '请使用控制台自身的地址访问。若使用代理，请设置 http.trusted-proxies。',
  },
  'problem.route-unknown': { en: 'The platform does not know this', zh: '平台不支持此请求' },
  'advice.route-unknown': {
    en: 'Load the page again: the platform may be older or newer.',
    zh: '请刷新页面：平台版本可能已变化。',
  },
  'problem.device-unknown': { en: 'There is no such device', zh: '没有此设备' },
  'advice.device-unknown': {
    en: 'It may have been removed. The list of devices shows those that there are.',
    zh: '设备可能已被移除，请查看设备列表。',
  },
  'problem.not-found': { en: 'It is not there any more', zh: '对象已不存在' },
  'advice.not-found': { en: 'Refresh the list.', zh: '请刷新列表。' },
  'problem.method-not-allowed': { en: 'The platform does not take this here', zh: '平台不支持此操作' },
  'advice.method-not-allowed': {
    en: 'Load the page again: the platform may be older or newer.',
    zh: '请刷新页面：平台版本可能已变化。',
  },
  'problem.device-not-registered': { en: 'The device is not registered now', zh: '设备当前未注册' },
  'advice.device-not-registered': { en: 'Wait until it registers, then try again.', zh: '请等待设备注册后重试。' },
  'problem.conflict': { en: 'That does not fit the present state', zh: '与当前状态冲突' },
  'advice.conflict': { en: 'Look at the present state, then decide again.', zh: '请查看当前状态后再操作。' },
  'problem.headers-too-large': { en: 'The request has too much in its head', zh: '请求头过大' },
  'advice.headers-too-large': {
    en: 'Shorten the filters, or delete the cookies of this site, then try again.',
    zh: '请缩短筛选条件，或清除本站的 Cookie，然后重试。',
  },
  'problem.request-timeout': { en: 'It took too long to send', zh: '发送超时' },
  'advice.request-timeout': {
    en: 'Look after the network and try again.',
    zh: '请检查网络后重试。',
  },
  'problem.payload-too-large': { en: 'That is too large', zh: '内容过大' },
  'advice.payload-too-large': {
    en: 'Send less at once, or raise the limit in the settings of the platform.',
    zh: '请减少内容，或提高平台设置中的上限。',
  },
  'problem.unsupported-media-type': { en: 'The platform does not read this kind of file', zh: '平台不支持此文件类型' },
  'advice.unsupported-media-type': { en: 'Choose a file of the kind that is asked for.', zh: '请选择要求的文件类型。' },
  'problem.invalid-object-definition': { en: 'The object definition is not valid', zh: '对象定义无效' },
  'advice.invalid-object-definition': { en: 'Correct the lines that are listed.', zh: '请更正列出的行。' },
  'problem.model-forbids': { en: 'The object model does not allow this', zh: '对象模型不允许此操作' },
  'advice.model-forbids': {
    en: 'The definition of the resource says what may be done with it.',
    zh: '请查看资源定义中允许的操作。',
  },
  'problem.device-refused': { en: 'The device refused', zh: '设备拒绝了请求' },
  'advice.device-refused': {
    en: 'It answered {coapCode}. 4.04: it has no such resource; 4.05: the resource does not allow it.',
    zh: '设备返回 {coapCode}。4.04：没有此资源；4.05：资源不允许此操作。',
  },
  'problem.too-many-attempts': { en: 'Too many attempts', zh: '尝试次数过多' },
  'advice.too-many-attempts': { en: 'Wait a little, then try again.', zh: '请稍候再试。' },
  'problem.too-many-streams': { en: 'Too many pages are open', zh: '打开的页面过多' },
  'advice.too-many-streams': {
    en: 'Close other tabs of the console, or raise http.max-event-streams or http.max-event-streams-per-operator.',
    zh: '请关闭其他控制台标签页，或提高 http.max-event-streams 或 http.max-event-streams-per-operator。',
  },
  'problem.internal-error': { en: 'The platform failed', zh: '平台内部错误' },
  'advice.internal-error': {
    en: 'Its log has the details under {instance}; please report it.',
    zh: '日志中编号 {instance} 有详细信息，请反馈。',
  },
  'problem.device-answer-malformed': { en: 'The answer of the device could not be read', zh: '无法解析设备的应答' },
  'advice.device-answer-malformed': { en: 'Ask for a single resource instead.', zh: '请改为读取单个资源。' },
  'problem.device-reset': { en: 'The device rejected the message', zh: '设备拒收了报文' },
  'advice.device-reset': {
    en: 'It may have restarted. Try again after it has registered.',
    zh: '设备可能已重启，请在其重新注册后重试。',
  },
  'problem.device-not-connected': { en: 'The device is not connected', zh: '设备未连接' },
  'advice.device-not-connected': {
    en: 'Its connection is gone. Try again after its next update.',
    zh: '连接已断开，请在其下次更新后重试。',
  },
  'problem.device-asleep': { en: 'The device sleeps', zh: '设备处于休眠状态' },
  'advice.device-asleep': { en: 'Let the request wait until the device is heard.', zh: '请让请求排队，等待设备唤醒。' },
  'problem.device-busy': { en: 'Too many requests wait for this device', zh: '该设备的等待请求过多' },
  'advice.device-busy': { en: 'Wait until some are answered.', zh: '请等待部分请求完成。' },
  'problem.unavailable': { en: 'The platform is not ready', zh: '平台暂不可用' },
  'advice.unavailable': {
    en: 'It is starting, stopping, or its disk is full. Try again in a few seconds.',
    zh: '平台正在启动、停止或磁盘已满，请几秒后重试。',
  },
  'problem.device-timeout': { en: 'The device did not answer in time', zh: '设备未及时应答' },
  'advice.device-timeout': {
    en: 'It may be out of reach. Check its state and address, then try again.',
    zh: '设备可能不可达。请检查其状态和地址后重试。',
  },
  'problem.newer': { en: 'The platform has a newer version of this page', zh: '平台已有此页面的新版本' },
  'advice.newer': { en: 'Load it again to go on.', zh: '请重新加载页面后继续。' },
  'problem.file-unreadable': { en: 'The file cannot be read any more', zh: '无法继续读取文件' },
  'advice.file-unreadable': {
    en: 'It has changed, or is gone: choose it again. What was sent before is kept.',
    zh: '文件已更改或已不存在，请重新选择。此前已发送的内容仍保留。',
  },
  'problem.unreachable': { en: 'The platform does not answer', zh: '平台没有响应' },
  'advice.unreachable': { en: 'Is it running, and is your network up?', zh: '请确认平台正在运行且网络正常。' },
  'problem.unexpected': { en: 'Something went wrong in this page', zh: '页面出现错误' },
  'advice.unexpected': {
    en: 'Load it again. If that does not help, please report: {message}',
    zh: '请刷新页面。若仍有问题请反馈：{message}',
  },
  'problem.second-factor-needed': { en: 'A code is needed too', zh: '还需要验证码' },
  'advice.second-factor-needed': {
    en: 'Enter the six digits that your authenticator app shows, or a recovery code.',
    zh: '请输入身份验证器应用显示的六位数字，或一个恢复码。',
  },
  'problem.second-factor-wrong': { en: 'The code is wrong', zh: '验证码错误' },
  'advice.second-factor-wrong': {
    en: 'Each code works once. Wait for the next one; the clocks of phone and platform must agree.',
    zh: '每个验证码只能使用一次，请等待下一个；手机与平台的时间须一致。',
  },
  'problem.key-log-off': { en: 'There is no key log', zh: '没有会话密钥记录' },
  'advice.key-log-off': {
    en: 'Set trace.key-log, restart, and record the handshake; or export without the keys.',
    zh: '请启用 trace.key-log 并重启，重新记录握手过程；或导出时不包含密钥。',
  },
  'problem.idempotency-key-reused': {
    en: 'This request was sent before with other content',
    zh: '该请求编号已用于其他内容',
  },
  'advice.idempotency-key-reused': { en: 'Load the page again, then try again.', zh: '请刷新页面后重试。' },
  'problem.idempotency-outcome-unknown': {
    en: 'The platform ended while it worked on this',
    zh: '平台在处理该请求时中断',
  },
  'advice.idempotency-outcome-unknown': {
    en: 'Look whether it was done, then do it again if it was not.',
    zh: '请先确认操作是否已完成，未完成再重新操作。',
  },
  'problem.precondition-failed': { en: 'Somebody changed it meanwhile', zh: '内容已被他人修改' },
  'advice.precondition-failed': { en: 'Look at it as it is now, then decide again.', zh: '请查看最新内容后再操作。' },
  'problem.too-many-traces': { en: 'Too many devices are traced', zh: '正在记录报文的设备过多' },
  'advice.too-many-traces': {
    en: 'End a trace of another device first, or raise the setting trace.max-devices.',
    zh: '请先停止记录其他设备的报文，或提高 trace.max-devices。',
  },
} as const satisfies ProblemTexts & Record<string, Text>;
