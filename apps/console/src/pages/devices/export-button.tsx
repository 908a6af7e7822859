import { useRef, useState } from 'preact/hooks';
import { formatNumber } from '../../platform/format.ts';
import { saveFile } from '../../platform/save-file.ts';
import { useText } from '../../platform/text.ts';
import { Icon } from '../../ui/icon.tsx';
import { tellFailure } from '../../ui/notices.tsx';
import { devicesAsCsv } from './csv.ts';
import type { DeviceFilter } from './device-filter.ts';

/** Saves what the filter shows as CSV. Pressed again, it stops. */
export function ExportButton({ filter }: { readonly filter: DeviceFilter }) {
  const t = useText();
  const [count, setCount] = useState<number>();
  const running = useRef<AbortController>(undefined);
  const press = async () => {
    if (running.current) return running.current.abort();
    const stop = new AbortController();
    running.current = stop;
    try {
      const csv = await devicesAsCsv(filter, stop.signal, setCount);
      saveFile(csv, 'devices.csv');
    } catch (error) {
      if (!stop.signal.aborted) tellFailure(error);
    }
    running.current = undefined;
    setCount(undefined);
  };
  const isRunning = count !== undefined;
  return (
    <button type="button" onClick={press}>
      <Icon name={isRunning ? 'close' : 'export'} />
      {isRunning ? t('devices.export.running', { count: formatNumber(count) }) : t('devices.export')}
    </button>
  );
}
