import { type JsonObservation, routes } from '@yaolian/contract';
import { call } from '../../platform/session.ts';
import { tellFailure } from '../../ui/notices.tsx';
import type { DeviceData } from './device-data.ts';

/** Whether a resource, an instance or an object is observed, and what begins or ends that. */
export function useObserving(data: DeviceData, { path }: { readonly path: string }) {
  const observation = data.observations.find((one) => one.path === path && one.composite !== true);
  const isOn = observation !== undefined;
  const params = { device: data.device, path: path.slice(1) };
  const toggle = async () => {
    if (observation) return stopObserving(data, observation);
    try {
      const { node, time } = await call(routes.startObservation, { params });
      data.live.accept(node, Date.parse(time));
    } catch (error) {
      tellFailure(error);
    }
    data.reloadObservations();
  };
  return { isOn, toggle };
}

/** Ends an observation, also one of several paths. */
export async function stopObserving(data: DeviceData, { path, composite }: JsonObservation): Promise<void> {
  const { device } = data;
  try {
    if (composite) await call(routes.cancelComposite, { params: { device }, body: { paths: path.split(' ') } });
    else await call(routes.cancelObservation, { params: { device, path: path.slice(1) } });
  } catch (error) {
    tellFailure(error);
  }
  data.reloadObservations();
}

/** Reads or observes what was chosen with one request (LwM2M Core §6.3.8, §6.4.4). */
export async function askTogether(
  data: DeviceData,
  paths: readonly string[],
  route: typeof routes.readComposite | typeof routes.observeComposite,
): Promise<boolean> {
  try {
    const params = { device: data.device };
    const { values, time } = await call(route, { params, body: { paths: [...paths] } });
    for (const { node } of values) if (node) data.live.accept(node, Date.parse(time));
    return true;
  } catch (error) {
    tellFailure(error);
    return false;
  } finally {
    if (route === routes.observeComposite) data.reloadObservations();
  }
}
