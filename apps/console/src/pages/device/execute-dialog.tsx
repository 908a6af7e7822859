import { routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { requested } from './requested.ts';
import type { ResourceFacts } from './resource-facts.ts';

interface ExecuteDialogProps {
  readonly device: string;
  readonly facts: ResourceFacts;
  readonly onClose: () => void;
}

/** Asks once before something is executed, and for its arguments. */
export function ExecuteDialog({ device, facts: { path, label }, onClose }: ExecuteDialogProps) {
  const t = useText();
  const [text, setText] = useState('');
  const grave = graveOf(path);
  const execute = async () => {
    const body = text.trim() === '' ? {} : { arguments: text.trim() };
    if (await requested(call(routes.executeResource, { params: { device, path: path.slice(1) }, body }))) {
      tellDone(t('resource.executed', { name: label }));
    }
  };
  return (
    <Dialog
      title={t('resource.execute', { name: label })}
      action={t(grave === undefined ? 'execute.action' : `execute.action.${grave}`)}
      isDangerous={grave === 'factory-reset'}
      onAction={execute}
      onClose={onClose}
    >
      <p>{t(grave === undefined ? 'execute.ask' : `execute.ask.${grave}`)}</p>
      <label class="field">
        <span>{t('execute.arguments')}</span>
        <input
          value={text}
          maxLength={1024}
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
        <small>{t('execute.hint')}</small>
      </label>
    </Dialog>
  );
}

/** Of Reboot and Factory Reset of object 3 (OMA-TS-LightweightM2M_Core 1.2 §E.4), also of a device behind a gateway: which it is. */
function graveOf(path: string): 'reboot' | 'factory-reset' | undefined {
  if (path.endsWith('/3/0/4')) return 'reboot';
  return path.endsWith('/3/0/5') ? 'factory-reset' : undefined;
}
