import { routes } from '@yaolian/contract';
import { useLoad } from '../../platform/load.ts';
import { call } from '../../platform/session.ts';
import { useText } from '../../platform/text.ts';
import { ProblemNote } from '../../ui/problem.tsx';
import type { DeviceData } from './device-data.ts';
import { ObjectCard } from './object-card.tsx';
import { announcedObjects, mostDrawn } from './object-list.tsx';

/** The devices behind a gateway, each with its objects. */
export function EndDevices({ data, filter }: { readonly data: DeviceData; readonly filter: string }) {
  const t = useText();
  const { device, detail } = data;
  const params = { device };
  // Asked again when the gateway announces others.
  const {
    data: answer,
    error,
    reload,
  } = useLoad((signal) => call(routes.listEndDevices, { params, signal }), [device, detail?.links.length]);
  const devices = (answer?.items ?? []).map((one) => ({
    ...one,
    objects: announcedObjects(one.links, `/${one.prefix}`),
  }));
  const isOneOfMany = devices.reduce((sum, { objects }) => sum + objects.length, 0) > mostDrawn;
  if (error !== undefined) return <ProblemNote error={error} onRetry={reload} />;
  return (
    <>
      {devices.map(({ prefix, deviceId, objects }) => (
        <section key={prefix} class="end-device" aria-label={t('object.behind', { device: deviceId })}>
          <h2 class="end-device-head">
            {t('object.behind', { device: deviceId })} <code>/{prefix}</code>
          </h2>
          {objects.map((object) => (
            <ObjectCard key={object.id} data={data} object={object} filter={filter} isOneOfMany={isOneOfMany} />
          ))}
        </section>
      ))}
    </>
  );
}
