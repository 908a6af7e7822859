import { because, routes } from '@yaolian/contract';
import type { RouteTable } from '../http/mount.ts';
import { Refusal } from '../http/refusal.ts';
import type { TrialDevice, TrialDevices, TrialRefusal } from '../trial/trial-devices.ts';
import { timeToJson } from './times.ts';

/** Simulated devices for newcomers. */
export function addTrialRoutes(table: RouteTable, trial: TrialDevices): void {
  table.add(routes.listTrialDevices, () => ({ items: trial.list().map(deviceToJson), limit: trial.limit }));
  table.add(routes.startTrialDevice, async () => {
    const started = await trial.start();
    if (typeof started === 'string') throw refusalOf(started, trial.limit);
    return deviceToJson(started);
  });
  table.add(routes.stopTrialDevice, async ({ params }) => {
    if (await trial.stop(params.endpoint)) return;
    throw new Refusal('not-found', { detail: 'There is no simulated device of that name.' });
  });
}

function refusalOf(refusal: TrialRefusal, limit: number): Refusal {
  if (refusal === 'off') return new Refusal('conflict', because('trials-off'));
  if (refusal === 'enough') {
    return new Refusal('conflict', because('trials-full', { maximum: limit }));
  }
  return new Refusal('conflict', because('trial-refused'));
}

function deviceToJson({ endpoint, startedAt }: TrialDevice) {
  return { endpoint, startedAt: timeToJson(startedAt) };
}
