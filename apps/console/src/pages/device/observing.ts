import { routes } from '@yaolian/contract';
import { call } from '../../platform/session.ts';
import { tellFailure } from '../../ui/notices.tsx';
import type { DeviceData } from './device-data.ts';
import type { ResourceFacts } from './resource-facts.ts';

/** Whether a resource is observed, and what begins or ends that. */
export function useObserving(data: DeviceData, { path }: Pick<ResourceFacts, 'path'>) {
  const isOn = data.observations.some((observation) => observation.path === path);
  const params = { device: data.device, path: path.slice(1) };
  const toggle = async () => {
    try {
      if (isOn) await call(routes.cancelObservation, { params });
      else {
        const { node, time } = await call(routes.startObservation, { params });
        data.live.accept(node, Date.parse(time));
      }
    } catch (error) {
      tellFailure(error);
    }
    data.reloadObservations();
  };
  return { isOn, toggle };
}
