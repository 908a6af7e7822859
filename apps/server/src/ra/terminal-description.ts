import type { RaDevice } from '@yaolian/directory';
import { lwm2mPath, type ObjectModel } from '@yaolian/lwm2m';
import type { Lwm2mServer } from '@yaolian/lwm2m/server';
import type { Storage } from '@yaolian/storage';
import type { Config } from '../config/settings.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { raValues } from './values.ts';

export interface TerminalDescriptionOptions {
  readonly config: Config;
  readonly server: Lwm2mServer;
  readonly fleet: Fleet;
  readonly model: ObjectModel;
  readonly storage: Storage;
}

/** Manufacturer, model and type of the terminal's object 3, if it answers; a terminal that sleeps is not woken for it. */
export async function describeTerminal(
  options: TerminalDescriptionOptions,
  terminal: string,
): Promise<Pick<RaDevice, 'deviceType' | 'vendor' | 'model'>> {
  const { server, fleet, model, storage, config } = options;
  const { vendor = '', model: kind = '' } = (await storage.devices.device(terminal))?.facts ?? {};
  const known = { deviceType: '', vendor, model: kind };
  if (fleet.stateOf(terminal) !== 'ONLINE') return known;
  const path = lwm2mPath(3, 0);
  // It may have fallen asleep since it was heard: whoever shares it waits a moment, not until it is given up.
  const timeout = config['ra.describe-timeout'];
  const read = await server.read({ deviceKey: terminal }, path, { timeout }).catch(() => undefined);
  if (!read?.ok) return known;
  const texts = new Map(raValues(path, read.value.node, model).map((value) => [value.path, value.text]));
  return {
    deviceType: texts.get('/3/0/17') ?? '',
    vendor: texts.get('/3/0/0') ?? vendor,
    model: texts.get('/3/0/1') ?? kind,
  };
}
