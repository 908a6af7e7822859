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
const targets: Readonly<Partial<Record<Step, Target>>> = {
  read: ['/3/0', 'read'],
  observe: ['/3303/0/5700', 'observe'],
  write: ['/3/0/15', 'write'],
};
type Target = readonly [path: string, act: 'read' | 'observe' | 'write'];

/** Leads a newcomer through a device; each step is ticked when it really happened. */
export function Tour({ data, onTab }: TourProps) {
  const { query } = usePlace();
  return query.has('tour') ? <Steps data={data} onTab={onTab} /> : null;
}

interface TourProps {
  readonly data: DeviceData;
  /** Shows the tab where the next step is done. */
  readonly onTab: (tab: 'resources' | 'about') => void;
}

function Steps({ data, onTab }: TourProps) {
  const t = useText();
  const { path } = usePlace();
  useStore(data.live.changes);
  const { data: status } = useLoad((signal) => call(routes.showStatus, { signal }), []);
  const steps: readonly Step[] = status?.remoteAccess === undefined ? baseSteps : [...baseSteps, ...remoteSteps];
  const next = steps.find((step) => !isDone(step, data));
  const { reload } = data;
  const lookForUser = useCallback(() => next === 'bind' && reload(), [next, reload]);
  useInterval(lookForUser, 3000); // who binds it is in another window
  const show = (target: Target) => {
    onTab('resources');
    requestAnimationFrame(() => pointTo(target)); // once that tab is drawn
  };
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
              <button type="button" onClick={() => show(targets[step]!)}>
                {t('tour.show')}
              </button>
            )}
            {step === next && step === 'share' && (
              <button type="button" onClick={() => onTab('about')}>
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

/** Scrolls to the button of a step, lights it up and gives it the focus: who has no mouse presses Enter. */
function pointTo([path, act]: Target): void {
  const button = document.querySelector<HTMLElement>(`[data-path="${path}"] [data-act="resource.${act}"]`);
  const target = button?.closest('tr') ?? button;
  button?.closest('details')?.setAttribute('open', '');
  target?.scrollIntoView({ block: 'center' });
  button?.focus({ preventScroll: true });
  for (const earlier of document.querySelectorAll('.pointed')) earlier.classList.remove('pointed');
  requestAnimationFrame(() => target?.classList.add('pointed'));
}
