import { type JsonTrialDevice, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';

interface TrialListProps {
  readonly devices: readonly JsonTrialDevice[];
  readonly onChanged: () => void;
}

/** The simulated devices that run inside the platform, each with what ends it. */
export function TrialList({ devices, onChanged }: TrialListProps) {
  const t = useText();
  const may = useMay('operator');
  const [asked, setAsked] = useState<string>();
  const stop = (endpoint: string) => call(routes.stopTrialDevice, { params: { endpoint } }).finally(onChanged);
  if (devices.length === 0) return null;
  return (
    <ul class="plain trials" aria-label={t('try.running')}>
      {devices.map(({ endpoint }) => (
        <li key={endpoint}>
          <a href={`/devices/${encodeURIComponent(endpoint)}`}>{endpoint}</a>
          {may && (
            <button type="button" aria-label={t('try.stop', { name: endpoint })} onClick={() => setAsked(endpoint)}>
              {t('try.stop.short')}
            </button>
          )}
          {asked === endpoint && (
            <Dialog
              title={t('try.stop', { name: endpoint })}
              action={t('try.stop.short')}
              isDangerous
              onAction={() => stop(endpoint)}
              onClose={() => setAsked(undefined)}
            >
              <p>{t('try.stop.ask')}</p>
            </Dialog>
          )}
        </li>
      ))}
    </ul>
  );
}
