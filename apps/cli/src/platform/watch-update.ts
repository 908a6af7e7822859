import type { JsonEvent, JsonFirmwareUpdate } from '@yaolian/contract';
import { cliErrors } from '../errors.ts';
import { ProgressBar } from '../output/progress-bar.ts';
import { eventsOf } from './follow-events.ts';
import type { PlatformRun } from './platform-command.ts';

const failures: Readonly<Record<string, string>> = {
  'not-enough-storage': 'the device has not enough storage for the package',
  'out-of-memory': 'the device ran out of memory',
  'connection-lost': 'the connection was lost during the download',
  integrity: 'the package is damaged, the device says',
  'unsupported-type': 'the device does not take this type of package',
  'invalid-uri': 'the device calls the URI of the package invalid',
  'update-failed': 'the device could not install the package',
  'unsupported-protocol': 'the device cannot fetch with this protocol',
  'cancelled-by-device': 'it was cancelled at the device',
  'wrong-version': 'the device came back with its old version',
  'uninstallation-failed': 'the device could not uninstall the version before',
  'no-object': 'the device has no object to be updated by',
  'no-instance': 'the device has no room for another software component',
  refused: 'the device refused a step of the update',
  'no-answer': 'the device lists the object to be updated by, but did not show it',
  'no-delivery': 'the device takes packages in no way that the platform has',
  timeout: 'it took too long',
  'no-file': 'the package was removed',
};

export function failureText(failure: string | undefined): string {
  return failure === undefined ? 'for an unknown reason' : (failures[failure] ?? failure);
}

/** Starts an update and shows how it goes until it is over. */
export async function watchUpdate(run: PlatformRun<unknown>, start: () => Promise<JsonFirmwareUpdate>): Promise<void> {
  const { printer, host } = run;
  const bar = new ProgressBar(host.stderr, printer.json);
  const over = new AbortController();
  const signal = AbortSignal.any([run.signal, over.signal]);
  // Whoever listens first misses nothing: it is started once the stream of events is open.
  let begun: Promise<JsonFirmwareUpdate> | undefined;
  const onOpen = () => {
    begun = start();
    begun.catch(() => over.abort());
  };
  const types = ['firmware.changed', 'firmware.progress'] as const;
  try {
    for await (const event of eventsOf({ ...run, signal }, { types, devices: [] }, onOpen)) {
      if (event.type !== 'firmware.changed' && event.type !== 'firmware.progress') continue;
      if (event.data.update !== (await begun)!.id) continue;
      if (printer.json) await printer.result(event, () => '');
      if (await show(bar, event)) return await finish(run, bar, event, (await begun)!.software);
    }
  } catch (error) {
    run.signal.throwIfAborted();
    await begun; // its refusal says more than that we stopped listening
    throw error;
  } finally {
    over.abort();
    await bar.end();
  }
}

type FirmwareEvent = Extract<JsonEvent, { readonly type: 'firmware.changed' | 'firmware.progress' }>;

/** @returns true when it is over */
async function show(bar: ProgressBar, event: FirmwareEvent): Promise<boolean> {
  if (event.type === 'firmware.progress') {
    const { sent, size } = event.data;
    await bar.show(sent / size, `${sent} of ${size} bytes`);
    return false;
  }
  const { phase, note, delivery } = event.data;
  const how = delivery === undefined ? '' : delivery === 'push' ? ' (push)' : ` (pull, ${delivery})`;
  if (phase === 'waiting') await bar.show(undefined, note ?? 'waiting for the device');
  else if (phase === 'delivering') await bar.show(undefined, `delivering${how}`);
  else if (phase === 'installing') await bar.show(1, note ?? 'installing');
  else return true;
  return false;
}

async function finish(
  { printer, args }: PlatformRun<unknown>,
  bar: ProgressBar,
  event: FirmwareEvent,
  software = 'firmware',
): Promise<void> {
  if (event.type !== 'firmware.changed') return;
  const { phase, version, failure } = event.data;
  await bar.end();
  if (phase === 'succeeded') {
    if (!printer.json)
      await printer.raw(
        `${args[0]} has ${version === undefined ? `its new ${software}` : `${software} ${version}`}.\n`,
      );
    return;
  }
  if (phase === 'cancelled') throw cliErrors.CLI_REFUSED('the update was given up');
  throw cliErrors.CLI_REFUSED(`the update failed: ${failureText(failure)}`);
}
