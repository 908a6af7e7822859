import { element, type XmlElement } from '@yaolian/xmpp';
import { raNamespaces } from '../namespaces.ts';
import { answerBytes } from './answer.ts';

const ns = raNamespaces.history;

/** Values, or spans of them, in one answer, and how long it is. */
export const historyLimits = { default: 200, most: 500, bytes: answerBytes } as const;

/** What is asked of the history of a resource. */
export interface HistoryQuestion {
  /** `/3303/0/5700`: a resource, or one of its instances. */
  readonly path: string;
  /** RFC 3339; default: everything that is kept. */
  readonly from?: string | undefined;
  /** RFC 3339; default: until now. */
  readonly to?: string | undefined;
  /** Seconds of the spans that values come together by; default: value by value. */
  readonly every?: number | undefined;
  /** At most so many values or spans, up to {@link historyLimits}. */
  readonly max?: number | undefined;
  /** Goes on where the answer before ended: its `next`. */
  readonly after?: string | undefined;
}

/** A value and when it was so. */
export interface RaPastValue {
  /** RFC 3339. */
  readonly time: string;
  readonly text: string;
}

/** What a resource was within a span that begins at `time`. */
export interface RaPastSpan {
  readonly time: string;
  /** Values in it. */
  readonly count: number;
  /** Of numbers. */
  readonly least?: string | undefined;
  readonly greatest?: string | undefined;
  readonly mean?: string | undefined;
  /** The last of them. */
  readonly last: string;
}

/** What a resource was, the oldest first. */
export interface RaHistory {
  readonly path: string;
  readonly name?: string | undefined;
  readonly unit?: string | undefined;
  /** There is more: ask with `after`. */
  readonly next?: string | undefined;
  /** Value by value; empty where spans were asked for. */
  readonly values: readonly RaPastValue[];
  readonly spans: readonly RaPastSpan[];
}

/** `<history xmlns='urn:yaolian:ra:1:history' path='/3303/0/5700' from='2026-11-28T00:00:00Z' every='3600'/>` */
export function encodeHistoryQuestion({ path, from, to, every, max, after }: HistoryQuestion): XmlElement {
  const [seconds, most] = [every, max].map((number) => (number === undefined ? undefined : String(number)));
  return element('history', ns, { path, from, to, every: seconds, max: most, after });
}

/** Undefined when it is none. */
export function decodeHistoryQuestion(payload: XmlElement): HistoryQuestion | undefined {
  if (!payload.is('history', ns)) return undefined;
  const { path, from, to, every, max, after } = payload.attributes;
  if (path === undefined || !/^(\/\d{1,5}){3,4}$/.test(path) || [from, to].some(isNoTime)) return undefined;
  if ([every, max].some((text) => text !== undefined && !/^[1-9]\d{0,8}$/.test(text))) return undefined;
  const most = Math.min(max === undefined ? historyLimits.default : Number(max), historyLimits.most);
  return { path, from, to, every: every === undefined ? undefined : Number(every), max: most, after };
}

/** As XEP-0082 has it. */
function isNoTime(text: string | undefined): boolean {
  const isForm = text === undefined || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text);
  return !isForm || (text !== undefined && Number.isNaN(Date.parse(text)));
}

/** `<history path='…' unit='Cel'><value time='…'>21.5</value></history>`, or `<span time count least greatest mean last/>` in it. */
export function encodeHistory({ path, name, unit, next, values, spans }: RaHistory): XmlElement {
  return element(
    'history',
    ns,
    { path, name, unit, next },
    ...values.map(({ time, text }) => element('value', ns, { time }, text)),
    ...spans.map(({ count, ...span }) => element('span', ns, { ...span, count: String(count) })),
  );
}

/** Undefined when it is none. */
export function decodeHistory(payload: XmlElement | undefined): RaHistory | undefined {
  const { path, name, unit, next } = payload?.attributes ?? {};
  if (payload?.is('history', ns) !== true || path === undefined) return undefined;
  const values = payload
    .elements('value')
    .map((value) => ({ time: value.attribute('time') ?? '', text: value.text() }));
  const spans = payload
    .elements('span')
    .map(({ attributes: { time = '', count, least, greatest, mean, last = '' } }) => {
      return { time, count: Number(count), least, greatest, mean, last };
    });
  return { path, name, unit, next, values, spans };
}
