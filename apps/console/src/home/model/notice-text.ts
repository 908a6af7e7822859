import type { JsonHomeEvent } from '@yaolian/contract';
import { hasText, type Translate } from '../../platform/text.ts';
import { shortName } from './session.ts';

/** One sentence on what happened; undefined for what is no news. */
export function noticeOf(event: JsonHomeEvent, device: string, t: Translate): string | undefined {
  const { kind, state = '', reason = '' } = event;
  const what = kind === 'unbound' && event.by !== undefined ? 'removed' : kind;
  const detail = kind === 'state' ? `.${state}` : kind === 'ended' ? `.${reason}` : '';
  const key = `home.notice.${what}${detail}`;
  const by = `${key}-by`;
  const chosen = event.user !== undefined && hasText(by) ? by : key;
  const people = { user: shortName(event.user ?? ''), by: shortName(event.by ?? '') };
  return hasText(chosen) ? t(chosen, { device, ...people, text: event.text ?? '' }) : undefined;
}
