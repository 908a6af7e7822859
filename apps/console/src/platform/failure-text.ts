import { hasText, type Translate } from './text.ts';

/** Counters of what went wrong: those of the overview that count neither messages nor what was done. */
export function isFailure(counter: string): boolean {
  if (counter === 'devices.expired') return true;
  return counter.startsWith('refused.') || (counter.startsWith('operations.') && counter !== 'operations.done');
}

/** Why it went wrong, in words. @param counter `refused.enrolment`, `operations.LWM2M_TIMEOUT`, … */
export function failureText(counter: string, t: Translate): string {
  const key = `failure.${counter}`;
  if (hasText(key)) return t(key);
  const [kind, reason = ''] = counter.split('.', 2);
  return t(kind === 'refused' ? 'failure.refused.other' : 'failure.operations.other', { reason });
}

/** Why an update or a job did not do a device, in words; a code without words as it is. @param reason `update-failed`, `other-model`, `device-not-registered`, … */
export function reasonText(reason: string, t: Translate): string {
  const key = [`failure.update.${reason}`, `problem.${reason}`, `failure.operations.${reason}`].find(hasText);
  return key === undefined ? reason : t(key);
}
