import type { JsonAuditEntry } from '@yaolian/contract';
import { auditWords } from '../../catalogue/audit-words.ts';
import { problems } from '../../catalogue/problems.ts';
import type { Text } from '../../catalogue/text.ts';
import { formatFullTime } from '../../platform/format.ts';
import type { NamesOfModel } from '../../platform/names-of-model.ts';
import type { Language, Translate } from '../../platform/text.ts';

const words: Readonly<Record<string, Text>> = auditWords;

/**
 * What was done, in words: the names of routes and of acts of Remote Access are a verb and what it is done to, `addOperator`,
 * `reset-code`. A word without a text stands as it is.
 */
export function actionText(action: string, language: Language): string {
  const [verb = '', ...rest] = action.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).split('-');
  const said = [wordOf('verb', verb, language)];
  if (rest.length > 0) said.push(wordOf('noun', rest.join('-'), language));
  if (language === 'en') return said.join(' ');
  // Chinese and Latin words stand apart.
  return said.join('').replaceAll(/(?<=\p{Script=Han})(?=[A-Za-z])/gu, ' ');
}

/** How it ended. What has no text, such as the code of a device's answer, is told as it is. */
export function outcomeText(outcome: string, language: Language): string {
  const problem = (problems as Readonly<Record<string, Text>>)[`problem.${outcome}`];
  return words[`audit.outcome.${outcome}`]?.[language] ?? problem?.[language] ?? outcome;
}

/** To whom what of a device was permitted or revoked, and until when. */
export function permissionText(
  { to, feature, featureName, operations, expiresAt }: NonNullable<JsonAuditEntry['permission']>,
  t: Translate,
  names: NamesOfModel,
): string {
  const [, id] = /^urn:oma:lwm2m:(?:oma|ext|x):(\d+)$/.exec(feature) ?? [];
  const object = id === undefined ? undefined : names.object(Number(id), featureName);
  const parts = [
    feature === '*' ? t('audit.permission.everything') : object === undefined ? feature : `${object} (${id})`,
    operations.length === 0
      ? t('audit.permission.nothing')
      : operations.map((one) => t(`audit.permission.${one}`)).join(t('audit.permission.separator')),
    ...(expiresAt === undefined ? [] : [t('audit.permission.until', { time: formatFullTime(expiresAt) })]),
  ];
  const whom = to === 'owners' || to === 'friends' ? t(`audit.permission.${to}`) : to;
  return t('audit.permission', { to: whom, what: parts.join(' · ') });
}

function wordOf(kind: 'verb' | 'noun', word: string, language: Language): string {
  return words[`audit.${kind}.${word}`]?.[language] ?? word.replaceAll('-', ' ');
}
