import type { JsonHomeEvent } from '@yaolian/contract';
import { hasText, type Translate } from '../../platform/text.ts';
import { shortName } from './session.ts';

/** One sentence on what happened; undefined for what is no news. */
export function noticeOf(event: JsonHomeEvent, device: string, t: Translate): string | undefined {
  const { kind, state = '' } = event;
  const key = kind === 'state' ? `home.notice.state.${state}` : `home.notice.${kind}`;
  const by = `${key}-by`;
  const chosen = event.user !== undefined && hasText(by) ? by : key;
  return hasText(chosen) ? t(chosen, { device, user: shortName(event.user ?? ''), text: event.text ?? '' }) : undefined;
}
