import { type JsonTrialDevice, routes } from '@yaolian/contract';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { tellFailure } from '../../ui/notices.tsx';

interface TrialListProps {
  readonly devices: readonly JsonTrialDevice[];
  readonly onChanged: () => void;
}

/** The simulated devices that run inside the platform, each with what ends it. */
export function TrialList({ devices, onChanged }: TrialListProps) {
  const t = useText();
  const may = useMay('operator');
  const stop = (endpoint: string) =>
    call(routes.stopTrialDevice, { params: { endpoint } }).catch(tellFailure).finally(onChanged);
  if (devices.length === 0) return null;
  return (
    <ul class="plain trials" aria-label={t('try.running')}>
      {devices.map(({ endpoint }) => (
        <li key={endpoint}>
          <a href={`/devices/${encodeURIComponent(endpoint)}`}>{endpoint}</a>
          {may && (
            <button type="button" aria-label={t('try.stop', { name: endpoint })} onClick={() => stop(endpoint)}>
              {t('try.stop.short')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
