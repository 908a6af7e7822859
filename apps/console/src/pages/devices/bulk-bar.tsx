import type { JsonGroup } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useText } from '../../platform/text.ts';
import { BulkDialog } from './bulk-dialog.tsx';
import type { DeviceFilter } from './device-filter.ts';
import { isEmpty, type Selection } from './selection.ts';

/** What can be done with what was chosen. */
export function BulkBar({
  selection,
  filter,
  groups,
  onStarted,
}: {
  readonly selection: Selection;
  readonly filter: DeviceFilter;
  readonly groups: readonly JsonGroup[];
  readonly onStarted: () => void;
}) {
  const t = useText();
  const [asks, setAsks] = useState(false);
  const { chosen, clear } = selection;
  if (isEmpty(chosen)) return null;
  const count = chosen === 'all' ? t('select.all-chosen') : t('select.count', { count: chosen.size });
  return (
    <div class="card bulk-bar">
      <strong role="status">{count}</strong>
      <button type="button" class="primary" onClick={() => setAsks(true)}>
        {t('bulk.action')}
      </button>
      <button type="button" class="quiet" onClick={clear}>
        {t('select.clear')}
      </button>
      {asks && (
        <BulkDialog
          devices={chosen === 'all' ? filter : { keys: [...chosen] }}
          groups={groups}
          onStarted={() => {
            // Nothing is chosen any more: the bar goes, and its dialog with it, which closes without saying so.
            setAsks(false);
            clear();
            onStarted();
          }}
          onClose={() => setAsks(false)}
        />
      )}
    </div>
  );
}
