import type { JsonHomeEvent } from '@yaolian/contract';
import { hasText, type Translate } from '../../platform/text.ts';
import { shortName } from './session.ts';

/** One sentence on what happened; undefined for what is no news. */
export function noticeOf(event: JsonHomeEvent, device: string, t: Translate): string | undefined {
  const { kind, state = '', reason = '', firmware } = event;
  const what = kind === 'unbound' && event.by !== undefined ? 'removed' : kind;
  const details = { state, ended: reason, firmware: firmware?.phase ?? '' } as Readonly<Record<string, string>>;
  const detail = kind in details ? `.${details[kind]}` : '';
  const key = `home.notice.${what}${detail}`;
  const by = `${key}-by`;
  const chosen = event.user !== undefined && hasText(by) ? by : key;
  const people = { user: shortName(event.user ?? ''), by: shortName(event.by ?? '') };
  return hasText(chosen)
    ? t(chosen, { device, ...people, text: event.text ?? '', version: firmware?.to ?? t('home.firmware.new') })
    : undefined;
}
