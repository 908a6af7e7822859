import { type JsonDeviceDetail, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { call, useMay } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { tellDone } from '../../ui/notices.tsx';
import { requested } from './requested.ts';

/** Has a terminal bootstrap again (LwM2M 1.1, resource 9 of the Server object), once that was asked. */
export function BootstrapAgain({ detail: { key, registration } }: { readonly detail: JsonDeviceDetail }) {
  const t = useText();
  const may = useMay('operator');
  const [isAsking, setAsking] = useState(false);
  if (!may || registration === undefined || registration.lwm2mVersion === '1.0') return null;
  const trigger = async () => {
    const asked = call(routes.triggerBootstrap, { params: { device: key }, query: {} });
    if (await requested(asked)) tellDone(t('bootstrap.again.done'));
  };
  return (
    <>
      <button type="button" onClick={() => setAsking(true)}>
        {t('bootstrap.again')}
      </button>
      {isAsking && (
        <Dialog
          title={t('bootstrap.again')}
          action={t('bootstrap.again')}
          onAction={trigger}
          onClose={() => setAsking(false)}
        >
          <p>{t('bootstrap.again.ask')}</p>
        </Dialog>
      )}
    </>
  );
}
