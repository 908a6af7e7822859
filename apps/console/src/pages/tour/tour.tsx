import { routes } from '@yaolian/contract';
import { useCallback } from 'preact/hooks';
import { useInterval, useLoad } from '../../platform/load.ts';
import { navigate, usePlace } from '../../platform/router.ts';
import { call } from '../../platform/session.ts';
import { useStore } from '../../platform/store.ts';
import { useText } from '../../platform/text.ts';
import type { DeviceData } from '../device/device-data.ts';

const baseSteps = ['registered', 'read', 'observe', 'write'] as const;
/** Where users may come: give it to one of them. */
const remoteSteps = ['share', 'bind'] as const;
type Step = (typeof baseSteps | typeof remoteSteps)[number];

/** What "Show me" points to. */
const targets: Readonly<Partial<Record<Step, string>>> = { read: '/3/0', observe: '/3303/0/5700', write: '/3/0/15' };

/** Leads a newcomer through a device; each step is ticked when it really happened. */
export function Tour({ data, onAbout }: TourProps) {
  const { query } = usePlace();
  return query.has('tour') ? <Steps data={data} onAbout={onAbout} /> : null;
}

interface TourProps {
  readonly data: DeviceData;
  /** Shows the tab where a device is shared. */
  readonly onAbout: () => void;
}

function Steps({ data, onAbout }: TourProps) {
  const t = useText();
  const { path } = usePlace();
  useStore(data.live.changes);
  const { data: status } = useLoad((signal) => call(routes.showStatus, { signal }), []);
  const steps: readonly Step[] = status?.remoteAccess === undefined ? baseSteps : [...baseSteps, ...remoteSteps];
  const next = steps.find((step) => !isDone(step, data));
  const { reload } = data;
  const lookForUser = useCallback(() => next === 'bind' && reload(), [next, reload]);
  useInterval(lookForUser, 3000); // who binds it is in another window
  const end = () => navigate(`/${path.map(encodeURIComponent).join('/')}`, 'replace');
  return (
    <aside class="card tour" aria-label={t('tour.title')}>
      <div class="section-head">
        <h2>{t('tour.title')}</h2>
        <button type="button" class={next === undefined ? 'primary' : 'quiet'} onClick={end}>
          {t('tour.end')}
        </button>
      </div>
      <ol>
        {steps.map((step) => (
          <li
            key={step}
            class={isDone(step, data) ? 'is-done' : undefined}
            aria-current={step === next ? 'step' : undefined}
          >
            {t(`tour.step.${step}`)}
            {step === next && targets[step] !== undefined && (
              <button type="button" onClick={() => pointTo(targets[step]!)}>
                {t('tour.show')}
              </button>
            )}
            {step === next && step === 'share' && (
              <button type="button" onClick={onAbout}>
                {t('tour.show')}
              </button>
            )}
            {step === next && step === 'bind' && (
              <a class="button" href="/home" target="_blank" rel="noreferrer">
                {t('tour.home')}
              </a>
            )}
          </li>
        ))}
      </ol>
      {next === undefined && <p role="status">{t('tour.done')}</p>}
    </aside>
  );
}

function isDone(step: Step, { detail, live, observations, events }: DeviceData): boolean {
  switch (step) {
    case 'registered':
      return detail?.registration !== undefined;
    case 'read':
      return live.below('/3/0').length > 0;
    case 'observe':
      return observations.some(({ path }) => path === '/3303/0/5700');
    case 'write':
      return events.some(
        ({ type, data }) => type === 'operation.completed' && data.operation === 'write' && data.coapCode === '2.04',
      );
    case 'share':
      return detail?.remoteAccess !== undefined;
    case 'bind':
      return detail?.remoteAccess?.owners.some(({ state }) => state === 'active') === true;
  }
}

/** Scrolls to a resource or an instance and lights it up. */
function pointTo(path: string): void {
  const target = document.querySelector(`[data-path="${path}"]`);
  target?.closest('details')?.setAttribute('open', '');
  target?.scrollIntoView({ block: 'center' });
  for (const earlier of document.querySelectorAll('.pointed')) earlier.classList.remove('pointed');
  requestAnimationFrame(() => target?.classList.add('pointed'));
}
