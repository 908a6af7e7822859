import type { JsonHomeEvent } from '@yaolian/contract';
import { formatFullTime } from '../../platform/format.ts';
import { hasText, type Translate } from '../../platform/text.ts';
import { shortName } from './short-name.ts';

/** One sentence on what happened; undefined for what is no news. */
export function noticeOf(event: JsonHomeEvent, device: string, t: Translate): string | undefined {
  const chosen = textOf(event);
  if (!hasText(chosen)) return undefined;
  const { firmware, operations = [], expiresAt } = event;
  return t(chosen, {
    device,
    user: shortName(event.user ?? ''),
    by: shortName(event.by ?? ''),
    text: event.text ?? '',
    version: firmware?.to ?? t('home.firmware.new'),
    what: operations.map((one) => t(`home.operation.${one}`)).join(t('home.list.separator')),
    time: expiresAt === undefined ? '' : formatFullTime(expiresAt),
  });
}

function textOf({ kind, state, reason, firmware, by, user, operations, expiresAt }: JsonHomeEvent): string {
  if (kind === 'granted') {
    // Others than the one who may do it now hear that something has changed.
    if (operations === undefined || user === undefined) return 'home.notice.granted';
    if (operations.length === 0) return 'home.notice.granted-nothing';
    return expiresAt === undefined ? 'home.notice.granted-by' : 'home.notice.granted-by-until';
  }
  const what = kind === 'unbound' && by !== undefined ? 'removed' : kind;
  const details: Readonly<Record<string, string | undefined>> = { state, ended: reason, firmware: firmware?.phase };
  const detail = kind in details ? `.${details[kind] ?? ''}` : '';
  const key = `home.notice.${what}${detail}`;
  return user !== undefined && hasText(`${key}-by`) ? `${key}-by` : key;
}
