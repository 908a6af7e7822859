import type { JsonHomeDevice, JsonHomeEvent } from '@yaolian/contract';
import { formatFullTime } from '../../platform/format.ts';
import { type NamesOfModel, ownNames } from '../../platform/names-of-model.ts';
import { hasText, type Translate } from '../../platform/text.ts';
import { shortName } from './short-name.ts';
import { objectLabel } from './value-text.ts';

/** One sentence on what happened; undefined for what is no news. */
export function noticeOf(
  event: JsonHomeEvent,
  device: string,
  t: Translate,
  names: NamesOfModel = ownNames,
): string | undefined {
  const chosen = textOf(event);
  if (!hasText(chosen)) return undefined;
  const { firmware, operations = [], expiresAt } = event;
  return t(chosen, {
    device: partOf(event, device, t, names),
    user: shortName(event.user ?? ''),
    by: shortName(event.by ?? ''),
    to: whomOf(event, t),
    text: event.text ?? event.refusal ?? '',
    version: firmware?.to ?? t('home.firmware.new'),
    what: operations.map((one) => t(`home.operation.${one}`)).join(t('home.list.separator')),
    until: expiresAt === undefined ? '' : t('home.notice.until', { time: formatFullTime(expiresAt) }),
  });
}

/** @param before the device as it was known; undefined while the list is not there: what is told then is how it is, no change */
export function isNews(
  { kind, state, news }: JsonHomeEvent,
  before: Pick<JsonHomeDevice, 'state'> | undefined,
): boolean {
  if (kind === 'state') return before !== undefined && before.state !== state;
  return kind !== 'firmware' || news !== undefined; // a percent is none
}

/** What was granted or revoked: a part of the device, or all of it. */
function partOf({ feature = '*', featureName }: JsonHomeEvent, device: string, t: Translate, names: NamesOfModel) {
  if (feature === '*') return device;
  const [, id] = /:(\d+)$/.exec(feature) ?? [];
  const label = id === undefined ? feature : objectLabel(`/${id}/0`, featureName, t, names);
  return t('home.notice.part', { device, feature: label });
}

/** Why a device that slept was not told, where there are words for it. */
const undone: ReadonlySet<string> = new Set(['expired', 'forbidden']);

function whomOf({ to = '' }: JsonHomeEvent, t: Translate): string {
  return to === 'owners' || to === 'friends' ? t(`home.notice.to.${to}`) : shortName(to);
}

function textOf({ kind, state, reason, refusal, firmware, by, user, to, operations = [] }: JsonHomeEvent): string {
  if (kind === 'result') return `home.notice.not-done${undone.has(refusal ?? '') ? `.${refusal}` : ''}`;
  if (kind === 'granted' || kind === 'revoked') {
    const what = kind === 'granted' && operations.length === 0 ? 'granted-nothing' : kind;
    const whom = to === undefined ? '' : '-to';
    return `home.notice.${what}${whom}${user === undefined ? '' : '-by'}`;
  }
  const what = kind === 'unbound' && by !== undefined ? 'removed' : kind;
  const details: Readonly<Record<string, string | undefined>> = { state, ended: reason, firmware: firmware?.phase };
  const detail = kind in details ? `.${details[kind] ?? ''}` : '';
  const key = `home.notice.${what}${detail}`;
  return user !== undefined && hasText(`${key}-by`) ? `${key}-by` : key;
}
