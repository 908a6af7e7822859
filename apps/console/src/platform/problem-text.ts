import { ApiProblemError, type Problem, reasonedProblems } from '@yaolian/contract';
import { hasText, language, type Translate } from './text.ts';

/** What a person is told of a failure. */
export interface Told {
  readonly title: string;
  readonly advice: string;
  /** What there is to say about this occurrence. */
  readonly details: readonly Detail[];
}

export interface Detail {
  readonly text: string;
  /** Of a text that is not in the language of the page: what a device said, or what has no text. */
  readonly lang?: 'en' | '';
}

export type Labels = ReadonlyMap<string, string>;

/** @param labels what the form calls its fields, by their names in the request */
export function tellProblem(error: unknown, t: Translate, labels: Labels = new Map()): Told {
  if (error instanceof ApiProblemError) return tellApiProblem(error, t, labels);
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  if (code === 'API_UNREACHABLE' || code === 'API_UNEXPECTED') {
    return { title: t('problem.unreachable'), advice: t('advice.unreachable'), details: [] };
  }
  if (code === 'IMPORT_FILE_UNREADABLE') {
    return { title: t('problem.file-unreadable'), advice: t('advice.file-unreadable'), details: [] };
  }
  if (code === 'CONSOLE_NEWER') return { title: t('problem.newer'), advice: t('advice.newer'), details: [] };
  return { title: t('problem.unexpected'), advice: t('advice.unexpected', { message: String(message) }), details: [] };
}

function tellApiProblem({ problem }: ApiProblemError, t: Translate, labels: Labels): Told {
  const { code, coapCode = '', instance = '', detail, reason, params, errors = [], diagnostic } = problem;
  const details = errors.map(({ where, message, ...why }) => {
    const { text, ...lang } = tellReason(message, why, t);
    const place = placeOf(where, t, labels);
    return { text: place === '' ? text : t('problem.at', { where: place, text }), ...lang };
  });
  if (details.length === 0 && (reason !== undefined || showsDetail.has(code))) {
    details.push(tellReason(detail, { reason, params }, t));
  }
  if (diagnostic !== undefined) details.push({ text: diagnostic, lang: '' });
  return { title: t(`problem.${code}`), advice: t(`advice.${code}`, { coapCode, instance }), details };
}

/** The name of a field in the request, whichever part of it that is. */
export function fieldOf(where: string): string {
  return where.replace(/^(?:body|query|path|header)(?:\/|$)/, '');
}

/** What a form calls the field, or the line of a file; empty: the request as a whole. */
function placeOf(where: string, t: Translate, labels: Labels): string {
  const line = /^line (\d+)$/.exec(where)?.[1];
  if (line !== undefined) return t('problem.line', { line });
  const field = fieldOf(where);
  const label = labels.get(field);
  if (label !== undefined) return label;
  const key = `problem.field.${field}`;
  return hasText(key) ? t(key) : field;
}

type Why = { readonly [Field in 'reason' | 'params']?: Problem[Field] | undefined };

/** Why, in the language of the page. In English the platform says it best: its sentence may tell more than the reason does. */
export function tellReason(sentence: string, { reason, params }: Why, t: Translate): Detail {
  const key = `reason.${reason}`;
  if (language.value === 'en' || !hasText(key)) return { text: sentence, lang: 'en' };
  return { text: t(key, params && withChineseLists(params)) };
}

/** Params that list names; the platform puts commas between them. */
const lists: ReadonlySet<string> = new Set(['names', 'values', 'members', 'columns', 'fields', 'known', 'examples']);

function withChineseLists(params: NonNullable<Problem['params']>): NonNullable<Problem['params']> {
  const told = Object.entries(params).map(([name, value]) => {
    return [name, lists.has(name) ? String(value).replaceAll(', ', '、') : value];
  });
  return Object.fromEntries(told);
}

/** Where what happened here says more than the kind of problem. */
const showsDetail: ReadonlySet<string> = new Set(reasonedProblems);
