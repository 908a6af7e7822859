import { type JsonHomeDeviceDetail, type JsonHomeResource, routes } from '@yaolian/contract';
import { useState } from 'preact/hooks';
import { useModelNames } from '../../platform/model-names.ts';
import { useText } from '../../platform/text.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icon.tsx';
import { tellDone, tellFailure, tellWait } from '../../ui/notices.tsx';
import { read } from '../model/home-model.ts';
import { ask } from '../model/session.ts';
import { labelOf, objectLabel } from '../model/value-text.ts';
import { ResourceControl } from './resource-control.tsx';

/** All objects of a device, each closed until it is wanted. */
export function Everything({ device, onRead }: { readonly device: JsonHomeDeviceDetail; readonly onRead: () => void }) {
  const t = useText();
  const names = useModelNames();
  if (device.instances.length === 0) return null;
  return (
    <section class="card">
      <h2>{t('home.device.everything')}</h2>
      {device.instances.map(({ path, name, resources }) => (
        <details key={path} class="home-object">
          <summary>{objectLabel(path, name, t, names)}</summary>
          <div class="home-main">
            {resources
              .filter(({ may }) => may.includes('read') || may.includes('write'))
              .map((resource) => (
                <ResourceControl key={resource.path} device={device} resource={resource} />
              ))}
          </div>
          <div class="home-actions">
            <button
              type="button"
              onClick={() => void read(device, path).then(onRead, tellFailure)}
              aria-label={`${t('home.device.read')}: ${objectLabel(path, name, t, names)}`}
            >
              <Icon name="read" />
              {t('home.device.read')}
            </button>
            {resources
              .filter(({ may }) => may.includes('execute'))
              .map((resource) => (
                <RunButton key={resource.path} device={device} resource={resource} />
              ))}
          </div>
        </details>
      ))}
    </section>
  );
}

function RunButton({
  device,
  resource,
}: {
  readonly device: JsonHomeDeviceDetail;
  readonly resource: JsonHomeResource;
}) {
  const t = useText();
  const names = useModelNames();
  const [asks, setAsks] = useState(false);
  const name = labelOf(resource, t, names);
  const run = async () => {
    const params = { device: device.device, path: resource.path };
    const { state } = await ask(routes.executeHomeResource, { params });
    if (state === 'queued') tellWait(t('home.waits', { name: device.name }));
    else tellDone(t('home.device.ran', { name }));
  };
  const title = t('home.device.run', { name });
  return (
    <>
      <button type="button" onClick={() => setAsks(true)}>
        <Icon name="play" />
        {name}
      </button>
      {asks && (
        <Dialog title={title} action={title} onAction={run} onClose={() => setAsks(false)}>
          <p>{t('home.device.run-question', { device: device.name, name })}</p>
        </Dialog>
      )}
    </>
  );
}
