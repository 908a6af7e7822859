import { type JsonQueuedRequest, RequestQueuedError } from '@yaolian/contract';
import { tellProblem } from '../platform/problem-text.ts';
import { isAway, isUnanswered } from '../platform/reach.ts';
import { Store, useStore } from '../platform/store.ts';
import { translate, useText } from '../platform/text.ts';
import { Icon } from './icon.tsx';

interface Notice {
  readonly id: number;
  readonly kind: 'done' | 'wait' | 'problem';
  readonly text: string;
  readonly details: string;
  /** It says that the platform is away: it goes when it is back. */
  readonly isAway: boolean;
}

const notices = new Store<readonly Notice[]>([]);
const maxNotices = 4;
let lastId = 0;

function add(kind: Notice['kind'], text: string, details = '', isAway = false): void {
  const notice = { id: ++lastId, kind, text, details, isAway };
  // Said again, it is said once, and stays longer.
  const others = notices.value.filter((one) => one.kind !== kind || one.text !== text || one.details !== details);
  notices.set([...others, notice].slice(-maxNotices));
  // A problem stays until it is read.
  if (kind !== 'problem') setTimeout(() => dismiss(notice.id), 6000);
}

function dismiss(id: number): void {
  notices.set(notices.value.filter((notice) => notice.id !== id));
}

/** Tells in passing that something is done. */
export function tellDone(text: string): void {
  add('done', text);
}

/** Tells in passing that something will be done later. */
export function tellWait(text: string): void {
  add('wait', text);
}

/** Tells what came to nothing. */
export function tellNot(text: string): void {
  add('problem', text);
}

/** Requests that wait for devices, of which that was told. */
const awaited = new Set<number>();

/** Tells what came of a request that waited, where it was told that it waits. */
export function tellOutcome({ id, state }: JsonQueuedRequest, text: string): void {
  if (awaited.delete(id)) add(state === 'done' ? 'done' : 'problem', text);
}

/** Tells why something could not be done, or that it waits for a device that sleeps. */
export function tellFailure(error: unknown): void {
  if (error instanceof RequestQueuedError) {
    awaited.add(error.request.id);
    add('wait', translate('device.queued', { id: error.request.id }));
    return;
  }
  const { title, advice, details } = tellProblem(error, translate);
  add('problem', title, [advice, ...details.map(({ text }) => text)].join(' '), isUnanswered(error));
}

isAway.watch((away) => {
  if (!away) notices.set(notices.value.filter((notice) => !notice.isAway));
});

/** Where notices appear; screen readers say them when they come. */
export function Notices() {
  const t = useText();
  const shown = useStore(notices);
  const away = useStore(isAway);
  return (
    <div class="notices" aria-live="polite">
      {away && (
        <div class="notice notice-wait">
          <div>
            <strong>{t('away.title')}</strong>
            <p>{t('away.lead')}</p>
          </div>
        </div>
      )}
      {shown.map((notice) => (
        <div key={notice.id} class={`notice notice-${notice.kind}`}>
          <div>
            <strong>{notice.text}</strong>
            {notice.details !== '' && <p>{notice.details}</p>}
          </div>
          <button
            type="button"
            class="quiet icon-only"
            aria-label={t('common.close')}
            onClick={() => dismiss(notice.id)}
          >
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
