import { useState } from 'preact/hooks';
import { useMay } from '../../platform/session.ts';
import { ActButton } from './act-button.tsx';
import { AttributesDialog } from './attributes-dialog.tsx';
import type { DeviceData } from './device-data.ts';
import { useObserving } from './observing.ts';

interface LevelActionsProps {
  readonly data: DeviceData;
  /** Of an instance or an object: `/3303/0`, `/3303`. */
  readonly path: string;
}

/** Observes a whole instance or object, and sets the attributes that hold for all of it. */
export function LevelActions({ data, path }: LevelActionsProps) {
  const may = useMay('operator');
  const observing = useObserving(data, { path });
  const [isEdited, setEdited] = useState(false);
  if (!may || data.speaksRa) return null;
  return (
    <>
      <ActButton icon="chart" text="resource.observe" name={path} isOn={observing.isOn} onAct={observing.toggle} />
      <ActButton icon="sliders" text="resource.attributes" name={path} onAct={() => setEdited(true)} />
      {isEdited && (
        <AttributesDialog device={data.device} target={{ path, label: path }} onClose={() => setEdited(false)} />
      )}
    </>
  );
}
