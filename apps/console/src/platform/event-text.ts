import type { JsonEvent } from '@yaolian/contract';
import type { TextKey } from '../catalogue/index.ts';
import { failureText } from './failure-text.ts';
import { modelNames } from './model-names.ts';
import { nodeText } from './node-text.ts';
import { hasText, language, type Translate, type Values } from './text.ts';

/** What happened, in one sentence without its subject. */
export function eventText(event: JsonEvent, t: Translate): string {
  const isIncomplete = event.type === 'bootstrap.finished' && notesOf(event.data) !== '';
  return t(isIncomplete ? 'event.bootstrap.incomplete' : `event.${event.type}`, valuesOf(event, t));
}

/** What a terminal refused at bootstrap. A timeline has left it out where it was long. */
function notesOf({ notes }: { readonly notes?: readonly string[] }): string {
  return notes?.join('; ') ?? '';
}

const operations: Readonly<Record<string, TextKey>> = {
  read: 'operation.read',
  write: 'operation.write',
  execute: 'operation.execute',
  create: 'operation.create',
  delete: 'operation.delete',
  discover: 'operation.discover',
  observe: 'operation.observe',
  'cancel-observation': 'operation.cancel',
  'read-composite': 'operation.read',
  'write-composite': 'operation.write',
  'observe-composite': 'operation.observe',
  'write-attributes': 'operation.write-attributes',
};

export function operationText(operation: string, t: Translate): string {
  const key = operations[operation];
  return key === undefined ? operation : t(key);
}

/** Why, in the language of the page. English is what the platform says, which may tell more than the code does. */
export function why(
  kind: string,
  { code, reason }: { readonly code?: string | undefined; readonly reason: string },
  t: Translate,
): string {
  const key = `${kind}.${code}`;
  return language.value === 'en' || !hasText(key) ? reason : t(key);
}

/** So much of a value tells it from others. */
const mostCharacters = 200;

/** A text, or its beginning when it is long. */
export function shortened(text: string): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters)}…`;
}

/** The text of a code of the platform, or the code where there is none. */
function word(kind: string, code: string, t: Translate): string {
  const key = `${kind}.${code}`;
  return hasText(key) ? t(key) : code;
}

/** Paths with their names in the language of the page, where it has them. */
export function pathsText(paths: readonly string[]): string {
  const names = modelNames();
  return paths.map((path) => names.path(path)).join(' ');
}

function valuesOf(event: JsonEvent, t: Translate): Values {
  const values = ownValuesOf(event, t);
  return 'path' in event.data ? { ...values, path: pathsText(event.data.path.split(' ')) } : values;
}

function ownValuesOf(event: JsonEvent, t: Translate): Values {
  switch (event.type) {
    case 'operation.completed': {
      const { operation, coapCode, error } = event.data;
      const failed = error === undefined ? '' : failureText(`operations.${error}`, t);
      return { operation: operationText(operation, t), coapCode: coapCode ?? failed };
    }
    case 'observation.notified':
      return { value: shortened(nodeText(event.data.node)) };
    case 'request.queued':
    case 'request.sent':
    case 'request.finished': {
      const { operation, paths, state, coapCode } = event.data;
      const done = coapCode ?? t(`queued.${state}`);
      return { operation: operationText(operation, t), path: pathsText(paths), state: done };
    }
    case 'firmware.progress':
      return { percent: Math.round((100 * event.data.sent) / Math.max(1, event.data.size)) };
    case 'bulk.changed':
      return { name: word('bulk.kind', event.data.operation.kind, t), state: word('campaign', event.data.state, t) };
    case 'message.waiting':
      return { account: event.data.account };
    case 'campaign.changed':
      return { name: event.data.name, state: word('campaign', event.data.state, t) };
    case 'firmware.changed':
      return { phase: word('update', event.data.phase, t) };
    case 'device.refused':
    case 'bootstrap.refused':
      return { coapCode: event.data.coapCode, reason: why('failure.refused', event.data, t) };
    case 'bootstrap.failed':
      return { reason: [why('failure.bootstrap', event.data, t), notesOf(event.data)].filter(Boolean).join('; ') };
    case 'bootstrap.finished':
      return { notes: notesOf(event.data) };
    case 'device.report-failed':
      return { reason: why('failure.operations', event.data, t) };
    case 'observation.malformed': {
      const { reason } = event.data;
      return { reason: why('failure.operations', { code: 'unreadable', reason }, t) };
    }
    case 'stream.gap':
      return { reason: why('failure.gap', event.data, t) };
    case 'observation.ended':
      return { reason: word('event.ended', event.data.waiting ? 'waiting' : event.data.reason, t) };
    default:
      return event.data as Values;
  }
}
